import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { errorCode } from "../wire/realm.js";

const run = promisify(execFile);

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
export async function startOf(pid: number): Promise<string | undefined> {
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
