import { lstat, readFile, realpath, stat } from "node:fs/promises";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { InvalidOptionError } from "../errors/usage-errors.js";
import { digest } from "../wire/digest.js";
import { errorCode } from "../wire/realm.js";
import { packError } from "./errors.js";

/** The Dockerfile of a build. */
export interface LocatedDockerfile {
  /** Its name in the context: the `dockerfile` parameter of the build. */
  readonly name: string;
  /** Its path, in which symbolic links are not resolved; undefined if it is not a file. */
  readonly path?: string;
  /** Its content, if it is outside the context and has to be added. */
  readonly content?: Buffer;
}

/** An ignore file. */
export interface LocatedIgnoreFile {
  /** Its path. */
  readonly path: string;
  /** Its name in the context; undefined if it is outside the context. */
  readonly name: string | undefined;
  /** Its content. */
  readonly content: Buffer;
}

function isMissing(error: unknown): boolean {
  const code = errorCode(error);
  return code === "ENOENT" || code === "ENOTDIR";
}

/** Returns the path relative to a directory, with `/` as separator; undefined for a path outside the directory. */
function nameBelow(directory: string, path: string): string | undefined {
  const name = relative(directory, path);
  if (name === "" || name === ".." || name.startsWith(`..${sep}`) || isAbsolute(name)) return undefined;
  return name.replaceAll(sep, "/");
}

/**
 * Finds the directory of a build context.
 *
 * @returns its path, with symbolic links resolved.
 * @throws {@link InvalidOptionError} when the directory does not exist.
 */
export async function locateContext(contextDir: string): Promise<string> {
  try {
    const path = await realpath(contextDir);
    if ((await stat(path)).isDirectory()) return path;
  } catch (error) {
    if (!isMissing(error)) throw packError(contextDir, error);
    throw new InvalidOptionError("contextDir", `no build context at ${contextDir}`, { cause: error });
  }
  throw new InvalidOptionError("contextDir", `the build context ${contextDir} is not a directory`);
}

/** Adds a Dockerfile to a context under an unused name, which depends only on the content. */
async function added(context: string, content: Buffer): Promise<LocatedDockerfile> {
  const base = `.dockerfile.${digest("sha256", content, "hex").slice(0, 20)}`;
  for (let name = base; ; name += "_") {
    const taken = await lstat(join(context, name)).then(
      () => true,
      () => false, // a path that cannot be inspected is not an entry of the context
    );
    if (!taken) return { name, content };
  }
}

async function resolveDockerfile(context: string, dockerfile: string | undefined): Promise<{ path: string; real: string }> {
  const candidates = dockerfile === undefined ? ["Dockerfile", "dockerfile"] : [dockerfile];
  let missing: unknown;
  for (const candidate of candidates) {
    const path = resolve(context, candidate);
    try {
      return { path, real: await realpath(path) };
    } catch (error) {
      if (!isMissing(error)) throw packError(path, error);
      missing ??= error;
    }
  }
  const path = resolve(context, candidates[0] ?? "");
  throw new InvalidOptionError("dockerfile", `no Dockerfile at ${path}`, { cause: missing });
}

/**
 * Finds the Dockerfile of a build.
 *
 * @param context - the context's directory, with symbolic links resolved.
 * @param dockerfile - its path, relative to the context or absolute. It may be outside the context. By default `Dockerfile`, or
 * else `dockerfile`.
 * @throws {@link InvalidOptionError} when it does not exist.
 * @throws {@link ArchiveError} when it cannot be read.
 */
export async function locateDockerfile(context: string, dockerfile?: string): Promise<LocatedDockerfile> {
  const { path, real } = await resolveDockerfile(context, dockerfile);
  if ((await stat(real)).isDirectory()) throw new InvalidOptionError("dockerfile", `the Dockerfile ${path} is a directory`);
  const name = nameBelow(context, real);
  if (name !== undefined) return { name, path };
  try {
    return { ...(await added(context, await readFile(real))), path };
  } catch (error) {
    throw packError(path, error);
  }
}

/**
 * Adds to the context a Dockerfile that was passed as content instead of as a path.
 *
 * @param context - the context's directory, with symbolic links resolved.
 * @param content - the content of the Dockerfile.
 */
export function placeDockerfile(context: string, content: string | Uint8Array): Promise<LocatedDockerfile> {
  return added(context, Buffer.from(content));
}

/**
 * Reads the ignore file of a build: `<Dockerfile>.dockerignore`, next to the Dockerfile, or else `.dockerignore` in the context.
 *
 * @param context - the context's directory, with symbolic links resolved.
 * @param dockerfile - the path of the Dockerfile; undefined if it is not a file.
 * @returns undefined if neither exists.
 * @throws {@link ArchiveError} when it cannot be read.
 */
export async function locateIgnoreFile(context: string, dockerfile: string | undefined): Promise<LocatedIgnoreFile | undefined> {
  const own = dockerfile === undefined ? [] : [`${dockerfile}.dockerignore`];
  for (const path of [...own, join(context, ".dockerignore")]) {
    try {
      return { path, content: await readFile(path), name: nameBelow(context, path) };
    } catch (error) {
      if (!isMissing(error)) throw packError(path, error);
    }
  }
  return undefined;
}
