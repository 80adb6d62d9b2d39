import type { Readable } from "node:stream";
import { InvalidOptionError } from "../errors/usage-errors.js";
import { ArchiveStream } from "./archive-stream.js";
import { locateContext, locateDockerfile, locateIgnoreFile, placeDockerfile } from "./dockerfile.js";
import { loadPath } from "./file-source.js";
import { readIgnoreFile } from "./ignore-file.js";
import type { LoadedEntry } from "./loaded-entry.js";
import { loadInOrder, writeArchive } from "./pack.js";
import { factsOf, type PackOptions } from "./pack-directory.js";
import { loadEntries, type OpenedEntry } from "./pack-entries.js";
import { walk } from "./walk.js";

/** Options for {@link packContext}. */
export interface PackContextOptions extends PackOptions {
  /** The directory of the build context. */
  contextDir: string;
  /**
   * Path of the Dockerfile, relative to the context. It may be outside the context. By default `Dockerfile`, or `dockerfile` if
   * only that exists.
   */
  dockerfile?: string | undefined;
  /** The content of the Dockerfile, in place of its path. */
  dockerfileContent?: string | Uint8Array | undefined;
}

/** A packed build context. */
export interface PackedContext {
  /** The context as a tar archive. It fails with the same errors as {@link packDirectory}. */
  stream: Readable;
  /** Name of the Dockerfile in the context, for the `dockerfile` parameter of the build. */
  dockerfile: string;
}

/**
 * Returns the entries to add for a Dockerfile outside the context: the Dockerfile, and an ignore file that keeps it out of the
 * image.
 */
function addedEntries(name: string, content: Buffer, patterns: Buffer | undefined, mtime: Date): OpenedEntry[] {
  const ignored = Buffer.concat([patterns ?? Buffer.from(".dockerignore"), Buffer.from(`\n${name}\n`)]);
  return [
    { name: ".dockerignore", content: ignored, mtime },
    { name, content, mtime },
  ];
}

async function* concat(...parts: AsyncGenerator<LoadedEntry, void, undefined>[]): AsyncGenerator<LoadedEntry, void, undefined> {
  for (const part of parts) yield* part;
}

/**
 * Packs a build context.
 *
 * Files that match the ignore file of the Dockerfile (`<Dockerfile>.dockerignore`, next to it), or else the context's
 * `.dockerignore`, are left out; the Dockerfile and that ignore file are always sent. A Dockerfile that is outside the context,
 * or is passed as content, is added under a name that depends only on its content, with a `.dockerignore` that keeps it out of
 * the image. In all other respects, the function is like {@link packDirectory}.
 *
 * @throws {@link InvalidOptionError} when the context or the Dockerfile does not exist, or a pattern is malformed.
 * @throws {@link ArchiveError} when the ignore file, or a Dockerfile outside the context, cannot be read.
 */
export async function packContext(options: PackContextOptions): Promise<PackedContext> {
  const { contextDir, dockerfile, dockerfileContent } = options;
  if (dockerfile !== undefined && dockerfileContent !== undefined) {
    throw new InvalidOptionError("dockerfileContent", "set either the path of the Dockerfile or its content, not both");
  }
  const root = await locateContext(contextDir);
  const located =
    dockerfileContent === undefined ? await locateDockerfile(root, dockerfile) : await placeDockerfile(root, dockerfileContent);
  const ignoreFile = await locateIgnoreFile(root, located.path);
  const ignore = ignoreFile && readIgnoreFile(ignoreFile.content, ignoreFile.path);

  const facts = factsOf(options);
  const always = [located.name, ...(ignoreFile?.name === undefined ? [] : [ignoreFile.name])];
  const never = located.content && ".dockerignore";
  const found = walk({ root, prefix: "", ignore, always, never });
  const files = loadInOrder(found, (path) => loadPath(path, facts));
  const more = located.content
    ? addedEntries(located.name, located.content, ignoreFile?.content, options.mtime ?? new Date(0))
    : [];
  const stream = new ArchiveStream(() => writeArchive(concat(loadEntries(more, options), files)));
  return { stream, dockerfile: located.name };
}
