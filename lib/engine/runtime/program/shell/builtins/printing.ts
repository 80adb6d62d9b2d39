import { evaluateArguments } from "../conditions.js";
import { ShellError } from "../control.js";
import type { Builtin, Builtins } from "../shell.js";
import { escapeText, formatText } from "./format.js";

const echo: Builtin = {
  applet: true,
  run: async (shell, argv) => {
    let words = argv.slice(1);
    let newline = true;
    let escapes = false;
    for (; /^-[neE]+$/.test(words[0] ?? ""); words = words.slice(1))
      for (const letter of words[0]?.slice(1) ?? "") {
        if (letter === "n") newline = false;
        else escapes = letter === "e";
      }
    const text = words.join(" ");
    if (!escapes) {
      await shell.write(1, newline ? `${text}\n` : text);
      return 0;
    }
    const { bytes, stopped } = escapeText(text, "echo");
    await shell.write(1, newline && !stopped ? Buffer.concat([bytes, Buffer.from("\n")]) : bytes);
    return 0;
  },
};

const printf: Builtin = {
  applet: true,
  run: async (shell, argv) => {
    const [, format, ...values] = argv[1] === "--" ? argv.slice(1) : argv;
    if (format === undefined) throw new ShellError("usage: printf FORMAT [ARG]...", { code: 1, fatal: false });
    const { bytes, errors } = formatText(format, values);
    if (bytes.length > 0) await shell.write(1, bytes);
    for (const error of errors) await shell.report(error);
    return errors.length > 0 ? 1 : 0;
  },
};

const test: Builtin = {
  applet: true,
  run: async (shell, argv) => {
    let words = argv.slice(1);
    if (argv[0] === "[") {
      if (words.at(-1) !== "]") throw new ShellError("missing ]", { fatal: false });
      words = words.slice(0, -1);
    }
    return (await evaluateArguments(shell, words)) ? 0 : 1;
  },
};

/** Builtins that print, and `test`. */
export const printing: Builtins = { echo, printf, test, "[": test };
