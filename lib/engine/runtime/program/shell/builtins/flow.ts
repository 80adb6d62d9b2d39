import { posix } from "node:path";
import { FileError } from "../../../../files/file-error.js";
import { replaceShell, runCommandWords } from "../command.js";
import { ExitDeparture, LoopDeparture, ReturnDeparture, ShellError } from "../control.js";
import type { Builtin, Builtins, Shell } from "../shell.js";
import { describe } from "./lookup.js";

/** Returns the status that an argument of `exit` or `return` names; `$?` by default. */
function statusOf(shell: Shell, text: string | undefined): number {
  if (text === undefined) return shell.state.status;
  if (!/^\d+$/.test(text)) throw new ShellError(`Illegal number: ${text}`);
  return Number(text) & 0xff;
}

function leaveLoops(kind: "break" | "continue"): Builtin {
  return {
    special: true,
    run: (shell, [, text = "1"]) => {
      const levels = Number(text);
      if (!/^\d+$/.test(text) || levels < 1) throw new ShellError(`Illegal number: ${text}`);
      if (shell.state.loops === 0) return 0;
      throw new LoopDeparture(kind, Math.min(levels, shell.state.loops));
    },
  };
}

/** Finds the script of `.`: through `$PATH` if its name has no slash. */
async function readScript(shell: Shell, name: string): Promise<string> {
  const { files } = shell.context;
  const folders = name.includes("/") ? [""] : (shell.parameter("PATH") ?? "").split(":");
  for (const folder of [...folders, ""]) {
    const path = posix.resolve(shell.state.cwd, folder, name);
    if ((await files.stat(path).catch(() => undefined))?.kind === "file") return String(await files.readFile(path));
  }
  throw new ShellError(`can't open '${name}': No such file or directory`);
}

const dot: Builtin = {
  special: true,
  run: async (shell, [, name, ...parameters]) => {
    if (name === undefined) return 2;
    const { state } = shell;
    const source = await readScript(shell, name).catch((error: unknown) => {
      throw error instanceof FileError ? new ShellError(`can't open '${name}': ${error.reason}`) : error;
    });
    const { positional, scriptFile, line } = state;
    if (parameters.length > 0) state.positional = parameters;
    state.calls++;
    shell.builtin = undefined;
    try {
      return await shell.evaluate(source);
    } catch (error) {
      if (error instanceof ReturnDeparture) return error.code;
      throw error;
    } finally {
      state.calls--;
      if (parameters.length > 0) state.positional = positional;
      state.scriptFile = scriptFile;
      state.line = line;
    }
  },
};

const command: Builtin = {
  run: async (shell, argv, options) => {
    let words = argv.slice(1);
    let verbose: "v" | "V" | undefined;
    for (; /^-[pvV]+$/.test(words[0] ?? ""); words = words.slice(1))
      if (words[0] !== "-p") verbose = words[0]?.includes("V") ? "V" : "v";
    if (words[0] === "--") words = words.slice(1);
    const [name] = words;
    if (name === undefined) return 0;
    return verbose ? describe(shell, name, verbose === "V") : runCommandWords(shell, words, options);
  },
};

const exec: Builtin = {
  special: true,
  run: async (shell, argv) => {
    const words = argv[1] === "--" ? argv.slice(2) : argv.slice(1);
    return words.length === 0 ? 0 : replaceShell(shell, words);
  },
};

/** Builtins that change which command runs next. */
export const flow: Builtins = {
  ":": { special: true, run: () => 0 },
  true: { run: () => 0 },
  false: { run: () => 1 },
  exit: {
    special: true,
    run: (shell, [, text]) => {
      throw new ExitDeparture(statusOf(shell, text));
    },
  },
  return: {
    special: true,
    run: (shell, [, text]) => {
      throw new ReturnDeparture(statusOf(shell, text));
    },
  },
  break: leaveLoops("break"),
  continue: leaveLoops("continue"),
  eval: { special: true, run: (shell, argv, options) => shell.evaluate(argv.slice(1).join(" "), options) },
  ".": dot,
  source: dot,
  command,
  exec,
};
