import { StringDecoder } from "node:string_decoder";
import { FileError } from "../../../files/file-error.js";
import { ProcessContext } from "../process-context.js";
import type { Program } from "../program.js";
import { readOptions } from "./builtins/variables.js";
import { ExitDeparture, ShellError } from "./control.js";
import { runInteractive } from "./interactive.js";
import { Interpreter } from "./interpreter.js";
import { parseSource } from "./parser.js";
import { ShellState } from "./state.js";
import { Variables } from "./variables.js";

/** How a shell was called. */
interface Call {
  readonly rest: readonly string[];
  readonly letters: ReadonlySet<string>;
}

async function readCall(shell: Interpreter, words: readonly string[]): Promise<Call> {
  const letters = new Set<string>();
  const known = words.filter((word) => word !== "--login" && word !== "--posix" && word !== "--norc");
  const { rest } = await readOptions(shell, known, (letter) => {
    letters.add(letter);
    return "cils".includes(letter);
  });
  return { rest, letters };
}

/** Runs a script from standard input. What was read with it belongs to the script, as in ash. */
async function runInput(shell: Interpreter): Promise<number> {
  const decoder = new StringDecoder();
  let text = "";
  for (;;) {
    const descriptor = shell.state.descriptors.get(0);
    const data = descriptor && (await shell.read(descriptor));
    text += data ? decoder.write(data) : decoder.end();
    if (!data) return text === "" ? shell.state.status : shell.evaluate(text);
    let complete = "";
    for (const line of text.match(/.*\n/g) ?? []) {
      complete += line;
      const { incomplete } = parseSource(complete);
      if (incomplete || /(?<!\\)(?:\\\\)*\\\n$/.test(complete)) continue;
      text = text.slice(complete.length);
      await shell.evaluate(complete);
      complete = "";
    }
  }
}

async function runFile(shell: Interpreter, path: string): Promise<number> {
  const source = await shell.context.files.readFile(shell.resolve(path)).catch((error: unknown) => {
    if (!(error instanceof FileError)) throw error;
    throw new ShellError(`can't open '${path}': ${error.reason}`);
  });
  shell.state.name = path;
  shell.state.scriptFile = path;
  return shell.evaluate(String(source));
}

async function runCall(shell: Interpreter): Promise<number> {
  const { state } = shell;
  const { rest, letters } = await readCall(shell, shell.context.argv.slice(1));
  if (letters.has("c")) {
    const [script, name, ...positional] = rest;
    if (script === undefined) throw new ShellError("-c requires an argument");
    state.name = name ?? state.name;
    state.positional = positional;
    return shell.evaluate(script, { last: true });
  }
  const [file, ...positional] = rest;
  if (file !== undefined && !letters.has("s")) {
    state.positional = positional;
    return runFile(shell, file);
  }
  state.positional = [...rest];
  const terminal = state.descriptors.get(0)?.terminal !== undefined && state.descriptors.get(2)?.terminal !== undefined;
  return letters.has("i") || terminal ? runInteractive(shell) : runInput(shell);
}

/** The POSIX shell: `sh -c script`, `sh file`, a script on standard input, or commands typed on a terminal. */
export const sh: Program = async (context) => {
  // forking and sharing descriptors is more than a program of somebody else can do
  if (!(context instanceof ProcessContext)) throw new TypeError("the shell runs only in a container of the program executor");
  const variables = new Variables(context.env);
  const state = new ShellState(context.pid, context.cwd, variables);
  state.name = context.argv[0] ?? "sh";
  const defaults = { IFS: " \t\n", OPTIND: "1", PS4: "+ ", PPID: String(context.parent) };
  for (const [name, value] of Object.entries(defaults)) variables.set(name, value);
  variables.set("PWD", context.cwd);
  context.process.descriptors.forEach((descriptor, number) => state.descriptors.set(number, descriptor.retain()));
  void context.process.exited.then(() => state.releaseDescriptors());
  const shell = new Interpreter(context, state);
  variables.onAssign = (name) => {
    if (name === "OPTIND") state.optionOffset = 1;
  };
  return shell.run(async () => {
    const code = await runCall(shell);
    throw new ExitDeparture(code);
  });
};
