import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { sleep } from "../../../wire/clock.js";

/** A process of the machine. Its start time tells it from a later one with the same ID. */
export interface HostProcess {
  /** Process ID. */
  readonly pid: number;
  /** Start time, in clock ticks since the machine started. */
  readonly started: string;
}

/** The fields of `/proc/PID/stat` that follow the name of the program. The first is the state. */
export function statFields(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined; // there is no such process
  }
}

/** Returns a process that exists; undefined if there is none with this ID, or it has ended and only waits for its parent. */
export function hostProcess(pid: number): HostProcess | undefined {
  const [state, ...fields] = statFields(pid) ?? [];
  const started = fields[18];
  return state === undefined || state === "Z" || state === "X" || started === undefined ? undefined : { pid, started };
}

/** Returns whether a process still exists. */
export const isAlive = ({ pid, started }: HostProcess): boolean => hostProcess(pid)?.started === started;

/** Sends a signal. Has no effect on a process that has ended. */
export function signalProcess(target: HostProcess, signal: number): void {
  if (!isAlive(target)) return;
  try {
    process.kill(target.pid, signal);
  } catch {
    // it ended meanwhile
  }
}

/**
 * Waits until a runtime has written the ID of the process that it has started.
 *
 * @param path - the file that it writes.
 * @param ended - resolves when the runtime, or the process, has ended.
 * @returns undefined if it ended without.
 */
export async function writtenPid(path: string, ended: Promise<unknown>): Promise<number | undefined> {
  const end = { isThere: false };
  void ended.then(() => (end.isThere = true));
  for (;;) {
    const isLast = end.isThere;
    const pid = await readFile(path, "utf8").catch(() => "");
    if (pid !== "") return Number(pid);
    if (isLast) return undefined;
    await sleep(3);
  }
}
