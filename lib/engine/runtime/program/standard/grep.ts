import type { Readable } from "node:stream";
import { type Command, Failure, program, reasonOf } from "./command.js";
import { withoutEnd } from "./lines.js";
import { readCount } from "./numbers.js";
import { type Arguments, UsageError } from "./options.js";
import { byteString } from "./output.js";
import { joined } from "./paths.js";
import { posixRegex, type RegexRules } from "./regex.js";

/** What `grep` looks for, and how it prints. */
interface GrepRules {
  readonly patterns: readonly RegExp[];
  readonly options: Arguments;
  readonly showsNames: boolean;
  readonly before: number;
  readonly after: number;
  readonly most: number;
}

/** Returns the matching parts of a line. */
function matchesIn(text: string, patterns: readonly RegExp[]): string[] {
  const found: string[] = [];
  for (let at = 0; at <= text.length;) {
    let best: RegExpExecArray | undefined;
    for (const pattern of patterns) {
      pattern.lastIndex = at;
      const match = pattern.exec(text);
      if (match && (!best || match.index < best.index || (match.index === best.index && match[0].length > best[0].length)))
        best = match;
    }
    if (!best) break;
    if (best[0] !== "") found.push(best[0]);
    at = best.index + Math.max(best[0].length, 1);
  }
  return found;
}

/** Searches one file. */
class Scan {
  readonly #command: Command;
  readonly #rules: GrepRules;
  readonly #name: string;
  readonly #prefix: string;
  #number = 0;
  #count = 0;
  /** Lines that are printed if a match follows, with their numbers. */
  #before: [number, string][] = [];
  #after = 0;
  #lastPrinted = 0;

  constructor(command: Command, rules: GrepRules, name: string) {
    this.#command = command;
    this.#rules = rules;
    this.#name = name;
    this.#prefix = rules.showsNames ? byteString(name) : "";
  }

