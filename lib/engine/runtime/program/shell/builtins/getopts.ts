import { ShellError } from "../control.js";
import type { Builtin } from "../shell.js";

/** `getopts`: reads one option per call. */
export const getopts: Builtin = {
  run: async (shell, argv) => {
    const [, wanted, name, ...given] = argv;
    if (wanted === undefined || name === undefined) throw new ShellError("usage: getopts OPTSTRING VAR [ARG...]");
    const { state } = shell;
    const words = given.length > 0 ? given : state.positional;
    const silent = wanted.startsWith(":");
    const parsed = Number(shell.parameter("OPTIND") ?? "1");
    let index = Number.isInteger(parsed) && parsed > 0 ? parsed : 1;
    let offset = state.optionOffset;
    const finish = (option: string, argument: string | undefined, status: number): number => {
      if (argument === undefined) state.variables.unset("OPTARG");
      else shell.assign("OPTARG", argument);
      shell.assign("OPTIND", String(index));
      state.optionOffset = offset;
      shell.assign(name, option);
      return status;
    };
    const word = words[index - 1];
    if (offset === 1 && (word === undefined || !/^-./.test(word) || word === "--")) {
      if (word === "--") index++;
      return finish("?", undefined, 1);
    }
    const letter = word?.[offset] ?? "";
    offset++;
    const last = offset >= (word?.length ?? 0);
    const at = letter === ":" ? -1 : wanted.indexOf(letter, silent ? 1 : 0);
    const next = (): void => {
      index++;
      offset = 1;
    };
    if (at < 0) {
      if (last) next();
      if (!silent) await shell.write(2, `Illegal option -${letter}\n`);
      return finish("?", silent ? letter : undefined, 0);
    }
    if (wanted[at + 1] !== ":") {
      if (last) next();
      return finish(letter, "", 0);
    }
    const rest = word?.slice(offset) ?? "";
    next();
    if (!last) return finish(letter, rest, 0);
    const argument = words[index - 1];
    if (argument !== undefined) {
      index++;
      return finish(letter, argument, 0);
    }
    if (silent) return finish(":", letter, 0);
    await shell.write(2, `No arg for -${letter} option\n`);
    return finish("?", undefined, 0);
  },
};
