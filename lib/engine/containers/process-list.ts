import { EngineError, notSupported } from "../engine-error.js";
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
const share = (row: ProcessRow, now: bigint): number => (100 * row.cpu) / Math.max(elapsed(row, now), 1);

/** The columns by the names that `ps -o` knows. */
const columns: Readonly<Record<string, Column>> = {
  args: { title: "COMMAND", value: ({ command }) => command },
  c: { title: "C", value: (row, now) => String(Math.min(Math.floor(share(row, now)), 99)) },
  cgroup: { title: "CGROUP", value: () => "0::/" },
  comm: { title: "COMMAND", value: programOf },
  etime: { title: "ELAPSED", value: (row, now) => duration(elapsed(row, now), true) },
  etimes: { title: "ELAPSED", value: (row, now) => String(Math.floor(elapsed(row, now) / 1000)) },
  ni: { title: "NI", value: () => "0" },
  pcpu: { title: "%CPU", value: (row, now) => share(row, now).toFixed(1) },
  pid: { title: "PID", value: ({ pid }) => String(pid) },
  pmem: { title: "%MEM", value: () => "0.0" },
  ppid: { title: "PPID", value: ({ parent }) => String(parent) },
  rss: { title: "RSS", value: () => "0" },
  stat: { title: "STAT", value: () => "S" },
  stime: { title: "STIME", value: ({ started }) => clockTime(started) },
  time: { title: "TIME", value: ({ cpu }) => duration(cpu) },
  tty: { title: "TTY", value: ({ terminal }) => terminal },
  uid: { title: "UID", value: ({ user }) => user },
  user: { title: "USER", value: ({ user }) => user },
  vsz: { title: "VSZ", value: () => "0" },
};

/** The columns that have other names, some with other headings. */
const synonyms: Readonly<Record<string, readonly [name: string, title?: string]>> = {
  "%cpu": ["pcpu"],
  "%mem": ["pmem"],
  bsdstart: ["stime", "START"],
  cmd: ["args", "CMD"],
  command: ["args"],
  cputime: ["time"],
  euser: ["user", "EUSER"],
  nice: ["ni"],
  ruser: ["user", "RUSER"],
  s: ["stat", "S"],
  start: ["stime", "STARTED"],
  start_time: ["stime", "START"],
  state: ["stat", "S"],
  tname: ["tty", "TTY"],
  tt: ["tty", "TT"],
  ucmd: ["comm", "CMD"],
  vsize: ["vsz"],
};

/** The columns of the formats that have letters of their own. */
const formats = {
  full: "uid,pid,ppid,c,stime,tty,time,cmd",
  user: "user,pid,%cpu,%mem,vsz,rss,tty,stat,start_time,time,args",
  bsd: "pid,tty,stat,time,args",
  short: "pid,tty,time,ucmd",
};

/** An error of `ps`, which Docker passes on. */
const psError = (message: string): EngineError => new EngineError(500, `ps: error: ${message}`);

/** Parses a column such as `pid`, `cgroup:40` or `args=WHAT`. */
function parseColumn(text: string): Column {
  const [, name = "", , width, , heading] = /^([^:=]*)(:(\d+))?(=(.*))?$/.exec(text) ?? [];
  const [key, usual] = synonyms[name.toLowerCase()] ?? [name.toLowerCase()];
  const column = columns[key];
  if (!column) throw psError(`unknown user-defined format specifier ${JSON.stringify(name || text)}`);
  const { value } = column;
  const cut = (row: ProcessRow, now: bigint): string => value(row, now).slice(0, Number(width));
  return { title: heading ?? usual ?? column.title, value: width === undefined ? value : cut };
}

const parseList = (list: string): Column[] => list.split(/[, ]/).filter(Boolean).map(parseColumn);

/**
 * Reads the arguments of `ps`.
 *
 * @throws an {@link EngineError} with the status of Docker for wrong ones, and with status 501 for those that the engine does not
 *   know.
 */
function columnsOf(args: string): readonly Column[] {
  const words = args.split(/\s+/).filter(Boolean);
  const chosen: Column[] = [];
  let format: keyof typeof formats = words.length === 0 ? "full" : "short";
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const [, list] = /^(?:-?[adeAx]*o|--format=?)(.*)$/.exec(word) ?? [];
    if (list !== undefined) chosen.push(...parseList(list || (words.shift() ?? "")));
    else if (word.startsWith("--")) throw psError("unknown gnu long option");
    else if (!/^(-[adeAfF]+|[aefuxw]+)$/.test(word))
      throw notSupported(
        `the engine lists processes with -ef, aux and -o only, not with the argument ${JSON.stringify(word)} of ps`,
      );
    else if (word.startsWith("-")) format = /f/i.test(word) ? "full" : format;
    else format = word.includes("u") ? "user" : "bsd";
  }
  return chosen.length > 0 ? chosen : parseList(formats[format]);
}

/**
 * Lists the processes of a container.
 *
 * @param args - the arguments of `ps`, such as `-ef` or `-o pid,args`.
 * @param now - the time in nanoseconds since 1970.
 */
export function listProcesses(rows: readonly ProcessRow[], args: string, now: bigint): ProcessList {
  const chosen = columnsOf(args);
  if (!chosen.some(({ title }) => title === "PID")) throw new EngineError(500, "Couldn't find PID field in ps output");
  return {
    Titles: chosen.map(({ title }) => title),
    Processes: rows.map((row) => chosen.map(({ value }) => value(row, now))),
  };
}
