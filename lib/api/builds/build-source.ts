import type { Readable } from "node:stream";
import type { Taken } from "../../core/fields/fields.js";
import { InvalidOptionError, MissingRepoError, MultipleContextsError } from "../../errors/usage-errors.js";
import type { BuildSourceOptions } from "./build-options.js";

/** The build context to send. */
export interface BuildSource {
  /** The archive; undefined if the engine fetches the files. */
  readonly upload: Readable | undefined;
  /** The path of the Dockerfile in the build context. */
  readonly dockerfile: string | undefined;
}

/**
 * Checks that a build has exactly one source, and at most one Dockerfile.
 *
 * @throws {@link MissingRepoError} when no source is set.
 * @throws {@link MultipleContextsError} when several sources are set.
 * @throws {@link InvalidOptionError} when both the path and the content of the Dockerfile are set.
 */
export function checkBuildSource(options: BuildSourceOptions, operation: string): void {
  const { contextDir, inputStream, remote, dockerfile, dockerfileContent } = options;
  const sources = Object.entries({ contextDir, inputStream, remote }).flatMap(([name, source]) => (source ? [name] : []));
  // the content of a Dockerfile can be combined only with a directory
  if (dockerfileContent !== undefined && !contextDir) sources.push("dockerfileContent");
  if (sources.length === 0) {
    const message = `${operation} needs one of the options "contextDir", "inputStream", "remote" and "dockerfileContent"`;
    throw new MissingRepoError(message, { operation });
  }
  if (sources.length > 1) {
    const message = `${operation} accepts one source: set only one of ${sources.map((name) => `"${name}"`).join(" and ")}`;
    throw new MultipleContextsError(message, { operation });
  }
  if (dockerfile !== undefined && dockerfileContent !== undefined) {
    const message = `${operation}: set either the path of the Dockerfile or its content, not both`;
    throw new InvalidOptionError("dockerfileContent", message, { operation });
  }
}

/**
 * Opens the build context to send.
 *
 * @param options - the options, checked by {@link checkBuildSource}.
 * @throws {@link InvalidOptionError} when the directory or Dockerfile does not exist, or `.dockerignore` is malformed.
 * @throws {@link ArchiveError} when the directory or the Dockerfile cannot be read.
 */
export async function openBuildSource(options: Taken<BuildSourceOptions>): Promise<BuildSource> {
  const { contextDir, inputStream, dockerfile, dockerfileContent } = options;
  if (contextDir) {
    const { packContext } = await import("../../archive/pack-context.js");
    const { stream, dockerfile: name } = await packContext({ contextDir, dockerfile, dockerfileContent });
    return { upload: stream, dockerfile: name };
  }
  if (dockerfileContent !== undefined) {
    const { packEntries } = await import("../../archive/pack-entries.js");
    // a fixed time makes archives of equal Dockerfiles identical, so that the build cache applies
    const upload = packEntries([{ name: "Dockerfile", content: dockerfileContent, mtime: new Date(0) }]);
    return { upload, dockerfile: undefined };
  }
  return { upload: inputStream, dockerfile };
}
