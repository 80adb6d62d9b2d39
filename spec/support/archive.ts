import { spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { onTestFinished } from "vitest";

/** Creates a directory that is removed when the test finishes. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "archive-spec-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** A file tree: a string or bytes is a file, null a directory, an array a symbolic link. */
export type Tree = Readonly<Record<string, string | Uint8Array | null | readonly [target: string]>>;

/** Creates a tree below a directory. */
export async function plant(directory: string, tree: Tree): Promise<void> {
  for (const [name, content] of Object.entries(tree)) {
    const path = join(directory, name);
    await mkdir(dirname(path), { recursive: true });
    if (content === null) await mkdir(path, { recursive: true });
    else if (Array.isArray(content)) await symlink(content[0] as string, path);
    else await writeFile(path, content as string | Uint8Array);
  }
}

/** Creates a temporary directory with a tree in it. */
export async function planted(tree: Tree): Promise<string> {
  const directory = await temporaryDirectory();
  // the specs compare modes, regardless of the umask
  await chmod(directory, 0o755);
  await plant(directory, tree);
  return directory;
}

/** Reads all bytes of a stream. */
export async function collect(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Runs GNU tar. */
export function gnuTar(args: readonly string[], input?: Buffer): Buffer {
  const result = spawnSync("tar", args, {
    input,
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, TZ: "UTC", LC_ALL: "C.UTF-8" },
  });
  if (result.status !== 0) throw new Error(`tar ${args.join(" ")}: ${result.stderr.toString()}`);
  return result.stdout;
}

/** Returns the names that GNU tar lists for an archive, in order. */
export function gnuNames(archive: Buffer): string[] {
  return gnuTar(["--quoting-style=literal", "-tf", "-"], archive).toString().split("\n").slice(0, -1);
}

/** Returns GNU tar's long listing of an archive, one entry per line. */
export function gnuListing(archive: Buffer): string[] {
  return gnuTar(["--quoting-style=literal", "--numeric-owner", "--full-time", "-tvf", "-"], archive)
    .toString()
    .split("\n")
    .slice(0, -1)
    .map((line) => line.replaceAll(/ +/g, " "));
}

/** Returns the files below a directory that this process has open. */
export async function openBelow(directory: string): Promise<string[]> {
  const links = await Promise.all(
    (await readdir("/proc/self/fd")).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => "closed")),
  );
  return links.filter((link) => link.startsWith(directory));
}

/** Returns the error that a promise rejects with. */
export async function errorOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("the promise did not reject with an error");
}

/** Runs a function without root privileges. As root, it temporarily switches to another user. */
export async function asOrdinaryUser<T>(run: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return run();
  process.seteuid?.(65534);
  try {
    return await run();
  } finally {
    process.seteuid?.(0);
  }
}
