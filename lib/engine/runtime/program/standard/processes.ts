import type { ProcessRow } from "../../executor.js";
import { signalName, signalNumber } from "../signals.js";
import { type Command, Failure, program } from "./command.js";
import { readDuration } from "./numbers.js";
import { UsageError } from "./options.js";

/** Returns how long a process has used the processor, as `ps` prints it. */
function cpuTime({ cpu }: ProcessRow): string {
  const seconds = Math.floor(cpu / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

const nameOf = ({ command }: ProcessRow): string => (command.split(" ")[0] ?? "").replace(/^.*\//, "");

type Column = { readonly title: string; readonly width: number; readonly show: (row: ProcessRow, now: bigint) => string };

function elapsed({ started }: ProcessRow, now: bigint): string {
  const seconds = Number((now - started) / 1_000_000_000n);
  return `${String(Math.floor(seconds / 60)).padStart(2)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** The columns of `ps -o`. */
const columns: Readonly<Record<string, Column>> = {
  user: { title: "USER", width: 8, show: ({ user }) => user },
  ruser: { title: "RUSER", width: 8, show: ({ user }) => user },
  group: { title: "GROUP", width: 8, show: ({ user }) => user },
  comm: { title: "COMMAND", width: 16, show: nameOf },
  args: { title: "COMMAND", width: 27, show: ({ command }) => command },
  pid: { title: "PID", width: 5, show: ({ pid }) => String(pid).padStart(5) },
  ppid: { title: "PPID", width: 5, show: ({ parent }) => String(parent).padStart(5) },
  pgid: { title: "PGID", width: 5, show: ({ pid }) => String(pid).padStart(5) },
  etime: { title: "ELAPSED", width: 7, show: elapsed },
  time: { title: "TIME", width: 6, show: (row) => cpuTime(row) },
  tty: { title: "TT", width: 6, show: ({ terminal }) => terminal },
  stat: { title: "STAT", width: 4, show: () => "S" },
  nice: { title: "NI", width: 5, show: () => "0" },
  vsz: { title: "VSZ", width: 6, show: () => "0" },
  rss: { title: "RSS", width: 4, show: () => "0" },
};

/** Lists the processes of the container. */
export const ps = program(
  (command) => {
    const flags = command.args.map((arg) => (/^[aefuxlw]+$/.test(arg) ? `-${arg}` : arg));
    const options = command.options("o:TaAdefluxwp:", {}, flags);
    const wanted = options.values("o").flatMap((list) => list.split(","));
    const shown = (wanted.length > 0 ? wanted : ["pid", "user", "time", "args"]).map((text) => {
      const [name = "", title] = text.split("=");
      const column = columns[name];
      if (!column) throw new Failure(`bad -o argument '${name}', supported arguments: ${Object.keys(columns).join(",")}`);
      return title === undefined ? column : { ...column, title };
    });
    const now = command.context.clock.now();
    const rows = command.context.processes().sort((a, b) => a.pid - b.pid);
    const titles = shown.map(({ title, width }) =>
      width === 5 && title.endsWith("PID") ? title.padStart(width) : title.padEnd(width),
    );
    const lines = rows.map((row) => shown.map(({ width, show }) => show(row, now).padEnd(width)));
    if (shown.some(({ title }) => title !== "")) command.out.put(`${titles.join(" ").trimEnd()}\n`);
    for (const line of lines) command.out.put(`${line.join(" ").trimEnd()}\n`);
  },
  { usage: "[-o COL1,COL2=HEADER] [-T]" },
);

/** Reads the name or number of a signal. */
function signalOf(text: string): string {
  const name = /^\d+$/.test(text) ? signalName(Number(text)) : `SIG${text.toUpperCase().replace(/^SIG/, "")}`;
  if (text === "0") return text;
  if (signalNumber(name) === undefined) throw new Failure(`bad signal name '${text}'`);
  return name;
}

/** Separates the signal from the other arguments. */
function signalAndRest(args: readonly string[]): { signal: string; rest: readonly string[] } {
  const [first, second] = args;
  if (first === "-s" && second !== undefined) return { signal: signalOf(second), rest: args.slice(2) };
  if (first === "--") return { signal: "SIGTERM", rest: args.slice(1) };
  if (first !== undefined && /^-[A-Za-z0-9]+$/.test(first) && first !== "-q")
    return { signal: signalOf(first.slice(1)), rest: args.slice(1) };
  return { signal: "SIGTERM", rest: args };
}

function listSignals({ out }: Command, args: readonly string[]): void {
  for (const text of args) {
    const number = Number(text);
    if (!Number.isNaN(number)) out.put(`${signalName(number & 127).replace(/^SIG/, "")}\n`);
    else out.put(`${signalNumber(signalOf(text)) ?? ""}\n`);
  }
  if (args.length > 0) return;
  for (let number = 1; number <= 31; number++)
    out.put(`${String(number).padStart(2)}) ${signalName(number).replace(/^SIG/, "")}\n`);
}

/** Sends a signal to processes. */
export const kill = program(
  (command) => {
    if (command.args[0] === "-l") {
      listSignals(command, command.args.slice(1));
      return;
    }
    const { signal, rest } = signalAndRest(command.args);
    const targets = rest[0] === "--" ? rest.slice(1) : rest;
    if (targets.length === 0) throw new Failure("you need to specify whom to kill");
    for (const target of targets) {
      const pid = Number(target);
      if (target === "" || !Number.isInteger(pid)) command.complain(`invalid number '${target}'`);
      else if (!command.context.kill(Math.abs(pid), signal)) command.complain(`can't kill pid ${target}: No such process`);
    }
  },
  { usage: "[-l] [-SIG] PID..." },
);

