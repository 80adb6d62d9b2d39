import { badRequest } from "../engine-error.js";
import type { ProcessRow } from "../runtime/executor.js";

/** The processes of a container as `top` shows them. */
export interface ProcessList {
  /** Headings of the columns. */
  readonly Titles: readonly string[];
  /** The values of the columns of each process. */
  readonly Processes: readonly (readonly string[])[];
}

/** A column of `ps`. */
interface Column {
  readonly title: string;
  readonly value: (row: ProcessRow, now: bigint) => string;
}

const two = (number: number): string => String(number).padStart(2, "0");

/** Formats a duration as `ps` does: `01:02:03`, with `brief` without hours that are zero. */
function duration(milliseconds: number, brief = false): string {
  const seconds = Math.floor(milliseconds / 1000);
  const minutes = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  const hours = Math.floor(seconds / 3600);
  return brief && hours === 0 ? minutes : `${two(hours)}:${minutes}`;
}

function clockTime(time: bigint): string {
  const date = new Date(Number(time / 1_000_000n));
  return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
}

const elapsed = ({ started }: ProcessRow, now: bigint): number => Number((now - started) / 1_000_000n);
const programOf = ({ command }: ProcessRow): string => command.split(" ", 1)[0]?.split("/").at(-1) ?? "";

/** The columns by the names that `ps -o` knows. */
const columns: Readonly<Record<string, Column>> = {
  args: { title: "COMMAND", value: ({ command }) => command },
  c: { title: "C", value: () => "0" },
  comm: { title: "COMMAND", value: programOf },
  etime: { title: "ELAPSED", value: (row, now) => duration(elapsed(row, now), true) },
  pid: { title: "PID", value: ({ pid }) => String(pid) },
  ppid: { title: "PPID", value: ({ parent }) => String(parent) },
  stime: { title: "STIME", value: ({ started }) => clockTime(started) },
  time: { title: "TIME", value: ({ cpu }) => duration(cpu) },
  tty: { title: "TTY", value: ({ terminal }) => terminal },
  uid: { title: "UID", value: ({ user }) => user },
  user: { title: "USER", value: ({ user }) => user },
};

const synonyms: Readonly<Record<string, string>> = { cmd: "args", command: "args", start: "stime", tt: "tty", tname: "tty" };

/** The columns of `ps -ef`. `CMD` is its heading for the command. */
const full: readonly Column[] = [
  ...["uid", "pid", "ppid", "c", "stime", "tty", "time"].flatMap((name) => columns[name] ?? []),
  { title: "CMD", value: ({ command }) => command },
];

/** The columns of `ps aux`, as far as they are known. */
const wide: readonly Column[] = ["user", "pid", "tty", "stime", "time", "args"].flatMap((name) => columns[name] ?? []);

/**
 * Reads the arguments of `ps`.
 *
 * @throws an {@link EngineError} with status 400 for arguments and columns that the engine does not know.
 */
function columnsOf(args: string): readonly Column[] {
  const words = args.split(/\s+/).filter((word) => word !== "");
  if (words.length === 0 || words.every((word) => /^-?[aefAF]+$/.test(word))) return full;
  if (words.every((word) => /^-?a?u?x?w*$/.test(word))) return wide;
  const lists = words.filter((word) => !/^-?e?o$|^-[aeA]+$/.test(word)).map((word) => word.replace(/^-?e?o(?=\w+,)/, ""));
  return lists
    .flatMap((list) => list.split(","))
    .map((name) => {
      const [key = "", title] = name.split("=");
      const column = columns[synonyms[key] ?? key];
      if (!column)
        throw badRequest(
          `ps_args: the engine does not know the column ${JSON.stringify(key)}: use ${Object.keys(columns).join(", ")}`,
        );
      if (title !== undefined) return { ...column, title };
      return key === "cmd" ? { ...column, title: "CMD" } : column;
    });
}

/**
 * Lists the processes of a container.
 *
 * @param args - the arguments of `ps`, such as `-ef` or `-o pid,args`.
 * @param now - the time in nanoseconds since 1970.
 */
export function listProcesses(rows: readonly ProcessRow[], args: string, now: bigint): ProcessList {
  const chosen = columnsOf(args);
  return {
    Titles: chosen.map(({ title }) => title),
    Processes: rows.map((row) => chosen.map(({ value }) => value(row, now))),
  };
}
