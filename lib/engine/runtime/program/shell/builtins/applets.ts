import type { Program } from "../../program.js";
import { echo, printf } from "../../standard/echo.js";
import { runApplet } from "../applet.js";
import { evaluateArguments } from "../conditions.js";
import { ShellError } from "../control.js";
import type { Builtin, Builtins } from "../shell.js";

const printing = (program: Program): Builtin => ({
  applet: true,
  run: async (shell, argv) => runApplet(shell, program, argv.slice(1)),
});

const test: Builtin = {
  applet: true,
  run: async (shell, argv) => {
    let words = argv.slice(1);
    if (argv[0] === "[") {
      if (words.at(-1) !== "]") throw new ShellError("missing ]", { fatal: false });
      words = words.slice(0, -1);
    }
    return evaluateArguments(shell, words);
  },
};

/** Builtins that are programs of their own, too: they need no process here. */
export const applets: Builtins = { echo: printing(echo), printf: printing(printf), test, "[": test };
