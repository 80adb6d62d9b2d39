import { Failure } from "./command.js";

/** The character classes of POSIX, for byte strings, as parts of a bracket. */
export const classes: Readonly<Record<string, string>> = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  blank: " \\t",
  cntrl: "\\0-\\x1f\\x7f",
  digit: "0-9",
  graph: "!-~",
  lower: "a-z",
  print: " -~",
  punct: "!-\\/:-@\\[-`{-~",
  space: " \\t\\n\\v\\f\\r",
  upper: "A-Z",
  xdigit: "0-9A-Fa-f",
};

/** The escapes of GNU that both syntaxes have. */
const gnuEscapes: Readonly<Record<string, string>> = {
  w: "[0-9A-Za-z_]",
  W: "[^0-9A-Za-z_]",
  s: "\\s",
  S: "\\S",
  b: "\\b",
  B: "\\B",
  "<": "\\b(?=[0-9A-Za-z_])",
  ">": "\\b(?<=[0-9A-Za-z_])",
  "`": "(?<![^])",
  "'": "(?![^])",
  n: "\\n",
  t: "\\t",
  r: "\\r",
  f: "\\f",
  v: "\\v",
};

const quote = (char: string): string => (/[\\^$.*+?()[\]{}|/-]/.test(char) ? `\\${char}` : char);

/** Translates POSIX regular expressions, basic and extended, into those of JavaScript. */
class Translator {
  readonly #pattern: string;
  readonly #isExtended: boolean;
  #at = 0;
  #source = "";
  /** Where the last thing starts that can be repeated; undefined if there is none. */
  #atom: number | undefined;
  readonly #open: number[] = [];
  #groups = 0;

  constructor(pattern: string, isExtended: boolean) {
    this.#pattern = pattern;
    this.#isExtended = isExtended;
  }

  translate(): string {
    while (this.#at < this.#pattern.length) this.#next();
    if (this.#open.length > 0) throw this.#failure();
    return this.#source;
  }

  #failure(): Failure {
    return new Failure(`bad regex '${this.#pattern}'`);
  }

  #next(): void {
    const char = this.#pattern.charAt(this.#at++);
    if (char === "\\") this.#escape();
    else if (char === "[") this.#bracket();
    else if (char === "*") this.#star();
    else if (char === ".") this.#put("[^]");
    else if (char === "^") this.#caret();
    else if (char === "$") this.#dollar();
    else if (this.#isExtended && "+?{|()".includes(char)) this.#operator(char);
    else this.#put(quote(char));
  }

  #put(source: string): void {
    this.#atom = this.#source.length;
    this.#source += source;
  }

