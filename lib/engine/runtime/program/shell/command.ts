import type { Assignment, Command, Word } from "unbash";
import { StartError } from "../../executor.js";
import { DescriptorError } from "../descriptor.js";
import { ExecError, type FoundProgram } from "../lookup.js";
import type { ForkedProcess } from "../process-context.js";
import { ExitDeparture, refuse, ReturnDeparture, ShellError } from "./control.js";
import type { Builtin, RunOptions, Shell } from "./shell.js";
import { deepest, type SavedDescriptors, type ShellFunction, standardDescriptors } from "./state.js";
import { quote } from "./texts.js";

type Values = readonly (readonly [string, string])[];

/** Expands the value of an assignment. */
async function assignedValue(shell: Shell, { name, value, index, append }: Assignment): Promise<string> {
  if (index || value.type === "ArrayValue") refuse("an array");
  const text = await shell.expander.assignedText(value);
  return append ? (shell.parameter(name) ?? "") + text : text;
}

/** Expands the arguments of a command. Assignments as arguments of `export` and its like are not split. */
async function argumentsOf(shell: Shell, command: Command, declares: boolean): Promise<string[]> {
  const results: string[] = [];
  for (const argument of command.suffix) {
    if (argument.type === "Word") results.push(...(await shell.expander.fields([argument])));
    else if (argument.type === "Assignment") {
      if (declares) results.push(`${argument.name}=${await assignedValue(shell, argument)}`);
      else results.push(...(await shell.expander.fields([assignmentWord(argument)])));
    }
  }
  return results;
}

/** Returns an assignment that is an argument as a word. */
function assignmentWord(assignment: Assignment): Word {
  const { pos, end, text, value } = assignment;
  if (value.type === "ArrayValue") refuse("an array");
  const prefix = text.slice(0, text.length - value.text.length);
  const literal = { type: "Literal" as const, pos, end: value.pos, value: prefix, text: prefix };
  const rest =
    value.parts ??
    (value.text === "" ? [] : [{ type: "Literal" as const, pos: value.pos, end, value: value.value, text: value.text }]);
  return { type: "Word", pos, end, text, value: prefix + value.value, parts: [literal, ...rest] };
}

/** Prints a command before it runs, as after `set -x`. */
async function trace(shell: Shell, words: readonly string[]): Promise<void> {
  if (!shell.state.options.has("xtrace")) return;
  const prompt = shell.parameter("PS4") ?? "+ ";
  await shell.write(2, `${prompt}${words.join(" ")}\n`).catch(() => undefined);
}

/** Runs a simple command. */
export async function runCommand(shell: Shell, command: Command, options: RunOptions): Promise<number> {
  const { state } = shell;
  shell.substitutionStatus = undefined;
  const alias = command.name && !command.name.parts ? state.aliases.get(command.name.text) : undefined;
  if (alias !== undefined && command.name) return runAlias(shell, command, command.name, alias, options);
  const name = command.name ? await shell.expander.fields([command.name]) : [];
  const declares = name.length === 1 && /^(export|readonly|local|alias)$/.test(name[0] ?? "");
  const argv = [...name, ...(await argumentsOf(shell, command, declares))];
  const assignments = command.prefix.filter((part) => part.type === "Assignment");
  const [first] = argv;
  if (first === undefined) return runAssignments(shell, command, assignments);
  const builtin = state.functions.has(first) && !shell.builtins.get(first)?.special ? undefined : shell.builtins.get(first);
  let saved: SavedDescriptors;
  try {
    saved = await shell.redirections.apply(command.redirects);
  } catch (error) {
    if (!(error instanceof ShellError)) throw error;
    if (error.fatal || builtin?.special) throw error;
    await shell.report(error.message);
    return shell.checkFailure(error.code);
  }
  try {
    const values: [string, string][] = [];
    for (const assignment of assignments) values.push([assignment.name, await assignedValue(shell, assignment)]);
    await trace(shell, [...values.map(([key, value]) => `${key}=${quote(value)}`), ...argv.map((word) => quote(word))]);
    // `exec` with redirections only keeps them
    if (first === "exec" && argv.length === 1) saved.discard();
    return shell.checkFailure(await dispatch(shell, argv, values, builtin, options));
  } finally {
    saved.restore();
  }
}

async function runAlias(shell: Shell, command: Command, name: Word, alias: string, options: RunOptions): Promise<number> {
  const { state } = shell;
  const words = command.suffix.map((part) => ("text" in part ? part.text : ""));
  // an alias is not replaced within itself
  state.aliases.delete(name.text);
  try {
    return await shell.evaluate([alias, ...words].join(" "), options);
  } finally {
    state.aliases.set(name.text, alias);
  }
}

async function runAssignments(shell: Shell, command: Command, assignments: readonly Assignment[]): Promise<number> {
  const saved = await shell.redirections.apply(command.redirects).catch(async (error: unknown) => {
    if (!(error instanceof ShellError) || error.fatal) throw error;
    await shell.report(error.message);
    return undefined;
  });
  if (!saved) return shell.checkFailure(1);
  try {
    for (const assignment of assignments) {
      const value = await assignedValue(shell, assignment);
      shell.assign(assignment.name, value);
      await trace(shell, [`${assignment.name}=${quote(value)}`]);
    }
  } finally {
    saved.restore();
  }
  return shell.checkFailure(shell.substitutionStatus ?? 0);
}

