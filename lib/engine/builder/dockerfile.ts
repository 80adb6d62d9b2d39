import { badRequest } from "../engine-error.js";

/** An instruction of a Dockerfile. */
export interface Instruction {
  /** Its name in upper case. */
  readonly name: string;
  /** Its flags, such as `--from=base`. */
  readonly flags: readonly string[];
  /** What follows the name and the flags, without white space around it. Variables are not replaced. */
  readonly rest: string;
  /** The whole instruction on one line. */
  readonly original: string;
  /** Number of its first line, from 1. */
  readonly line: number;
}

/** A parsed Dockerfile. */
export interface Dockerfile {
  /** The instructions in order. */
  readonly instructions: readonly Instruction[];
  /** The escape character: a backslash, or the one of the `escape` directive. */
  readonly escape: string;
}

const directiveNames = new Set(["syntax", "escape", "check"]);

/** Reads the directives at the beginning of a Dockerfile. Returns the escape character. */
function readEscape(lines: readonly string[]): string {
  const seen = new Set<string>();
  let escape = "\\";
  for (const line of lines) {
    const [, key = "", value = ""] = /^#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$/.exec(line) ?? [];
    const name = key.toLowerCase();
    if (name === "") break;
    if (!directiveNames.has(name)) continue;
    if (seen.has(name))
      throw badRequest(`dockerfile parse error on line ${seen.size + 1}: only one ${name} parser directive can be used`);
    seen.add(name);
    if (name !== "escape") continue;
    if (value !== "\\" && value !== "`") throw badRequest(`invalid escape token '${value}' does not match \` or \\`);
    escape = value;
  }
  return escape;
}

/** Takes the flags off the beginning of the arguments of an instruction. Quotes and escapes in them are removed. */
function takeFlags(text: string, escape: string): { flags: string[]; rest: string } {
  const flags: string[] = [];
  let rest = text;
  while (rest.startsWith("--")) {
    let flag = "";
    let quote: string | undefined;
    let at = 0;
    for (; at < rest.length; at++) {
      const character = rest[at] ?? "";
      if (quote === undefined && /\s/.test(character)) break;
      if (character === escape && at + 1 < rest.length) flag += rest[++at] ?? "";
      else if (character === quote) quote = undefined;
      else if (quote === undefined && (character === "'" || character === '"')) quote = character;
      else flag += character;
    }
    rest = rest.slice(at).trimStart();
    if (flag === "--") break;
    flags.push(flag);
  }
  return { flags, rest };
}

/**
 * Parses one instruction.
 *
 * @param text - the instruction on one line.
 * @param escape - the escape character.
 * @param line - number of its first line.
 */
export function parseInstruction(text: string, escape = "\\", line = 1): Instruction {
  const original = text.trim();
  const [, name = "", args = ""] = /^(\S+)\s*([^]*)$/.exec(original) ?? [];
  return { name: name.toUpperCase(), ...takeFlags(args.trim(), escape), original, line };
}

/**
 * Parses a Dockerfile: joins continued lines, and leaves out comments and empty lines, also between continued lines.
 *
 * @throws {@link EngineError} with status 400 for invalid directives.
 */
export function parseDockerfile(text: string): Dockerfile {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const escape = readEscape(lines);
  const continuation = escape === "\\" ? /(^|[^\\])\\[ \t]*$/ : /(^|[^`])`[ \t]*$/;
  const isComment = (line: string): boolean => line.trimStart().startsWith("#");
  const instructions: Instruction[] = [];
  let joined: string | undefined;
  let first = 0;
  const finish = (): void => {
    if (joined?.trim()) instructions.push(parseInstruction(joined, escape, first));
    joined = undefined;
  };
  for (const [index, line] of lines.entries()) {
    if (isComment(line) || line.trim() === "") continue;
    if (joined === undefined) first = index + 1;
    const isContinued = continuation.test(line);
    joined = (joined ?? "") + (joined === undefined ? line.trimStart() : line).replace(continuation, "$1");
    if (!isContinued) finish();
  }
  finish();
  return { instructions, escape };
}
