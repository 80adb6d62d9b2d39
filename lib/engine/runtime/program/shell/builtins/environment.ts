import { FileError } from "../../../../files/file-error.js";
import { changedMode } from "../../standard/modes.js";
import { ShellError } from "../control.js";
import type { Builtin, Builtins, Shell } from "../shell.js";
import { quote } from "../texts.js";
import { describe } from "./lookup.js";
import { ulimit } from "./ulimit.js";

const cd: Builtin = {
  run: async (shell, argv) => {
    let words = argv.slice(1);
    let physical = false;
    for (; /^-[LP]+$/.test(words[0] ?? ""); words = words.slice(1)) physical = words[0]?.endsWith("P") ?? false;
    if (words[0] === "--") words = words.slice(1);
    const back = words[0] === "-";
    const target = words[0] === undefined ? shell.parameter("HOME") : back ? shell.parameter("OLDPWD") : words[0];
    if (target === undefined) throw new ShellError(back ? "OLDPWD not set" : "HOME not set");
    const path = shell.resolve(target);
    const { files } = shell.context;
    const failed = (reason: string): ShellError => new ShellError(`can't cd to ${target}: ${reason}`);
    const status = await files.stat(path).catch((error: unknown) => {
      throw error instanceof FileError ? failed(error.reason) : error;
    });
    if (status.kind !== "directory") throw failed("Not a directory");
    shell.assign("OLDPWD", shell.state.cwd);
    shell.state.cwd = physical ? await files.realPath(path) : path;
    shell.assign("PWD", shell.state.cwd);
    if (back) await shell.write(1, `${shell.state.cwd}\n`);
    return 0;
  },
};

const pwd: Builtin = {
  run: async (shell, [, flag]) => {
    const { cwd } = shell.state;
    await shell.write(1, `${flag === "-P" ? await shell.context.files.realPath(cwd) : cwd}\n`);
    return 0;
  },
};

const bits: Readonly<Record<string, number>> = { r: 4, w: 2, x: 1 };
const places: Readonly<Record<string, number>> = { u: 6, g: 3, o: 0 };

/** Applies a symbolic mode such as `u=rwx,go-w` to the permissions that a umask leaves. */
function symbolic(text: string, umask: number): number {
  const mode = changedMode(text, { kind: "directory", mode: 0o777 & ~umask });
  if (mode === undefined) throw new ShellError(`illegal mode: ${text}`);
  return 0o777 & ~mode;
}

const umask: Builtin = {
  run: async (shell, argv) => {
    const { process } = shell.context;
    const asText = argv[1] === "-S";
    const mode = argv[asText ? 2 : 1];
    if (mode !== undefined) {
      if (!/^\d+$/.test(mode)) process.umask = symbolic(mode, process.umask);
      else if (/^[0-7]{1,4}$/.test(mode)) process.umask = Number.parseInt(mode, 8) & 0o777;
      else throw new ShellError(`illegal mode: ${mode}`);
      return 0;
    }
    const letters = (shift: number): string =>
      ["r", "w", "x"]
        .filter((letter) => (process.umask >> shift) % 8 !== ((process.umask >> shift) | (bits[letter] ?? 0)) % 8)
        .join("");
    const text = Object.entries(places).map(([who, shift]) => `${who}=${letters(shift)}`);
    await shell.write(1, asText ? `${text.join(",")}\n` : `${process.umask.toString(8).padStart(4, "0")}\n`);
    return 0;
  },
};

const alias: Builtin = {
  run: async (shell, argv) => {
    const { aliases } = shell.state;
    const shown = async (name: string, value: string): Promise<void> => shell.write(1, `${name}=${quote(value, true)}\n`);
    if (argv.length === 1) for (const [name, value] of [...aliases].sort()) await shown(name, value);
    let status = 0;
    for (const word of argv.slice(1)) {
      const at = word.indexOf("=");
      const known = aliases.get(word);
      if (at > 0) aliases.set(word.slice(0, at), word.slice(at + 1));
      else if (known !== undefined) await shown(word, known);
      else {
        await shell.report(`${word} not found`);
        status = 1;
      }
    }
    return status;
  },
};

function unalias(shell: Shell, names: readonly string[]): number {
  if (names[0] === "-a") shell.state.aliases.clear();
  return names.filter((name) => name !== "-a" && !shell.state.aliases.delete(name)).length > 0 ? 1 : 0;
}

/** Builtins of the working directory, the file mask and names. */
export const environment: Builtins = {
  cd,
  pwd,
  umask,
  alias,
  unalias: { run: (shell, argv) => unalias(shell, argv.slice(1)) },
  type: {
    run: async (shell, argv) => {
      let status = 0;
      for (const name of argv.slice(1)) status = (await describe(shell, name, true)) || status;
      return status;
    },
  },
  // commands are looked up in the container's files each time
  hash: { run: () => 0 },
  ulimit,
};
