import { Failure } from "./command.js";
import { byteString } from "./output.js";
import { posixRegex } from "./regex.js";

/** Where a command of `sed` applies. */
export type Address =
  | { readonly kind: "line"; readonly line: number }
  | { readonly kind: "last" }
  | { readonly kind: "regex"; readonly regex: RegExp | undefined }
  | { readonly kind: "step"; readonly first: number; readonly step: number }
  | { readonly kind: "next"; readonly count: number };

/** The command `s`. */
export interface Substitution {
  /** Undefined for the regular expression that was used last. */
  readonly regex: RegExp | undefined;
  readonly replacement: readonly (string | number)[];
  readonly isGlobal: boolean;
  readonly isPrinted: boolean;
  /** The number of the first match that is replaced. */
  readonly occurrence: number;
  readonly file?: string;
}

/** A command of `sed`. */
export interface SedCommand {
  readonly name: string;
  readonly from?: Address;
  readonly to?: Address;
  readonly isNegated: boolean;
  /** Text of `a`, `i` and `c`, label of `b`, `t` and `T`, file of `r` and `w`, exit code of `q`. */
  readonly text: string;
  readonly substitution?: Substitution;
  /** The characters of `y` by what they become. */
  readonly map?: ReadonlyMap<string, string>;
  /** Where a block ends: the position of the command after it. */
  end?: number;
}

/** Reads a script of `sed`. */
export class SedParser {
  readonly #script: string;
  readonly #isExtended: boolean;
  readonly #commands: SedCommand[] = [];
  readonly #blocks: SedCommand[] = [];
  #at = 0;

  constructor(script: string, isExtended: boolean) {
    this.#script = byteString(script);
    this.#isExtended = isExtended;
  }

