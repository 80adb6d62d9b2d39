import { cpus, freemem, totalmem } from "node:os";
import { Failure, program } from "./command.js";
import { formatTime } from "./dates.js";
import { humanSize } from "./numbers.js";

/** Prints the number of processors. */
export const nproc = program(({ out }) => {
  out.put(`${cpus().length}\n`);
});

/** Prints how much memory there is. */
export const free = program(
  (command) => {
    const options = command.options("bkmgh");
    const unit = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 }[options.last("bkmg") ?? "k"] ?? 1024;
    const shown = (bytes: number): string =>
      (options.has("h") ? humanSize(bytes) : String(Math.floor(bytes / unit))).padStart(12);
    const [total, available] = [totalmem(), freemem()];
    const row = [total, total - available, available, 0, 0, available].map(shown).join("");
    command.out.put(`${" ".repeat(14)}total        used        free      shared  buff/cache   available\n`);
    command.out.put(`Mem:    ${row}\nSwap:   ${[0, 0, 0].map(shown).join("")}\n`);
  },
  { usage: "[-bkmgh]" },
);

/** Prints how long the container has run. */
export const uptime = program(({ context, out }) => {
  const now = context.clock.now();
  const started = context.processes().reduce((first, row) => (row.started < first ? row.started : first), now);
  const minutes = Number((now - started) / 60_000_000_000n);
  const days = Math.floor(minutes / 1440);
  const rest = minutes % 1440;
  const time = rest < 60 ? `${rest} min` : `${String(Math.floor(rest / 60)).padStart(2)}:${String(rest % 60).padStart(2, "0")}`;
  out.put(
    ` ${formatTime("%T", now)} up ${days > 0 ? `${days} day${days > 1 ? "s" : ""}, ` : ""}${time},  load average: 0.00, 0.00, 0.00\n`,
  );
});

/** Prints how much room file systems have: that of the engine's memory, since there is no disk. */
export const df = program(
  async (command) => {
    const options = command.options("hkmPTaiB:");
    const [total, available] = [totalmem(), freemem()];
    const unit = options.has("m") ? 1024 ** 2 : 1024;
    const size = (bytes: number): string => (options.has("h") ? humanSize(bytes) : String(Math.floor(bytes / unit)));
    const titles = options.has("h") ? "Size      Used Available" : `${options.has("m") ? "1M" : "1K"}-blocks      Used Available`;
    command.out.put(`Filesystem           ${titles.padStart(options.has("h") ? 29 : 0)} Use% Mounted on\n`);
    for (const path of options.operands.length > 0 ? options.operands : ["/"]) {
      const place = await command.attempt(
        () => command.files.realPath(command.path(path)),
        (reason) => `${path}: ${reason}`,
      );
      if (place === undefined) continue;
      const used = total - available;
      const numbers = [total, used, available].map((bytes) => size(bytes).padStart(9)).join(" ");
      command.out.put(`${"overlay".padEnd(20)} ${numbers} ${String(Math.ceil((used / total) * 100)).padStart(3)}% /\n`);
    }
  },
  { usage: "[-hkmP] [FILESYSTEM]..." },
);

/** Prints the name of the terminal. */
export const tty = program(({ args, context, out }) => {
  const isTerminal = context.terminals[0] !== undefined;
  if (!args.includes("-s")) out.put(isTerminal ? "/dev/pts/0\n" : "not a tty\n");
  return isTerminal ? 0 : 1;
});

/** Prints the size of the terminal. Other settings are accepted: the engine's terminal has one mode. */
export const stty = program((command) => {
  const [terminal] = command.context.terminals;
  if (!terminal) throw new Failure("standard input: Not a tty");
  if (command.args.includes("size")) command.out.put(`${terminal.rows} ${terminal.columns}\n`);
  else if (command.args.length === 0 || command.args[0] === "-a")
    command.out.put(`speed 38400 baud; rows ${terminal.rows}; columns ${terminal.columns}\n`);
});

/** Clears the terminal. */
export const clear = program(({ out }) => {
  out.put("\x1b[H\x1b[J");
});
