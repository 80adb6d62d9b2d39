import { readFileSync } from "node:fs";
import type { ProcessRow } from "../executor.js";
import { statFields } from "./host-process.js";

/** The nanoseconds, and the milliseconds, of a tick of the kernel's clock. */
const TICK = 10_000_000n;
const TICK_MILLISECONDS = 10;

/** Returns when the machine started, in nanoseconds since 1970. */
function bootTime(): bigint {
  const [, seconds = "0"] = /^btime (\d+)$/m.exec(readFileSync("/proc/stat", "latin1")) ?? [];
  return BigInt(seconds) * 1_000_000_000n;
}

function userNames(): Map<number, string> {
  const lines = readFileSync("/etc/passwd", "utf8").split("\n");
  return new Map(lines.map((line) => [Number(line.split(":")[2]), line.split(":")[0] ?? ""]));
}

function terminalName(number: number): string {
  const major = (number >> 8) & 0xfff;
  const minor = (number & 0xff) | ((number >> 12) & 0xfff00);
  return major === 136 ? `pts/${minor}` : "?";
}

function rowOf(pid: number, names: ReadonlyMap<number, string>, boot: bigint): ProcessRow | undefined {
  const [, parent, , , terminal, , , , , , , user, system, , , , , , , started] = statFields(pid) ?? [];
  try {
    const uid = Number(/^Uid:\t\d+\t(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1]);
    const line = readFileSync(`/proc/${pid}/cmdline`, "utf8").replace(/\0$/, "").replaceAll("\0", " ");
    const name = readFileSync(`/proc/${pid}/comm`, "utf8").trim();
    return {
      user: names.get(uid) ?? String(uid),
      pid,
      parent: Number(parent),
      started: boot + BigInt(started ?? 0) * TICK,
      cpu: (Number(user) + Number(system)) * TICK_MILLISECONDS,
      terminal: terminalName(Number(terminal)),
      command: line || `[${name}]`,
    };
  } catch {
    return undefined; // it ended meanwhile
  }
}

/** Reads what `ps` shows of processes. */
export function processRows(pids: readonly number[]): ProcessRow[] {
  const names = userNames();
  const boot = bootTime();
  return pids.flatMap((pid) => rowOf(pid, names, boot) ?? []);
}