  #repeat(suffix: string): void {
    if (this.#atom === undefined) return;
    // a repetition may itself be repeated, which JavaScript does not allow
    const atom = this.#source.slice(this.#atom);
    const isRepeated =
      /(?:[*+?]|\{[\d,]+\})$/.test(atom) && !/(?:^|[^\\])(?:\\\\)*\\[*+?}]$/.test(atom) && !/^\[.*\]$/s.test(atom);
    this.#source = this.#source.slice(0, this.#atom) + (isRepeated ? `(?:${atom})` : atom) + suffix;
  }

  #escape(): void {
    const char = this.#pattern.charAt(this.#at++);
    if (char === "") throw this.#failure();
    if (!this.#isExtended && "+?{|()}".includes(char)) {
      if (char !== "}") this.#operator(char);
      else this.#put("\\}");
    } else if (/[1-9]/.test(char)) {
      if (Number(char) > this.#groups) throw this.#failure();
      this.#put(`(?:\\${char})`);
    } else this.#put(gnuEscapes[char] ?? quote(char));
  }

  #star(): void {
    // there is nothing to be repeated: the extended syntax ignores it
    if (this.#atom !== undefined) this.#repeat("*");
    else if (!this.#isExtended) this.#put("\\*");
  }

  #caret(): void {
    const isAnchor = this.#isExtended || this.#source === "" || /(?:\(|\|)$/.test(this.#source);
    if (!isAnchor) this.#put("\\^");
    else {
      this.#source += "^";
      this.#atom = undefined;
    }
  }

  #dollar(): void {
    const rest = this.#pattern.slice(this.#at);
    const isAnchor = this.#isExtended || rest === "" || rest.startsWith("\\)") || rest.startsWith("\\|");
    if (!isAnchor) this.#put("\\$");
    else {
      this.#source += "$";
      this.#atom = undefined;
    }
  }

  #operator(char: string): void {
    if (char === "(") {
      this.#open.push(this.#source.length);
      this.#groups++;
      this.#source += "(";
      this.#atom = undefined;
    } else if (char === ")") {
      const start = this.#open.pop();
      if (start === undefined) {
        if (!this.#isExtended) throw this.#failure();
        this.#put("\\)");
        return;
      }
      this.#source += ")";
      this.#atom = start;
    } else if (char === "|") {
      this.#source += "|";
      this.#atom = undefined;
    } else if (char === "{") this.#interval();
    else if (this.#atom === undefined) this.#put(`\\${char}`);
    else this.#repeat(char);
  }

  #interval(): void {
    const rest = this.#pattern.slice(this.#at);
    const [whole, from, comma, to] = (this.#isExtended ? /^(\d*)(,?)(\d*)\}/ : /^(\d*)(,?)(\d*)\\\}/).exec(rest) ?? [];
    if (whole === undefined || (from === "" && comma === "")) {
      if (!this.#isExtended) throw this.#failure();
      this.#put("\\{");
      return;
    }
    this.#at += whole.length;
    if (to !== "" && Number(to) < Number(from)) throw this.#failure();
    this.#repeat(`{${from === "" ? "0" : (from ?? "")}${comma ?? ""}${to ?? ""}}`);
  }

  #bracket(): void {
    const isNegated = this.#pattern[this.#at] === "^";
    if (isNegated) this.#at++;
    let source = "";
    let isFirst = true;
    for (;;) {
      const char = this.#pattern.charAt(this.#at);
      if (char === "") throw this.#failure();
      if (char === "]" && !isFirst) break;
      isFirst = false;
      source += this.#bracketItem();
    }
    this.#at++;
    this.#put(isNegated ? `[^${source}]` : `[${source}]`);
  }

  /** Translates a class, a range or a character. A backslash is a character like others. */
  #bracketItem(): string {
    const rest = this.#pattern.slice(this.#at);
    const [name, letters] = /^\[:(\w+):\]/.exec(rest) ?? [];
    if (name !== undefined) {
      const set = classes[letters ?? ""];
      if (set === undefined) throw this.#failure();
      this.#at += name.length;
      return set;
    }
    const start = this.#bracketCharacter();
    const isRange = this.#pattern[this.#at] === "-" && !["]", undefined].includes(this.#pattern[this.#at + 1]);
    if (!isRange) return quote(start);
    this.#at++;
    const end = this.#bracketCharacter();
    if (end < start) throw this.#failure();
    return `${quote(start)}-${quote(end)}`;
  }

  #bracketCharacter(): string {
    const [name, char] = /^\[([.=])([^])\1\]/.exec(this.#pattern.slice(this.#at))?.filter((_, index) => index !== 1) ?? [];
    this.#at += name?.length ?? 1;
    return char ?? this.#pattern.charAt(this.#at - 1);
  }
}

/** How a regular expression is read. */
export interface RegexRules {
  /** Whether it is an extended one. */
  readonly isExtended?: boolean;
  /** Whether upper and lower case are the same. */
  readonly ignoresCase?: boolean;
  /** Whether it must match whole lines, or whole words. */
  readonly matches?: "line" | "word" | undefined;
  /** Whether all characters stand for themselves. */
  readonly isFixed?: boolean;
}

/**
 * Translates a regular expression of POSIX, basic or extended with the additions of GNU, for byte strings.
 *
 * Alternatives are tried from the left, as JavaScript does; POSIX prefers the longest match.
 *
 * @throws {@link Failure} when it is not a regular expression.
 */
export function posixRegex(pattern: string, rules: RegexRules = {}, flags = ""): RegExp {
  let source = rules.isFixed
    ? pattern.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")
    : new Translator(pattern, rules.isExtended ?? false).translate();
  if (rules.matches === "line") source = `^(?:${source})$`;
  if (rules.matches === "word") source = `(?<![0-9A-Za-z_])(?:${source})(?![0-9A-Za-z_])`;
  try {
    return new RegExp(source, `${flags}${rules.ignoresCase ? "i" : ""}`);
  } catch {
    throw new Failure(`bad regex '${pattern}'`);
  }
}