  /** Returns whether the file has a match. */
  async run(source: Readable): Promise<boolean> {
    const { options, most } = this.#rules;
    const { out } = this.#command;
    const separator = options.has("z") ? "\0" : "\n";
    scan: for await (const lines of this.#command.lines(source, separator)) {
      for (const line of lines) {
        const isEnough = this.#line(withoutEnd(line, separator)) || this.#count >= most;
        if (out.isFull) await out.flush();
        if (isEnough) break scan;
      }
      await out.flush();
    }
    if (source !== this.#command.context.stdin) source.destroy();
    if (options.has("q")) return this.#count > 0;
    if (options.has("l")) {
      if (this.#count > 0) out.put(`${this.#name}\n`);
    } else if (options.has("L")) {
      if (this.#count === 0) out.put(`${this.#name}\n`);
    } else if (options.has("c")) out.putBytes(`${this.#prefix === "" ? "" : `${this.#prefix}:`}${this.#count}\n`);
    return this.#count > 0;
  }

  /** Looks at a line. Returns whether no more lines are needed. */
  #line(text: string): boolean {
    const { patterns, options } = this.#rules;
    this.#number++;
    const isMatch = patterns.some((pattern) => {
      pattern.lastIndex = 0;
      return pattern.test(text);
    });
    if (isMatch === options.has("v")) {
      this.#context(text);
      return false;
    }
    this.#count++;
    if (options.has("qlL")) return true;
    if (options.has("c")) return false;
    if (options.has("o")) {
      if (!options.has("v")) for (const part of matchesIn(text, patterns)) this.#print(part, ":", this.#number);
      return false;
    }
    for (const [number, line] of this.#before) this.#print(line, "-", number);
    this.#before = [];
    this.#print(text, ":", this.#number);
    this.#after = this.#rules.after;
    return false;
  }

  /** Looks at a line that does not match: it may be near one that does. */
  #context(text: string): void {
    const { options, before } = this.#rules;
    if (options.has("qlLco")) return;
    if (this.#after > 0) {
      this.#after--;
      this.#print(text, "-", this.#number);
    } else if (before > 0) {
      this.#before.push([this.#number, text]);
      if (this.#before.length > before) this.#before.shift();
    }
  }

  #print(text: string, mark: ":" | "-", number: number): void {
    const { options, before, after } = this.#rules;
    if (before + after > 0 && this.#lastPrinted > 0 && number > this.#lastPrinted + 1) this.#command.out.put("--\n");
    this.#lastPrinted = number;
    const name = this.#prefix === "" ? "" : `${this.#prefix}${mark}`;
    this.#command.out.putBytes(`${name}${options.has("n") ? `${number}${mark}` : ""}${text}\n`);
  }
}

/** Returns the files below a directory. */
async function* filesIn(command: Command, path: string): AsyncGenerator<string, void, undefined> {
  const status = await command.statusOf(path, false);
  if (status?.kind !== "directory") {
    if (status?.kind !== "symlink") yield path;
    return;
  }
  for (const name of await command.files.list(command.path(path))) yield* filesIn(command, joined(path, name));
}

async function patternsOf(command: Command, options: Arguments): Promise<string[]> {
  const patterns = options.values("e");
  for (const path of options.values("f")) {
    const source = await command.attempt(
      () => command.open(path),
      (reason) => `${path}: ${reason}`,
    );
    if (!source) throw new Failure("", 2);
    const text = Buffer.from(await command.all(source), "latin1").toString();
    if (text !== "") patterns.push(...withoutEnd(text).split("\n"));
  }
  if (!options.has("ef")) {
    const first = options.operands.shift();
    if (first === undefined) throw new UsageError("");
    patterns.push(...first.split("\n"));
  }
  return patterns;
}

function compiled(pattern: string, rules: RegexRules, options: Arguments): RegExp {
  try {
    return posixRegex(byteString(pattern), rules, options.has("o") ? "g" : "");
  } catch (error) {
    throw error instanceof Failure ? new Failure(error.message, 2) : error;
  }
}

/** Opens a file to be searched. Directories are passed over. */
async function opened(command: Command, path: string, isQuiet: boolean): Promise<Readable | "missing" | "directory"> {
  if (path !== "-" && (await command.statusOf(path))?.kind === "directory") return "directory";
  try {
    return await command.open(path);
  } catch (error) {
    const reason = reasonOf(error);
    if (!isQuiet) command.complain(`${path}: ${reason}`);
    return "missing";
  }
}

function wholeness(options: Arguments): "line" | "word" | undefined {
  if (options.has("x")) return "line";
  return options.has("w") ? "word" : undefined;
}

/** Prints the lines that match a regular expression. */
export const grep = program(
  async (command) => {
    const options = command.options("HhnlLoqvsrRiwxFEczA:B:C:m:e:f:");
    const patterns = await patternsOf(command, options);
    const rules = {
      isExtended: options.has("E") || command.name === "egrep",
      isFixed: options.has("F") || command.name === "fgrep",
      ignoresCase: options.has("i"),
      matches: wholeness(options),
    };
    const isRecursive = options.has("rR");
    const operands = options.operands.length > 0 ? options.operands : [isRecursive ? "." : "-"];
    const around = options.value("C");
    const scan: GrepRules = {
      patterns: patterns.map((pattern) => compiled(pattern, rules, options)),
      options,
      showsNames: options.has("H") || (!options.has("h") && (operands.length > 1 || isRecursive)),
      before: readCount(options.value("B") ?? around ?? "0"),
      after: readCount(options.value("A") ?? around ?? "0"),
      most: options.has("m") ? readCount(options.value("m") ?? "") : Infinity,
    };
    const result = { isFound: false, isBroken: false };
    const search = async (path: string): Promise<void> => {
      const source = await opened(command, path, options.has("s"));
      if (source === "missing") result.isBroken = true;
      else if (source !== "directory" && (await new Scan(command, scan, path === "-" ? "(standard input)" : path).run(source)))
        result.isFound = true;
    };
    for (const path of operands) {
      if (isRecursive && (await command.statusOf(path))?.kind === "directory") {
        for await (const file of filesIn(command, path)) await search(file);
      } else await search(path);
      if (result.isFound && options.has("q")) return 0;
    }
    if (result.isBroken) return 2;
    return result.isFound ? 0 : 1;
  },
  { usage: "[-HhnlLoqvsrRiwFE] [-m N] [-A|B|C N] { PATTERN | -e PATTERN... | -f FILE... } [FILE]...", usageCode: 2 },
);
