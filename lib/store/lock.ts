import { link, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { errorCode } from "../wire/realm.js";
import { startOf } from "./process-start.js";
import { replaceFile, temporaryPath } from "./safe-files.js";

/** What a lock is about, for its file and its messages. */
export interface LockKind {
  /** Who takes it, such as `engine`. */
  readonly holder: string;
  /** What it locks, such as `data root`. */
  readonly place: string;
}

/** A process that holds, or held, a folder. */
interface LockHolder {
  /** Its process ID. */
  readonly pid: number;
  /** When it was started, in the words of its system: a process ID alone may belong to a later process. */
  readonly started: string;
}

/** Another process, or another part of this one, uses a folder. */
export class FolderInUseError extends Error {
  /** The folder. */
  readonly path: string;
  /** Process ID of the other. */
  readonly pid: number;

  constructor(path: string, pid: number, { holder, place }: LockKind) {
    const other = pid === process.pid ? `another ${holder} in this process (${pid})` : `the ${holder} with process ID ${pid}`;
    super(`${place} ${path} is in use by ${other}`);
    this.name = "FolderInUseError";
    this.path = path;
    this.pid = pid;
  }
}

/** What is in a lock that its holder has freed. */
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

/** Returns the numbers of the lock files, ascending. */
async function lockNumbers(root: string, holder: string): Promise<number[]> {
  const pattern = /^([a-z]+)\.(\d+)\.lock$/;
  const numbers = (await readdir(root)).map((name) => {
    const [, by, number] = pattern.exec(name) ?? [];
    return by === holder ? Number(number) : 0;
  });
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
    // who holds the lock has swept the temporary file
    if (errorCode(error) === "EEXIST" || errorCode(error) === "ENOENT") return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/**
 * Takes the lock of a folder: the file `<holder>.<number>.lock` with the highest number. Who finds that its holder has ended, or
 * has freed it, creates the next one. The highest file is never removed, so that two cannot both succeed.
 *
 * @param root - the folder, which exists.
 * @returns a function that frees the lock. The lock of a process that has ended is free at once.
 * @throws {@link FolderInUseError} when somebody else holds it.
 */
export async function takeLock(root: string, kind: LockKind): Promise<() => Promise<void>> {
  const pathOf = (number: number): string => join(root, `${kind.holder}.${number}.lock`);
  const mine: LockHolder = { pid: process.pid, started: (await startOf(process.pid)) ?? "an unknown time" };
  for (;;) {
    const highest = (await lockNumbers(root, kind.holder)).at(-1) ?? 0;
    const holder = highest === 0 ? free : await readHolder(pathOf(highest));
    if (!holder) continue;
    if (await isHeld(holder)) throw new FolderInUseError(root, holder.pid, kind);
    const number = highest + 1;
    const path = pathOf(number);
    if (!(await create(path, root, mine))) continue;
    const numbers = await lockNumbers(root, kind.holder);
    if (numbers.at(-1) === number) {
      for (const older of numbers.slice(0, -1)) await rm(pathOf(older), { force: true });
      return () => replaceFile(path, root, JSON.stringify(free), "process");
    }
    // the list was outdated: somebody else has gone further meanwhile
    await rm(path, { force: true });
  }
}
