import { hostname } from "node:os";
import type { Readable } from "node:stream";
import { locateContext, locateDockerfile, locateIgnoreFile, placeDockerfile } from "../../archive/dockerfile.js";
import { parseIgnoreFile } from "../../archive/ignore-file.js";
import { packContext } from "../../archive/pack-context.js";
import { DirectorySource, MemorySource, type SyncSource } from "../../buildkit/sync-source.js";
import type { Taken } from "../../core/fields/fields.js";
import { digest } from "../../wire/digest.js";
import type { BuildSourceOptions } from "./build-options.js";

/** Patterns arrive as headers, and Node takes some 140 kB of them. A context with more patterns is sent as an archive. */
const MOST_PATTERNS = 64 * 1024;

/** The name under which the session has the archive of the context. */
const UPLOAD = "context";

/** The context of a build, as the session and the request have it. */
export interface BuildFiles {
  readonly directories: Map<string, SyncSource>;
  readonly uploads: Map<string, Readable>;
  /** The address of the context; undefined for the directory `context` of the session. */
  readonly context: string | undefined;
  /** Path of the Dockerfile. */
  readonly dockerfile: string;
  /** The key under which the engine keeps its copies of the directories; undefined if there are none. */
  readonly sharedKey: string | undefined;
}

const asUpload = (archive: Readable, dockerfile: string): BuildFiles => ({
  directories: new Map(),
  uploads: new Map([[UPLOAD, archive]]),
  context: `http://buildkit-session/${UPLOAD}`,
  dockerfile,
  sharedKey: undefined,
});

/** Finds a directory, with symbolic links resolved. */
export const directorySource = async (path: string): Promise<DirectorySource> => new DirectorySource(await locateContext(path));

async function filesOfDirectory(contextDir: string, { dockerfile, dockerfileContent }: Taken<BuildSourceOptions>) {
  const root = await locateContext(contextDir);
  const located =
    dockerfileContent === undefined ? await locateDockerfile(root, dockerfile) : await placeDockerfile(root, dockerfileContent);
  const ignoreFile = await locateIgnoreFile(root, located.path);
  const patterns = ignoreFile && parseIgnoreFile(ignoreFile.content);
  if (patterns && patterns.join("\n").length > MOST_PATTERNS) {
    const packed = await packContext({ contextDir, dockerfile, dockerfileContent });
    return asUpload(packed.stream, packed.dockerfile);
  }
  const context = new DirectorySource(root);
  // a Dockerfile outside the context comes with its ignore file
  const outside = located.content && {
    [located.name]: located.content,
    ...(ignoreFile && ignoreFile.name !== ".dockerignore" ? { [`${located.name}.dockerignore`]: ignoreFile.content } : {}),
  };
  return {
    directories: new Map<string, SyncSource>([
      ["context", context],
      ["dockerfile", outside ? new MemorySource(outside) : context],
    ]),
    uploads: new Map<string, Readable>(),
    context: undefined,
    dockerfile: located.name,
    sharedKey: digest("sha256", `${hostname()}\0${root}`, "hex"),
  };
}

/**
 * Prepares the context of a build for a session.
 *
 * @throws {@link InvalidOptionError} when the directory or Dockerfile does not exist.
 * @throws {@link ArchiveError} when the Dockerfile or the ignore file cannot be read.
 */
export async function buildFiles(options: Taken<BuildSourceOptions>): Promise<BuildFiles> {
  const { contextDir, inputStream, remote, dockerfile = "Dockerfile", dockerfileContent } = options;
  if (contextDir) return filesOfDirectory(contextDir, options);
  if (inputStream) return asUpload(inputStream, dockerfile);
  if (dockerfileContent === undefined) {
    return { directories: new Map(), uploads: new Map(), context: remote, dockerfile, sharedKey: undefined };
  }
  const directories = new Map<string, SyncSource>([
    ["context", new MemorySource({})],
    ["dockerfile", new MemorySource({ Dockerfile: Buffer.from(dockerfileContent) })],
  ]);
  return { directories, uploads: new Map(), context: undefined, dockerfile: "Dockerfile", sharedKey: undefined };
}
