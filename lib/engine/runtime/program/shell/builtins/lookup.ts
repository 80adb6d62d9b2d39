import type { Shell } from "../shell.js";
import { quote } from "../texts.js";

const keywords = new Set("! { } [[ case do done elif else esac fi for function if in then until while".split(" "));

/** Returns what a name stands for; undefined if it is not found. */
async function meaningOf(shell: Shell, name: string): Promise<{ short: string; long: string } | undefined> {
  const { state, context } = shell;
  const alias = state.aliases.get(name);
  if (alias !== undefined) return { short: `alias ${name}=${quote(alias, true)}`, long: `${name} is an alias for ${alias}` };
  if (keywords.has(name)) return { short: name, long: `${name} is a shell keyword` };
  if (state.functions.has(name)) return { short: name, long: `${name} is a function` };
  const builtin = shell.builtins.get(name);
  if (builtin) return { short: name, long: `${name} is a ${builtin.special ? "special " : ""}shell builtin` };
  const options = { env: { PATH: shell.parameter("PATH") ?? "" }, cwd: state.cwd };
  const path = name.includes("/") ? await existing(shell, name) : await context.which(name, options);
  if (path !== undefined) return { short: path, long: `${name} is ${path}` };
  // a registered program needs no file
  const found = await context.find([name], options).catch(() => undefined);
  return found && { short: name, long: `${name} is a program of the engine` };
}

async function existing(shell: Shell, path: string): Promise<string | undefined> {
  return (await shell.context.files.exists(shell.resolve(path))) ? path : undefined;
}

/** Prints what a name stands for. Returns 127 if it is not found. */
export async function describe(shell: Shell, name: string, long: boolean): Promise<number> {
  const meaning = await meaningOf(shell, name);
  if (meaning) await shell.write(1, `${long ? meaning.long : meaning.short}\n`);
  else if (long) await shell.write(1, `${name}: not found\n`);
  return meaning ? 0 : 127;
}
