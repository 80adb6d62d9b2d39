import type { Ulimit } from "../../../types/resources.js";

/** A limit of the resources of processes. */
export interface LimitKind {
  /** Its name in the settings of containers. */
  readonly name: string;
  /** Its name in `/proc/self/limits`. */
  readonly label: string;
  /** Its unit there. */
  readonly unit: string;
  /** The option of `ulimit`. */
  readonly letter: string;
  /** What `ulimit -a` calls it. */
  readonly title: string;
  /** How many of these units are one of `ulimit`. */
  readonly factor: number;
  /** The usual soft and hard limit; -1 for none. */
  readonly usual: readonly [soft: number, hard: number];
}

/** The limits as rows: name, label, unit, letter, title, factor, and the usual soft and hard limit. */
const rows: readonly (readonly [string, string, string, string, string, number, number, number])[] = [
  ["cpu", "Max cpu time", "seconds", "t", "cpu time (seconds)", 1, -1, -1],
  ["fsize", "Max file size", "bytes", "f", "file size (blocks)", 512, -1, -1],
  ["data", "Max data size", "bytes", "d", "data seg size (kb)", 1024, -1, -1],
  ["stack", "Max stack size", "bytes", "s", "stack size (kb)", 1024, 8_388_608, -1],
  ["core", "Max core file size", "bytes", "c", "core file size (blocks)", 512, 0, -1],
  ["rss", "Max resident set", "bytes", "m", "max memory size (kb)", 1024, -1, -1],
  ["nproc", "Max processes", "processes", "u", "max user processes", 1, -1, -1],
  ["nofile", "Max open files", "files", "n", "open files", 1, 1_048_576, 1_048_576],
  ["memlock", "Max locked memory", "bytes", "l", "max locked memory (kb)", 1024, 8_388_608, 8_388_608],
  ["as", "Max address space", "bytes", "v", "virtual memory (kb)", 1024, -1, -1],
  ["locks", "Max file locks", "locks", "x", "file locks", 1, -1, -1],
  ["sigpending", "Max pending signals", "signals", "i", "pending signals", 1, -1, -1],
  ["msgqueue", "Max msgqueue size", "bytes", "q", "POSIX message queues (bytes)", 1, 819_200, 819_200],
  ["nice", "Max nice priority", "", "e", "scheduling priority", 1, 0, 0],
  ["rtprio", "Max realtime priority", "", "r", "real-time priority", 1, 0, 0],
];

/** The limits, in the order of `/proc/self/limits`. */
export const limitKinds: readonly LimitKind[] = rows.map(([name, label, unit, letter, title, factor, soft, hard]) => {
  return { name, label, unit, letter, title, factor, usual: [soft, hard] };
});

const shown = (value: number): string => (value < 0 ? "unlimited" : String(value));

/** Returns the content of `/proc/self/limits`. */
export function limitsTable(ulimits: readonly Ulimit[]): string {
  const line = (...cells: readonly string[]): string =>
    `${cells.map((cell, at) => cell.padEnd([25, 20, 20, 10][at] ?? 0)).join(" ")}\n`;
  const lines = limitKinds.map(({ name, label, unit, usual }) => {
    const own = ulimits.find(({ Name }) => Name === name);
    const [soft, hard] = own ? [own.Soft, own.Hard] : usual;
    return line(label, shown(soft), shown(hard), unit);
  });
  return line("Limit", "Soft Limit", "Hard Limit", "Units") + lines.join("");
}

/** Reads a limit from the content of `/proc/self/limits`, in the units of `ulimit`. */
export function limitIn(table: string, { label, factor }: LimitKind, isHard: boolean): string {
  const cells = table.split("\n").find((text) => text.startsWith(`${label} `));
  const [soft = "", hard = ""] = (cells?.slice(label.length) ?? "").trim().split(/\s+/);
  const value = isHard ? hard : soft;
  return value === "unlimited" ? value : String(Math.floor(Number(value) / factor));
}