async function dispatch(
  shell: Shell,
  argv: string[],
  values: Values,
  builtin: Builtin | undefined,
  options: RunOptions,
): Promise<number> {
  const { state } = shell;
  const [name = ""] = argv;
  if (builtin?.special) {
    for (const [key, value] of values) state.variables.set(key, value);
    return runBuiltin(shell, builtin, argv, options);
  }
  const known = state.functions.get(name);
  if (!known && !builtin) return runProgram(shell, argv, values, options);
  const restore = state.variables.assignFor(values);
  try {
    if (known) return await runFunction(shell, known, argv);
    return builtin ? await runBuiltin(shell, builtin, argv, options) : 0;
  } finally {
    restore();
  }
}

/** Runs a builtin. */
async function runBuiltin(shell: Shell, builtin: Builtin, argv: readonly string[], options: RunOptions = {}): Promise<number> {
  const outer = shell.builtin;
  shell.builtin = builtin.applet ? undefined : argv[0];
  try {
    return await builtin.run(shell, argv, options);
  } catch (error) {
    if (error instanceof DescriptorError) {
      shell.builtin = undefined;
      await shell.report(`write error: ${error.reason}`);
      return 1;
    }
    if (!(error instanceof ShellError)) throw error;
    await shell.report(error.message);
    if (error.fatal && builtin.special && !shell.interactive) throw new ExitDeparture(error.code);
    return error.code;
  } finally {
    shell.builtin = outer;
  }
}

async function runFunction(shell: Shell, { body }: ShellFunction, argv: readonly string[]): Promise<number> {
  const { state } = shell;
  const { positional, loops } = state;
  if (state.depth >= deepest) throw new ShellError(`${argv[0] ?? ""}: too many nested functions`);
  state.depth++;
  const leave = state.variables.enterFunction();
  state.positional = argv.slice(1);
  state.loops = 0;
  state.calls++;
  try {
    return body.type === "CompoundList" ? await shell.list(body) : await shell.command(body);
  } catch (error) {
    if (error instanceof ReturnDeparture) return error.code;
    throw error;
  } finally {
    state.depth--;
    state.calls--;
    state.loops = loops;
    state.positional = positional;
    leave();
  }
}

/** Finds a program. Prints why it cannot be run and returns the status then. */
async function findProgram(shell: Shell, argv: readonly string[], env: Record<string, string>): Promise<FoundProgram | number> {
  const [name = ""] = argv;
  try {
    return await shell.context.find(argv, {
      env: { ...env, PATH: env["PATH"] ?? shell.parameter("PATH") ?? "" },
      cwd: shell.state.cwd,
    });
  } catch (error) {
    if (!(error instanceof ExecError)) throw error;
    if (error.code === "ENOEXEC" && error.path !== undefined) return scriptProgram(shell, error.path, argv);
    if (error.code === "ENOTSUP") await shell.report(error.message.replace(/^exec: "[^"]*": /, ""));
    else await shell.report(`${name}: ${error.code === "ENOENT" ? "not found" : "Permission denied"}`);
    return error.exitCode;
  }
}

/** Returns the program of a script without a first line that names its interpreter. */
async function scriptProgram(shell: Shell, path: string, argv: readonly string[]): Promise<FoundProgram> {
  return shell.context.find(["sh", path, ...argv.slice(1)], { env: { PATH: shell.parameter("PATH") ?? "" } });
}

/** Runs a program: in place of the shell if nothing follows. */
async function runProgram(shell: Shell, argv: readonly string[], values: Values, options: RunOptions): Promise<number> {
  const { state } = shell;
  const env = state.variables.environment(values);
  const found = await findProgram(shell, argv, env);
  if (typeof found === "number") return found;
  const settings = { env, cwd: state.cwd, descriptors: standardDescriptors(state) };
  const mayReplace = options.last && !shell.interactive && state.traps.size === 0;
  if (mayReplace) {
    state.releaseDescriptors();
    return shell.context.exec(found, settings);
  }
  let child: ForkedProcess;
  try {
    child = shell.context.fork(found.program, found.argv, settings);
  } catch (error) {
    throw error instanceof StartError ? new ShellError(error.message) : error;
  }
  return shell.finished(child);
}

/** Runs a builtin or a program, but no function: `command`. */
export async function runCommandWords(shell: Shell, argv: readonly string[], options: RunOptions): Promise<number> {
  const builtin = shell.builtins.get(argv[0] ?? "");
  // errors of a special builtin do not end the script here
  return builtin ? runBuiltin(shell, { ...builtin, special: false }, argv, options) : runProgram(shell, argv, [], options);
}

/** Replaces the shell by a program: `exec`. */
export async function replaceShell(shell: Shell, argv: readonly string[]): Promise<number> {
  const { state } = shell;
  const env = state.variables.environment();
  const found = await findProgram(shell, argv, env);
  if (typeof found === "number") {
    if (shell.interactive) return found;
    throw new ExitDeparture(found);
  }
  const settings = { env, cwd: state.cwd, descriptors: standardDescriptors(state) };
  state.traps.clear();
  state.releaseDescriptors();
  throw new ExitDeparture(await shell.context.exec(found, settings));
}
