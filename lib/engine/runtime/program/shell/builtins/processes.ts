import { signalName, signalNumber } from "../../signals.js";
import { ShellError } from "../control.js";
import type { Builtin, Builtins, Shell } from "../shell.js";
import type { Job } from "../state.js";
import { quote } from "../texts.js";

/** Waits for a job. Returns 128 plus the number of a signal with a trap that arrives in the meantime. */
async function waitFor(shell: Shell, job: Job): Promise<number> {
  const { process } = shell.context;
  const ended = job.process.exited.then(() => true);
  for (let over = job.code !== undefined; !over;) {
    over = await process.operation((signal) => Promise.race([ended, shell.trapped.wait(signal).then(() => false)]));
    const trapped = shell.firstPending;
    if (trapped !== undefined && !over) return 128 + (signalNumber(trapped) ?? 0);
  }
  return job.process.exited;
}

function jobOf(shell: Shell, word: string): Job | undefined {
  const { jobs } = shell.state;
  if (/^%\d+$/.test(word)) return [...jobs.values()][Number(word.slice(1)) - 1];
  if (/^%[%+]?$/.test(word)) return [...jobs.values()].at(-1);
  return jobs.get(Number(word));
}

const wait: Builtin = {
  run: async (shell, argv) => {
    const { jobs } = shell.state;
    let status = 0;
    if (argv.length === 1) {
      for (const [pid, job] of jobs) {
        const code = await waitFor(shell, job);
        if (job.code === undefined) return code;
        jobs.delete(pid);
      }
      return 0;
    }
    for (const word of argv.slice(1)) {
      const job = jobOf(shell, word);
      if (!job) {
        status = 127;
        continue;
      }
      status = await waitFor(shell, job);
      const signal = job.process.killedBy();
      if (signal !== undefined) await shell.reportSignal(signal);
    }
    return status;
  },
};

/** Returns the name of a signal of `trap`: `EXIT` or one such as `SIGTERM`. */
function trapName(word: string): string | undefined {
  if (word === "0" || word.toUpperCase() === "EXIT") return "EXIT";
  const number = signalNumber(word);
  return number === undefined ? undefined : signalName(number);
}

const order = (name: string): number => (name === "EXIT" ? 0 : (signalNumber(name) ?? 0));

const trap: Builtin = {
  special: true,
  run: async (shell, argv) => {
    const words = argv[1] === "--" ? argv.slice(2) : argv.slice(1);
    const [first, ...names] = words;
    if (first === undefined) {
      for (const [name, command] of [...shell.state.traps].sort(([a], [b]) => order(a) - order(b)))
        await shell.write(1, `trap -- ${quote(command, true)} ${name.replace(/^SIG/, "")}\n`);
      return 0;
    }
    const resets = names.length === 0 || /^\d+$/.test(first);
    let status = 0;
    for (const word of resets ? words : names) {
      const name = trapName(word);
      if (name === undefined) {
        await shell.report(`${word}: invalid signal specification`);
        status = 1;
      } else shell.setTrap(name, resets || first === "-" ? undefined : first);
    }
    return status;
  },
};

function listSignals(words: readonly string[]): string {
  if (words.length === 0) {
    const all = Array.from({ length: 31 }, (_unused, index) => index + 1);
    return all.map((number) => `${String(number).padStart(2)}) ${signalName(number).slice(3)}\n`).join("");
  }
  return words
    .map((word) => {
      const number = Number(word) > 128 ? Number(word) - 128 : signalNumber(word);
      if (number === undefined) throw new ShellError(`unknown signal '${word}'`, { code: 1, fatal: false });
      return /^\d+$/.test(word) ? `${signalName(number).slice(3)}\n` : `${number}\n`;
    })
    .join("");
}

const kill: Builtin = {
  applet: true,
  run: async (shell, argv) => {
    let words = argv.slice(1);
    let signal = "TERM";
    if (words[0] === "-l") {
      await shell.write(1, listSignals(words.slice(1)));
      return 0;
    }
    if (words[0] === "-s") {
      signal = words[1] ?? "";
      words = words.slice(2);
    } else if (/^-./.test(words[0] ?? "") && words[0] !== "--") {
      signal = words[0]?.slice(1) ?? "";
      words = words.slice(1);
    }
    if (words[0] === "--") words = words.slice(1);
    const number = signal.toUpperCase() === "EXIT" ? 0 : signalNumber(signal);
    if (number === undefined) throw new ShellError(`bad signal name '${signal}'`, { code: 1, fatal: false });
    if (words.length === 0) throw new ShellError("you need to specify whom to kill", { code: 1, fatal: false });
    let status = 0;
    for (const word of words) {
      const pid = word.startsWith("%") ? jobOf(shell, word)?.process.pid : Number(word);
      if (pid === undefined || !Number.isInteger(pid))
        throw new ShellError(`invalid number '${word}'`, { code: 1, fatal: false });
      if (shell.context.kill(pid, number === 0 ? "0" : signalName(number))) continue;
      await shell.report(`can't kill pid ${pid}: No such process`);
      status = 1;
    }
    return status;
  },
};

const jobs: Builtin = {
  run: async (shell, argv) => {
    for (const [index, [pid, job]] of [...shell.state.jobs].entries()) {
      const state = job.code === undefined ? "Running" : job.code === 0 ? "Done" : `Done(${job.code})`;
      await shell.write(1, argv[1] === "-p" ? `${pid}\n` : `[${index + 1}] ${pid} ${state}\n`);
      if (job.code !== undefined) shell.state.jobs.delete(pid);
    }
    return 0;
  },
};

/** Programs of a container share one process: nobody measures their processor time. */
const times: Builtin = {
  special: true,
  run: async (shell) => {
    await shell.write(1, "0m0.00s 0m0.00s\n0m0.00s 0m0.00s\n");
    return 0;
  },
};

function refused(name: string): Builtin {
  return {
    run: () => {
      throw new ShellError("job control is not supported by the program executor", { code: 2, fatal: false });
    },
    special: name === "",
  };
}

/** Builtins of processes and signals. */
export const processes: Builtins = { wait, trap, kill, jobs, times, fg: refused("fg"), bg: refused("bg") };