/** Sends a signal to all processes of a name, or that a pattern fits. */
function signalMatching(
  command: Command,
  targets: readonly string[],
  signal: string,
  fits: (row: ProcessRow, target: string) => boolean,
): void {
  for (const target of targets) {
    const rows = command.context.processes().filter((row) => row.pid !== command.context.pid && fits(row, target));
    for (const { pid } of rows) command.context.kill(pid, signal);
    if (rows.length === 0) command.complain(`${target}: no process killed`);
  }
}

/** Sends a signal to all processes of a name. */
export const killall = program(
  (command) => {
    const { signal, rest } = signalAndRest(command.args);
    const targets = rest.filter((arg) => arg !== "-q");
    if (targets.length === 0) throw new Failure("you need to specify whom to kill");
    signalMatching(command, targets, signal, (row, target) => nameOf(row) === target);
  },
  { usage: "[-lq] [-SIG] NAME..." },
);

/** Returns the processes that a pattern fits. */
function matching(command: Command, pattern: string, isFull: boolean, isExact: boolean): ProcessRow[] {
  const regex = new RegExp(isExact ? `^(?:${pattern})$` : pattern);
  return command.context
    .processes()
    .filter((row) => row.pid !== command.context.pid && regex.test(isFull ? row.command : nameOf(row)));
}

/** Prints the IDs of the processes that a pattern fits. */
export const pgrep = program(
  (command) => {
    const options = command.options("flnovx");
    const [pattern] = options.operands;
    if (pattern === undefined) throw new UsageError("");
    const rows = matching(command, pattern, options.has("f"), options.has("x"));
    for (const row of rows) command.out.put(options.has("l") ? `${row.pid} ${row.command}\n` : `${row.pid}\n`);
    return rows.length > 0 ? 0 : 1;
  },
  { usage: "[-flx] PATTERN" },
);

/** Sends a signal to the processes that a pattern fits. */
export const pkill = program(
  (command) => {
    const { signal, rest } = signalAndRest(/^-[fx]+$/.test(command.args[0] ?? "") ? command.args.slice(1) : command.args);
    const isFull = command.args.some((arg) => /^-x?f/.test(arg));
    const pattern = rest.find((arg) => !arg.startsWith("-"));
    if (pattern === undefined) throw new UsageError("");
    const rows = matching(command, pattern, isFull, false);
    for (const { pid } of rows) command.context.kill(pid, signal);
    return rows.length > 0 ? 0 : 1;
  },
  { usage: "[-f] [-SIG] PATTERN" },
);

/** Prints the IDs of the processes of a name. */
export const pidof = program(({ args, context, out }) => {
  const pids = context.processes().filter((row) => args.includes(nameOf(row)) || args.includes(row.command.split(" ")[0] ?? ""));
  if (pids.length === 0) return 1;
  out.put(
    `${pids
      .map(({ pid }) => pid)
      .reverse()
      .join(" ")}\n`,
  );
  return 0;
});

/** Ends a command that takes too long. */
export const timeout = program(
  async (command) => {
    const options = command.options("s:k:", { stopsAtOperand: true, long: { signal: "s", "kill-after": "k" } });
    const [time, ...argv] = options.operands;
    if (time === undefined || argv.length === 0) throw new UsageError("");
    const signal = signalOf(options.value("s") ?? "TERM");
    const milliseconds = readDuration(time);
    await command.out.flush();
    const child = await command.start(argv);
    if (typeof child === "number") return child;
    const done = new AbortController();
    const wait = async (duration: number): Promise<boolean> => {
      try {
        await command.context.clock.sleep(duration, done.signal);
        return true;
      } catch {
        return false;
      }
    };
    const ended = child.exited.finally(() => done.abort());
    if (milliseconds === 0 || milliseconds === Infinity || !(await wait(milliseconds))) return await ended;
    child.kill(signal);
    const after = options.value("k");
    if (after !== undefined && (await wait(readDuration(after)))) child.kill("SIGKILL");
    const code = await ended;
    return signal === "SIGKILL" ? code : 143;
  },
  { usage: "[-s SIG] [-k KILL_SECS] SECS PROG ARGS" },
);

/** Runs a command again and again, without an end. */
export const watch = program(
  async (command) => {
    const options = command.options("n:t", { stopsAtOperand: true });
    if (options.operands.length === 0) throw new UsageError("");
    const interval = readDuration(options.value("n") ?? "2");
    for (;;) {
      if (!options.has("t")) command.out.put(`Every ${interval / 1000}s: ${options.operands.join(" ")}\n\n`);
      await command.run(["sh", "-c", options.operands.join(" ")]);
      await command.context.clock.sleep(interval, command.context.signal);
    }
  },
  { usage: "[-n SEC] [-t] PROG ARGS" },
);
