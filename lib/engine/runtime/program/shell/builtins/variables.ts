import { ShellError } from "../control.js";
import type { Builtin, Builtins, Shell } from "../shell.js";
import { type OptionName, optionNames } from "../state.js";
import { quote } from "../texts.js";
import { isName } from "../variables.js";

/** Returns a builtin that assigns and marks variables: `export`, `readonly` and `local`. */
function declaration(
  verb: string,
  special: boolean,
  mark: (shell: Shell, name: string) => void,
  listed?: (shell: Shell) => [string, string][],
): Builtin {
  return {
    special,
    run: async (shell, argv) => {
      const words = argv.slice(1).filter((word, index) => !(index === 0 && (word === "-p" || word === "--")));
      if (words.length === 0 && listed) {
        for (const [name, value] of listed(shell)) await shell.write(1, `${verb} ${name}=${quote(value, true)}\n`);
        return 0;
      }
      for (const word of words) {
        const at = word.indexOf("=");
        const name = at < 0 ? word : word.slice(0, at);
        if (!isName(name)) throw new ShellError(`${name}: bad variable name`);
        if (verb === "local") mark(shell, name);
        if (at >= 0) shell.assign(name, word.slice(at + 1));
        if (verb !== "local") mark(shell, name);
      }
      return 0;
    },
  };
}

const exporting: Builtin = {
  special: true,
  run: (shell, argv, options) => {
    if (argv[1] !== "-n") return plainExport.run(shell, argv, options);
    for (const name of argv.slice(2)) shell.state.variables.export(name, false);
    return 0;
  },
};

const plainExport = declaration(
  "export",
  true,
  (shell, name) => shell.state.variables.export(name),
  (shell) => shell.state.variables.list((variable) => variable.exported),
);

const local = declaration("local", false, (shell, name) => {
  if (!shell.state.variables.inFunction) throw new ShellError("not in a function");
  shell.state.variables.local(name);
});

const unset: Builtin = {
  special: true,
  run: (shell, argv) => {
    const flag = /^-[fv]$/.exec(argv[1] ?? "")?.[0];
    for (const name of argv.slice(flag === undefined ? 1 : 2)) {
      if (flag === "-f") shell.state.functions.delete(name);
      else shell.state.variables.unset(name);
    }
    return 0;
  },
};

function setOption(shell: Shell, name: string, on: boolean): void {
  const known: readonly string[] = [...Object.values(optionNames), "pipefail"];
  if (!known.includes(name)) throw new ShellError(`illegal option ${on ? "-" : "+"}o ${name}`, { code: 1, fatal: false });
  const option = name as OptionName;
  if (on) shell.state.options.add(option);
  else shell.state.options.delete(option);
  if (option === "allexport") shell.state.variables.exportAll = on;
}

async function listOptions(shell: Shell, asCommands: boolean): Promise<void> {
  for (const name of [...Object.values(optionNames), "pipefail" as const].sort()) {
    const on = shell.state.options.has(name);
    await shell.write(1, asCommands ? `set ${on ? "-" : "+"}o ${name}\n` : `${name.padEnd(16)}${on ? "on" : "off"}\n`);
  }
}

/**
 * Reads the options of `set` or of the command line.
 *
 * @param other - called with letters that are no options of `set`. Returns false for an unknown one.
 * @returns the words after the options; undefined if no word ended them, so that the positional parameters stay.
 */
export async function readOptions(
  shell: Shell,
  words: readonly string[],
  other: (letter: string) => boolean = () => false,
): Promise<{ rest: string[]; ended: boolean }> {
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "--") return { rest: words.slice(at + 1), ended: true };
    if (word === "-") return { rest: words.slice(at + 1), ended: words.length > at + 1 };
    if (!/^[-+]./.test(word)) return { rest: words.slice(at), ended: true };
    const on = word.startsWith("-");
    for (const letter of word.slice(1)) {
      const name = (optionNames as Readonly<Record<string, string>>)[letter];
      if (letter === "o") {
        const next = words[++at];
        if (next === undefined) await listOptions(shell, !on);
        else setOption(shell, next, on);
      } else if (name !== undefined) setOption(shell, name, on);
      else if (!other(letter)) throw new ShellError(`illegal option ${on ? "-" : "+"}${letter}`);
    }
  }
  return { rest: [], ended: false };
}

const set: Builtin = {
  special: true,
  run: async (shell, argv) => {
    if (argv.length === 1) {
      for (const [name, value] of shell.state.variables.list()) await shell.write(1, `${name}=${quote(value, true)}\n`);
      return 0;
    }
    const { rest, ended } = await readOptions(shell, argv.slice(1));
    if (ended) {
      shell.state.positional = rest;
      shell.state.optionOffset = 1;
    }
    return 0;
  },
};

/** Builtins of variables, parameters and options. */
export const variables: Builtins = {
  export: exporting,
  readonly: declaration(
    "readonly",
    true,
    (shell, name) => shell.state.variables.protect(name),
    (shell) => shell.state.variables.list((variable) => variable.readonly),
  ),
  local,
  unset,
  set,
  shift: {
    special: true,
    run: (shell, [, text = "1"]) => {
      if (!/^\d+$/.test(text)) throw new ShellError(`Illegal number: ${text}`);
      const count = Number(text);
      if (count > shell.state.positional.length) return 1;
      shell.state.positional = shell.state.positional.slice(count);
      return 0;
    },
  },
  let: {
    run: (shell, argv) => {
      let value = 0n;
      for (const expression of argv.slice(1)) value = shell.expander.evaluate(expression);
      return value === 0n ? 1 : 0;
    },
  },
};
