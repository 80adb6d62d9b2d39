import { execFile } from "node:child_process";
import { mkdtemp, realpath, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { promisify } from "node:util";
import { packDirectory } from "../../archive/pack-directory.js";
import { errorCode, errorMessage } from "../../wire/realm.js";
import { publicUrls } from "../../wire/secrets.js";
import { badRequest, EngineError } from "../engine-error.js";

const run = promisify(execFile);

/** The most bytes that git may print. */
const OUTPUT_LIMIT = 16 * 1024 * 1024;

/** A repository, and what of it is wanted. */
interface GitSource {
  /** Its address. */
  readonly url: string;
  /** Branch, tag or commit. */
  readonly ref: string;
  /** A folder in it; empty for all. */
  readonly folder: string;
}

/** Whether a remote context is a repository. */
export const isGitUrl = (remote: string): boolean =>
  /^https?:\/\/.*\.git(?:#.*)?$/s.test(remote) || /^(?:git:\/\/|github\.com\/|git@)/.test(remote);

/** Parses `url#ref:folder`. */
function parseSource(remote: string): GitSource {
  const hash = remote.indexOf("#");
  const fragment = hash < 0 ? "" : remote.slice(hash + 1);
  const [ref = "", folder = ""] = fragment.split(":", 2);
  const url = hash < 0 ? remote : remote.slice(0, hash);
  if (ref.startsWith("-")) throw badRequest(`invalid refspec: ${ref}`);
  return { url: url.startsWith("github.com/") ? `https://${url}` : url, ref: ref || "HEAD", folder };
}

/** Runs git in a folder, without settings of the machine or the user. */
async function git(folder: string, signal: AbortSignal, ...args: readonly string[]): Promise<string> {
  const isolated = { GIT_CONFIG_NOSYSTEM: "1", GIT_TERMINAL_PROMPT: "0", GIT_ALLOW_PROTOCOL: "http:https:git:ssh", HOME: folder };
  const env = { ...process.env, ...isolated };
  return (await run("git", args, { cwd: folder, env, signal, maxBuffer: OUTPUT_LIMIT })).stdout;
}

/** Fetches what is wanted, without its past if the server allows that. Returns what to check out. */
async function fetch(folder: string, { ref }: GitSource, signal: AbortSignal): Promise<string> {
  const from = (...args: string[]): Promise<string> =>
    git(folder, signal, "fetch", "--quiet", "--recurse-submodules=yes", ...args);
  try {
    await from("--depth", "1", "origin", ref).catch(() => from("origin", ref));
    return "FETCH_HEAD";
  } catch {
    // not every server delivers commits by their names
    await from("origin", "+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*");
    return ref;
  }
}

/** Finds the wanted folder. Links do not lead out of the repository. */
async function folderIn(root: string, folder: string): Promise<string> {
  const top = await realpath(root);
  const found = await realpath(join(top, folder)).catch((error: unknown) => {
    throw new EngineError(
      500,
      `error setting git context, ${JSON.stringify(folder)} not within git root: ${errorMessage(error)}`,
    );
  });
  if (found !== top && !found.startsWith(top + sep))
    throw new EngineError(500, `error setting git context, ${JSON.stringify(folder)} not within git root`);
  if (!(await stat(found)).isDirectory()) throw new EngineError(500, `error setting git context, not a directory: ${found}`);
  return found;
}

/**
 * Checks a repository out, submodules included, and packs it.
 *
 * @param remote - the address, also with a branch and a folder: `url#ref:folder`.
 * @param signal - ends git.
 * @returns the archive. Whatever was checked out is removed when it has been read.
 * @throws {@link EngineError} with status 500 when git is not installed or fails.
 */
export async function* checkOut(remote: string, signal: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
  const source = parseSource(remote);
  const root = await mkdtemp(join(tmpdir(), "docker-build-git"));
  const failed =
    (what: string) =>
    (error: unknown): never => {
      const isMissing = errorCode(error) === "ENOENT";
      const reason = isMissing ? `: exec: "git": executable file not found in $PATH` : errorMessage(error);
      throw new EngineError(500, publicUrls(`${what}: ${reason}`), { cause: error });
    };
  try {
    await git(root, signal, "init", "--quiet").catch(failed(`failed to init repo at ${root}`));
    await git(root, signal, "remote", "add", "--", "origin", source.url).catch(failed(`failed add origin repo at ${source.url}`));
    const target = await fetch(root, source, signal).catch(failed("error fetching"));
    await git(root, signal, "checkout", "--quiet", target).catch(failed(`error checking out ${source.ref}`));
    await git(root, signal, "submodule", "update", "--quiet", "--init", "--recursive").catch(
      failed("error initializing submodules"),
    );
    yield* packDirectory(await folderIn(root, source.folder)) as AsyncIterable<Buffer>;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
