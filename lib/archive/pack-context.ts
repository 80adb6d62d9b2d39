import type { Readable } from "node:stream";
import { InvalidOptionError } from "../errors/usage-errors.js";
import { ArchiveStream } from "./archive-stream.js";
import { locateContext, locateDockerfile, locateIgnoreFile, placeDockerfile } from "./dockerfile.js";
import { loadPath } from "./file-source.js";
import { IgnoreMatcher, parseIgnoreFile } from "./ignore-file.js";
import type { LoadedEntry } from "./loaded-entry.js";
import { loadInOrder, writeArchive } from "./pack.js";
import { factsOf, type PackOptions } from "./pack-directory.js";
import { loadEntries, type PackEntry } from "./pack-entries.js";
import { walk } from "./walk.js";

/** Options of {@link packContext}. */
export interface PackContextOptions extends PackOptions {
  /** The directory to build from. */
  contextDir: string;
  /**
   * Path of the Dockerfile, from the context's directory; it may lie outside. By default `Dockerfile`, or `dockerfile` where only that
   * exists.
   */
  dockerfile?: string | undefined;
  /** The Dockerfile itself, in place of its path. */
  dockerfileContent?: string | Uint8Array | undefined;
}

/** A packed build context. */
export interface PackedContext {
  /** The context as a tar archive. Its errors are those of {@link packDirectory}. */
  stream: Readable;
  /** Name of the Dockerfile in it, for the build's `dockerfile` parameter. */
  dockerfile: string;
}

/** What is sent for a Dockerfile that does not lie in the context: the file, and patterns that keep it out of the image. */
function addedEntries(name: string, content: Buffer, patterns: Buffer | undefined, mtime: Date): PackEntry[] {
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
 * What the Dockerfile's own ignore file (`<Dockerfile>.dockerignore`, beside it), or else the context's `.dockerignore`, names is left
 * out; the Dockerfile and that ignore file are sent in any case. A Dockerfile that lies outside, or is given as text, is added under a
 * name that depends on its content alone, and a `.dockerignore` goes with it that keeps it from being copied into the image.
 * All else is as with {@link packDirectory}.
 *
 * @throws {@link InvalidOptionError} when there is no such context or Dockerfile, or a pattern is malformed. Nothing has been sent then.
 * @throws {@link ArchiveError} when the ignore file, or a Dockerfile outside, cannot be read.
 */
export async function packContext(options: PackContextOptions): Promise<PackedContext> {
  const { contextDir, dockerfile, dockerfileContent } = options;
  if (dockerfile !== undefined && dockerfileContent !== undefined) {
    throw new InvalidOptionError("dockerfileContent", "a build takes either the path of a Dockerfile or its content, not both");
  }
  const root = await locateContext(contextDir);
  const located =
    dockerfileContent === undefined ? await locateDockerfile(root, dockerfile) : await placeDockerfile(root, dockerfileContent);
  const ignoreFile = await locateIgnoreFile(root, located.path);
  const ignore = ignoreFile && new IgnoreMatcher(parseIgnoreFile(ignoreFile.content));

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