  /**
   * Returns the commands in order.
   *
   * @throws {@link Failure} when the script is wrong.
   */
  parse(): SedCommand[] {
    for (;;) {
      this.#skip(/[\s;]*/y);
      if (this.#at >= this.#script.length) break;
      if (this.#script[this.#at] === "#") this.#skip(/[^\n]*/y);
      else this.#command();
    }
    return this.#commands;
  }

  #skip(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const text = pattern.exec(this.#script)?.[0] ?? "";
    this.#at += text.length;
    return text;
  }

  #command(): void {
    const from = this.#address();
    let to: Address | undefined;
    if (from) {
      this.#skip(/[ \t]*/y);
      if (this.#script[this.#at] === ",") {
        this.#at++;
        this.#skip(/[ \t]*/y);
        to = this.#address(true);
        if (!to) throw new Failure("no address after comma");
      }
    }
    this.#skip(/[ \t]*/y);
    const isNegated = this.#skip(/(?:![ \t]*)*/y) !== "";
    const name = this.#script.charAt(this.#at++);
    if (name === "") throw new Failure("missing command");
    const command = { name, isNegated, ...(from ? { from } : {}), ...(to ? { to } : {}), ...this.#argument(name) };
    if (name === "}") {
      const block = this.#blocks.pop();
      if (!block) throw new Failure("unexpected '}'");
      block.end = this.#commands.length;
      return;
    }
    this.#commands.push(command);
    if (name === "{") this.#blocks.push(command);
  }

  #address(isSecond = false): Address | undefined {
    const step = this.#skip(/\d+~\d+/y);
    if (step !== "") {
      const [first, size] = step.split("~").map(Number);
      return { kind: "step", first: first ?? 0, step: size ?? 0 };
    }
    const line = this.#skip(/\d+/y);
    if (line !== "") return { kind: "line", line: Number(line) };
    if (isSecond) {
      const count = this.#skip(/\+\d+/y);
      if (count !== "") return { kind: "next", count: Number(count) };
    }
    const char = this.#script.charAt(this.#at);
    if (char === "$") {
      this.#at++;
      return { kind: "last" };
    }
    if (char !== "/" && char !== "\\") return undefined;
    this.#at += char === "\\" ? 2 : 1;
    const pattern = this.#delimited(this.#script.charAt(this.#at - 1), true);
    const ignoresCase = this.#skip(/[I]*/y) !== "";
    return { kind: "regex", regex: this.#regex(pattern, ignoresCase) };
  }

  #regex(pattern: string, ignoresCase: boolean, flags = ""): RegExp | undefined {
    return pattern === "" ? undefined : posixRegex(pattern, { isExtended: this.#isExtended, ignoresCase }, flags);
  }

  /** Reads up to a delimiter. In a regular expression, a delimiter in brackets does not count. */
  #delimited(delimiter: string, isRegex: boolean): string {
    let text = "";
    for (;;) {
      const char = this.#script.charAt(this.#at++);
      if (char === "") throw new Failure(`unmatched '${delimiter}'`);
      if (char === delimiter) return text;
      if (char === "[" && isRegex) {
        const bracket = /\^?\]?(?:\[[:.=][^\]]*\]|[^\]])*\]/y;
        bracket.lastIndex = this.#at;
        const rest = bracket.exec(this.#script)?.[0];
        text += char + (rest ?? "");
        this.#at += rest?.length ?? 0;
      } else if (char === "\\") {
        const next = this.#script.charAt(this.#at++);
        if (next === delimiter) text += isRegex && /[.*[\]^$+?(){}|]/.test(next) ? `\\${next}` : next;
        else if (next === "n" && isRegex) text += "\n";
        else text += `\\${next}`;
      } else text += char;
    }
  }

  #argument(name: string): Pick<SedCommand, "text" | "substitution" | "map"> {
    if ("{}=dDgGhHlnNpPxFz".includes(name)) {
      if (name !== "{") this.#end();
      return { text: "" };
    }
    if ("aic".includes(name)) return { text: this.#text() };
    if (name === ":") return { text: this.#skip(/[ \t]*[^\n;]*/y).trim() };
    if ("btT".includes(name)) return { text: this.#skip(/[ \t]*[^\n;}]*/y).trim() };
    if ("rwRW".includes(name)) return { text: this.#skip(/[ \t]*[^\n]*/y).trim() };
    if ("qQ".includes(name)) {
      const text = this.#skip(/[ \t]*\d*/y).trim();
      this.#end();
      return { text };
    }
    if (name === "s") return { text: "", substitution: this.#substitution() };
    if (name === "y") return { text: "", map: this.#map() };
    throw new Failure(`unsupported command ${name}`);
  }

  #end(): void {
    this.#skip(/[ \t]*/y);
    const char = this.#script.charAt(this.#at);
    if (char !== "" && !"\n;}#".includes(char)) throw new Failure("extra characters after command");
  }

  /** Reads the text of `a`, `i` and `c`: on the same line, or after a backslash and a line end. */
  #text(): string {
    this.#skip(/[ \t]*/y);
    this.#skip(/\\[ \t]*\n|\\(?=[ \t])/y);
    let text = "";
    for (;;) {
      const char = this.#script.charAt(this.#at++);
      if (char === "" || char === "\n") break;
      text += char === "\\" ? this.#escaped() : char;
    }
    return `${text}\n`;
  }

  #escaped(): string {
    const char = this.#script.charAt(this.#at++);
    return { t: "\t", n: "\n", r: "\r", f: "\f", v: "\v", a: "\x07" }[char] ?? char;
  }

  #substitution(): Substitution {
    const delimiter = this.#script.charAt(this.#at++);
    if (delimiter === "" || delimiter === "\n" || delimiter === "\\") throw new Failure("bad format in substitution expression");
    const pattern = this.#delimited(delimiter, true);
    const replacement = this.#delimited(delimiter, false);
    let file: string | undefined;
    let flags = this.#skip(/[gpIiem\d]*/y);
    if (this.#script[this.#at] === "w") {
      this.#at++;
      file = this.#skip(/[ \t]*[^\n]*/y).trim();
    } else {
      this.#skip(/[ \t]*/y);
      const rest = this.#script.charAt(this.#at);
      if (rest !== "" && !"\n;}#".includes(rest)) throw new Failure("bad option in substitution expression");
    }
    if (/[em]/.test(flags)) throw new Failure("bad option in substitution expression");
    const occurrence = Number(/\d+/.exec(flags)?.[0] ?? 1);
    flags = flags.replace(/\d/g, "");
    return {
      regex: this.#regex(pattern, /[iI]/.test(flags), "g"),
      replacement: replacementOf(replacement),
      isGlobal: flags.includes("g"),
      isPrinted: flags.includes("p"),
      occurrence,
      ...(file === undefined ? {} : { file }),
    };
  }

  #map(): ReadonlyMap<string, string> {
    const delimiter = this.#script.charAt(this.#at++);
    const plain = (text: string): string[] =>
      Array.from(text.matchAll(/\\[^]|[^]/g), ([piece]) => ({ "\\n": "\n", "\\t": "\t", "\\\\": "\\" })[piece] ?? piece);
    const from = plain(this.#delimited(delimiter, false));
    const to = plain(this.#delimited(delimiter, false));
    if (from.length !== to.length) throw new Failure("strings for 'y' have different lengths");
    return new Map(from.map((char, index) => [char, to[index] ?? ""]));
  }
}

/** Splits a replacement into text, and numbers for groups. */
function replacementOf(text: string): (string | number)[] {
  const parts: (string | number)[] = [];
  for (const [piece] of text.matchAll(/\\[^]|&|[^\\&]+/g)) {
    if (piece === "&") parts.push(0);
    else if (/^\\\d$/.test(piece)) parts.push(Number(piece.charAt(1)));
    else if (piece.startsWith("\\") && piece.length > 1) {
      const char = piece.charAt(1);
      parts.push({ n: "\n", t: "\t", r: "\r", f: "\f", v: "\v", a: "\x07" }[char] ?? char);
    } else parts.push(piece);
  }
  return parts;
}
