import type { Readable } from "node:stream";
import { InvalidOptionError, MissingRepoError, MultipleContextsError } from "../../errors/usage-errors.js";
import type { BuildSourceOptions } from "./build-options.js";

/** What is sent of the files of a build. */
export interface BuildSource {
  /** The archive; undefined when the engine gets the files itself. */
  readonly upload: Readable | undefined;
  /** The Dockerfile's path in what is built from. */
  readonly dockerfile: string | undefined;
}

/**
 * Checks that a build has one source of its files, and no two Dockerfiles.
 *
 * @throws {@link MissingRepoError} when there is none.
 * @throws {@link MultipleContextsError} when there is more than one.
 * @throws {@link InvalidOptionError} when both a Dockerfile and its path are given.
 */
export function checkBuildSource(options: BuildSourceOptions, operation: string): void {
  const { contextDir, inputStream, remote, dockerfile, dockerfileContent } = options;
  const sources = Object.entries({ contextDir, inputStream, remote }).flatMap(([name, source]) => (source ? [name] : []));
  // a Dockerfile that is given goes with a directory, or stands alone
  if (dockerfileContent !== undefined && !contextDir) sources.push("dockerfileContent");
  if (sources.length === 0) {
    const message = `${operation} needs one of the options "contextDir", "inputStream", "remote" and "dockerfileContent"`;
    throw new MissingRepoError(message, { operation });
  }
  if (sources.length > 1) {
    const message = `${operation} builds from one source: give just one of ${sources.map((name) => `"${name}"`).join(" and ")}`;
    throw new MultipleContextsError(message, { operation });
  }
  if (dockerfile !== undefined && dockerfileContent !== undefined) {
    const message = `${operation}: give either the path of the Dockerfile or its content`;
    throw new InvalidOptionError("dockerfileContent", message, { operation });
  }
}

/**
 * Opens the source of a build's files.
 *
 * @param options - the options, which have been checked.
 * @throws {@link InvalidOptionError} when there is no such directory or Dockerfile, or its `.dockerignore` is malformed.
 * @throws {@link ArchiveError} when the directory or the Dockerfile cannot be read.
 */
export async function openBuildSource(options: BuildSourceOptions): Promise<BuildSource> {
  const { contextDir, inputStream, dockerfile, dockerfileContent } = options;
  if (contextDir) {
    const { packContext } = await import("../../archive/pack-context.js");
    const { stream, dockerfile: name } = await packContext({ contextDir, dockerfile, dockerfileContent });
    return { upload: stream, dockerfile: name };
  }
  if (dockerfileContent !== undefined) {
    const { packEntries } = await import("../../archive/pack-entries.js");
    // the same Dockerfile gives the same archive, and so finds its steps in the cache
    const upload = packEntries([{ name: "Dockerfile", content: dockerfileContent, mtime: new Date(0) }]);
    return { upload, dockerfile: undefined };
  }
  return { upload: inputStream, dockerfile };
}
