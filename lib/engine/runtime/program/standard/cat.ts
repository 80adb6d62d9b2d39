import type { Readable } from "node:stream";
import { type Command, program, reasonOf } from "./command.js";
import { withoutEnd } from "./lines.js";
import type { Arguments } from "./options.js";

/** Makes bytes visible that are not printable, as `cat -v` does. */
export function visible(line: string, showTabs: boolean): string {
  return line.replace(/[^ -~]/g, (char) => {
    let code = char.charCodeAt(0);
    if (char === "\t") return showTabs ? "^I" : char;
    let prefix = "";
    if (code >= 0x80) {
      prefix = "M-";
      code -= 0x80;
    }
    if (code < 0x20) return `${prefix}^${String.fromCharCode(code + 0x40)}`;
    return code === 0x7f ? `${prefix}^?` : prefix + String.fromCharCode(code);
  });
}

/** Changes the lines of all files, with one count of lines. */
function decorator(options: Arguments): (line: string) => string {
  let count = 0;
  const counts = options.has("nb");
  const showEnds = options.has("eA");
  const showTabs = options.has("tA");
  const isVisible = options.has("vetA");
  return (line) => {
    const text = withoutEnd(line);
    const isEmpty = text === "" && line !== text;
    const number = options.has("b") ? !isEmpty : options.has("n");
    const shown = isVisible ? visible(text, showTabs) : text;
    const isWhole = line !== text;
    const end = `${showEnds && isWhole ? "$" : ""}${isWhole || counts ? "\n" : ""}`;
    return `${number ? `${String(++count).padStart(6)}\t` : ""}${shown}${end}`;
  };
}

async function copy(command: Command, source: Readable, decorate: ((line: string) => string) | undefined): Promise<void> {
  if (!decorate) {
    for await (const chunk of command.chunks(source)) await command.out.write(chunk);
    return;
  }
  for await (const lines of command.lines(source)) {
    command.out.putBytes(lines.map(decorate).join(""));
    await command.out.flush();
  }
}

/** Copies files to its output. */
export const cat = program(
  async (command) => {
    const options = command.options("nbvteAu");
    const decorate = options.has("nbvteA") ? decorator(options) : undefined;
    for (const path of options.operands.length > 0 ? options.operands : ["-"]) {
      const source = await command.openOrComplain(path);
      if (source) await copy(command, source, decorate);
    }
  },
  { usage: "[-nbvteA] [FILE]..." },
);

/** Copies its input to its output and to files. */
export const tee = program(
  async (command) => {
    const options = command.options("ai");
    const targets = [];
    for (const path of options.operands) {
      const flags = options.has("a") ? "a" : "w";
      const file = await command.attempt(
        () => command.files.open(command.path(path), flags),
        (reason) => `${path}: ${reason}`,
      );
      if (file) targets.push({ path, file });
    }
    for await (const chunk of command.chunks(command.context.stdin)) {
      await command.out.write(chunk);
      for (const { path, file } of targets) {
        try {
          await file.write(chunk);
        } catch (error) {
          command.complain(`${path}: ${reasonOf(error)}`);
        }
      }
    }
    for (const { file } of targets) await file.close();
  },
  { usage: "[-ai] [FILE]..." },
);
