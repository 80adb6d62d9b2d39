import { execFile } from "node:child_process";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { errorCode } from "../../wire/realm.js";
import { temporaryPath } from "./safe-files.js";

const run = promisify(execFile);

/** A process that holds, or held, a data root. */
export interface LockHolder {
  /** Its process ID. */
  readonly pid: number;
  /** When it was started, in the words of its system: a process ID alone may belong to a later process. */
  readonly started: string;
}

/** Another engine uses the data root. */
export class DataRootInUseError extends Error {
  /** The data root. */
  readonly path: string;
  /** Process ID of the other engine. */
  readonly pid: number;

  constructor(path: string, pid: number) {
    const holder = pid === process.pid ? `another engine in this process (${pid})` : `the engine with process ID ${pid}`;
    super(`data root ${path} is in use by ${holder}`);
    this.name = "DataRootInUseError";
    this.path = path;
    this.pid = pid;
  }
}

/** Returns when a process was started, from the boot on; undefined without `/proc`, or if there is no such process. */
async function startInProc(pid: number): Promise<string | undefined> {
  try {
    const status = await readFile(`/proc/${pid}/stat`, "latin1");
    // the second field, the name of the program, may contain blanks and brackets
    const [, ...fields] = status.slice(status.lastIndexOf(")")).split(" ");
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "latin1");
    // a zombie has ended, although its parent has not noticed
    return fields[0] === "Z" ? undefined : `${fields[19]} after boot ${boot.trim()}`;
  } catch {
    return undefined;
  }
}

/** Returns when a process was started; undefined if there is no such process. */
async function startOf(pid: number): Promise<string | undefined> {
  const start = await startInProc(pid);
  if (start !== undefined) return start;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (errorCode(error) !== "EPERM") return undefined; // it exists, and belongs to another user
  }
  try {
    return (await run("ps", ["-o", "lstart=", "-p", String(pid)])).stdout.trim();
  } catch {
    return "an unknown time";
  }
}

async function readHolder(path: string): Promise<LockHolder | undefined> {
  try {
    const holder: unknown = JSON.parse(await readFile(path, "utf8"));
    return holder as LockHolder; // only this module writes the file, and it is never seen half written
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Takes the lock of a data root.
 *
 * @param root - the data root, for the error.
 * @param path - the lock file, in a directory that exists.
 * @param directory - the directory for temporary files, on the same file system.
 * @returns a function that frees the lock. The lock of a process that has ended is free at once.
 * @throws {@link DataRootInUseError} when another engine holds it.
 */
export async function takeLock(root: string, path: string, directory: string): Promise<() => Promise<void>> {
  const mine: LockHolder = { pid: process.pid, started: (await startOf(process.pid)) ?? "an unknown time" };
  while (!(await create(path, directory, mine))) {
    const holder = await readHolder(path);
    if (holder && (await startOf(holder.pid)) === holder.started) throw new DataRootInUseError(root, holder.pid);
    if (holder) await dropStale(path, directory, holder);
  }
  return () => rm(path, { force: true });
}

/** Creates the lock file with its content at once. Returns false if it exists. */
async function create(path: string, directory: string, holder: LockHolder): Promise<boolean> {
  const temporary = temporaryPath(directory);
  await writeFile(temporary, JSON.stringify(holder), { mode: 0o600, flag: "wx" });
  try {
    return await tryLink(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    // the engine that holds the lock has swept the temporary file
    if (errorCode(error) === "EEXIST" || errorCode(error) === "ENOENT") return false;
    throw error;
  }
}

/** Removes the lock of an ended process. If another engine has just taken it over, its lock is put back. */
async function dropStale(path: string, directory: string, stale: LockHolder): Promise<void> {
  const moved = temporaryPath(directory);
  try {
    await rename(path, moved);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return;
    throw error;
  }
  const holder = await readHolder(moved);
  if (holder && (holder.pid !== stale.pid || holder.started !== stale.started)) await tryLink(moved, path);
  await rm(moved, { force: true });
}
