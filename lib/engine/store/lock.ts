import { execFile } from "node:child_process";
import { link, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { errorCode } from "../../wire/realm.js";
import { replaceFile, temporaryPath } from "./safe-files.js";

const run = promisify(execFile);

/** A process that holds, or held, a data root. */
interface LockHolder {
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

/** What is in the lock of an engine that has freed it. */
const free: LockHolder = { pid: 0, started: "" };

/** Returns who holds a lock file; undefined if it has been removed meanwhile. */
async function readHolder(path: string): Promise<LockHolder | undefined> {
  try {
    const holder: unknown = JSON.parse(await readFile(path, "utf8"));
    return holder as LockHolder; // only this module writes the file, and it is never seen half written
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

async function isHeld({ pid, started }: LockHolder): Promise<boolean> {
  return pid > 0 && (await startOf(pid)) === started;
}

const pathOf = (root: string, number: number): string => join(root, `engine.${number}.lock`);

/** Returns the numbers of the lock files, ascending. */
async function lockNumbers(root: string): Promise<number[]> {
  const numbers = (await readdir(root)).map((name) => Number(/^engine\.(\d+)\.lock$/.exec(name)?.[1] ?? 0));
  return numbers.filter((number) => number > 0).sort((one, other) => one - other);
}

/** Creates a file with its content at once. Returns false if it exists. */
async function create(path: string, root: string, holder: LockHolder): Promise<boolean> {
  const temporary = temporaryPath(root);
  await writeFile(temporary, JSON.stringify(holder), { mode: 0o600, flag: "wx" });
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    // the engine that holds the lock has swept the temporary file
    if (errorCode(error) === "EEXIST" || errorCode(error) === "ENOENT") return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/**
 * Takes the lock of a data root: the file `engine.<number>.lock` with the highest number. Who finds that its holder has ended, or
 * has freed it, creates the next one. The highest file is never removed, so that two engines cannot both succeed.
 *
 * @param root - the data root, which exists.
 * @returns a function that frees the lock. The lock of a process that has ended is free at once.
 * @throws {@link DataRootInUseError} when another engine holds it.
 */
export async function takeLock(root: string): Promise<() => Promise<void>> {
  const mine: LockHolder = { pid: process.pid, started: (await startOf(process.pid)) ?? "an unknown time" };
  for (;;) {
    const highest = (await lockNumbers(root)).at(-1) ?? 0;
    const holder = highest === 0 ? free : await readHolder(pathOf(root, highest));
    if (!holder) continue;
    if (await isHeld(holder)) throw new DataRootInUseError(root, holder.pid);
    const number = highest + 1;
    const path = pathOf(root, number);
    if (!(await create(path, root, mine))) continue;
    const numbers = await lockNumbers(root);
    if (numbers.at(-1) === number) {
      for (const older of numbers.slice(0, -1)) await rm(pathOf(root, older), { force: true });
      return () => replaceFile(path, root, JSON.stringify(free), "process");
    }
    // the list was outdated: another engine has gone further meanwhile
    await rm(path, { force: true });
  }
}
