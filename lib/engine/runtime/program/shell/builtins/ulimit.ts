import { limitIn, type LimitKind, limitKinds } from "../../limits.js";
import { ShellError } from "../control.js";
import type { Builtin } from "../shell.js";

const usage = (text: string): ShellError => new ShellError(text, { code: 1, fatal: false });

/** `ulimit`: prints the limits of the container. Nothing enforces them, so that none can be set. */
export const ulimit: Builtin = {
  run: async (shell, argv) => {
    const letters = argv.slice(1).filter((word) => /^-./.test(word));
    const options = letters.flatMap((word) => Array.from(word.slice(1)));
    const [value] = argv.slice(1).filter((word) => !letters.includes(word));
    if (value !== undefined) throw usage("limits are not supported by the program executor");
    const isHard = options.includes("H") && !options.includes("S");
    const table = (await shell.context.files.readFile("/proc/self/limits")).toString();
    const kindOf = (letter: string): LimitKind => {
      const kind = limitKinds.find((each) => each.letter === letter);
      if (!kind) throw usage(`illegal option -${letter}`);
      return kind;
    };
    if (options.includes("a")) {
      const sorted = [...limitKinds].sort((one, other) => (one.letter < other.letter ? -1 : 1));
      for (const kind of sorted) {
        await shell.write(1, `${kind.title.padEnd(31)} (-${kind.letter}) ${limitIn(table, kind, isHard)}\n`);
      }
      return 0;
    }
    const wanted = options.filter((letter) => letter !== "H" && letter !== "S").map(kindOf);
    for (const kind of wanted.length > 0 ? wanted : [kindOf("f")]) await shell.write(1, `${limitIn(table, kind, isHard)}\n`);
    return 0;
  },
};
