import { quoted } from "../errors/quote.js";
import { InvalidOptionError } from "../errors/usage-errors.js";
import { LinearMatcher, type Step } from "./linear-matcher.js";

/** A compiled pattern of a `.dockerignore` file. */
export interface IgnorePattern {
  /** Whether the pattern starts with `!` and is an exception to earlier patterns. */
  readonly exception: boolean;
  /** Whether the pattern matches exactly this path, regardless of paths below it. */
  readonly matches: (path: string) => boolean;
  /** Whether the pattern could match a path below this directory. True if this cannot be determined. */
  readonly mayMatchBelow: (directory: string) => boolean;
}

/** Creates the error for a malformed pattern. */
function malformedPattern(pattern: string, place: string): InvalidOptionError {
  return new InvalidOptionError("ignore", `${place}malformed ignore pattern: ${quoted(pattern)}`);
}

/** Whether a pattern has the syntax of Go's `filepath.Match`: closed, non-empty character classes, no trailing backslash. */
function isWellFormed(pattern: string): boolean {
  const chars = Array.from(pattern);
  let at = 0;
  const member = (): boolean => {
    const char = chars[at];
    if (char === undefined || char === "-" || char === "]") return false;
    if (char === "\\" && chars[++at] === undefined) return false;
    return ++at < chars.length;
  };
  while (at < chars.length) {
    const char = chars[at++];
    if (char === "\\" && chars[at++] === undefined) return false;
    if (char !== "[") continue;
    if (chars[at] === "^") at++;
    for (let members = 0; members === 0 || chars[at] !== "]"; members++) {
      if (!member()) return false;
      if (chars[at] !== "-") continue;
      at++;
      if (!member()) return false;
    }
    at++;
  }
  return true;
}

/** The kind of match that Docker derives from a pattern. */
type Kind = "exact" | "prefix" | "suffix" | "expression";

/**
 * Translates a pattern into a Go regular expression exactly as Docker does, because Docker's quirks decide which files are sent.
 */
function toExpression(pattern: string): { kind: Kind; expression: string } {
  const chars = Array.from(pattern);
  let kind: Kind = "exact";
  let expression = "";
  for (let at = 0, first = true; at < chars.length; at++, first = false) {
    const char = chars[at] ?? "";
    if (char === "*" && chars[at + 1] === "*") {
      at++;
      if (chars[at + 1] === "/") at++;
      const last = at + 1 === chars.length;
      expression += last ? ".*" : "(.*/)?";
      kind = first ? "suffix" : last && kind === "exact" ? "prefix" : "expression";
    } else if (char === "*" || char === "?") {
      expression += char === "*" ? "[^/]*" : "[^/]";
      kind = "expression";
    } else if (char === "\\") {
      expression += char + (chars[++at] ?? "");
      kind = "expression";
    } else if (char === "[" || char === "]") {
      expression += char;
      kind = "expression";
    } else {
      expression += ".+()|{}$".includes(char) ? `\\${char}` : char;
    }
  }
  return { kind, expression };
}

/** Translates an escape sequence of Go's regular expressions. */
function escaped(char: string, inClass: boolean): string {
  if ("dDsSwWfnrtv".includes(char)) return `\\${char}`;
  if (char === "a") return "\\x07";
  if (/[0-9A-Za-z\u0080-\u{10ffff}]/u.test(char)) throw new SyntaxError(`unknown escape: \\${char}`);
  return (inClass ? "^$\\.*+?()[]{}|/-" : "^$\\.*+?()[]{}|/").includes(char) ? `\\${char}` : char;
}

/**
 * Matches the next element of a Go regular expression: the group for any number of folders, or a character, class or escape, with
 * the `*` that may follow it.
 */
const atom = /\(\.\*\/\)\?|(\[\^?(?:\\.|[^\\\]])*\]|\\.|[^\\[])(\*?)/suy;

const isWord = (char: string | undefined): boolean => char !== undefined && /\w/.test(char);

/** The assertions about a position between two characters. */
const places: Readonly<Record<string, (before: string | undefined, after: string | undefined) => boolean>> = {
  "^": (before) => before === undefined,
  "\\A": (before) => before === undefined,
  "\\z": (_, after) => after === undefined,
  "\\b": (before, after) => isWord(before) !== isWord(after),
  "\\B": (before, after) => isWord(before) === isWord(after),
};

const anyChar = (char: string): boolean => char !== "\n";

/** Translates a character class of Go's regular expressions, without its brackets, to JavaScript. */
function classOf(content: string): string {
  const chars = Array.from(content);
  let source = "";
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at] ?? "";
    if (char === "\\") source += escaped(chars[++at] ?? "", true);
    else source += char === "[" ? "\\[" : char;
  }
  return `[${source}]`;
}

/** Returns the test that an expression for one character stands for. Throws a SyntaxError if Go would reject the expression. */
function testOf(expression: string): (char: string) => boolean {
  if (expression === ".") return anyChar;
  if (expression === "[^/]") return (char) => char !== "/";
  const [first = "", second = ""] = expression;
  if (first === "[") {
    const compiled = new RegExp(classOf(expression.slice(1, -1)), "u");
    return (char) => compiled.test(char);
  }
  if (first !== "\\") return (char) => char === expression;
  const compiled = new RegExp(`^(?:${escaped(Array.from(expression)[1] ?? second, false)})$`, "u");
  return (char) => compiled.test(char);
}

/** Parses a Go regular expression. Throws a SyntaxError if Go would reject it. */
function compileGo(expression: string): LinearMatcher {
  const steps: Step[] = [];
  atom.lastIndex = 0;
  while (atom.lastIndex < expression.length) {
    const [folders, one, star] = atom.exec(expression) ?? [];
    if (folders === undefined) throw new SyntaxError("missing closing ]");
    if (one === undefined) {
      steps.push({ kind: "optional", steps: 2 }, { kind: "many", accepts: anyChar }, { kind: "one", accepts: (c) => c === "/" });
    } else if (places[one]) steps.push({ kind: "place", holds: places[one] });
    else steps.push({ kind: star === "*" ? "many" : "one", accepts: testOf(one) });
  }
  return new LinearMatcher(steps);
}

function matcherOf(pattern: string): (path: string) => boolean {
  const { kind, expression } = toExpression(pattern);
  if (kind === "exact") return (path) => path === pattern;
  if (kind === "prefix") {
    const prefix = pattern.slice(0, -2);
    return (path) => path.startsWith(prefix);
  }
  if (kind === "suffix") {
    const suffix = pattern.slice(2);
    return (path) => path.endsWith(suffix) || (suffix.startsWith("/") && path === suffix.slice(1));
  }
  const compiled = compileGo(expression);
  return (path) => compiled.matches(path);
}

/**
 * Returns a function that determines whether a path below a directory could match. It compares the components of the pattern up
 * to the first one that may match several.
 */
function belowMatcherOf(pattern: string): (directory: string) => boolean {
  const components = pattern.split("/");
  // classes and escapes may contain a slash, so only components before them can be compared one by one
  const spanning = components.findIndex((component) => /\*\*|[[\]\\]/.test(component));
  const fixed = (spanning === -1 ? components : components.slice(0, spanning)).map(matcherOf);
  return (directory) => {
    const parents = directory.split("/");
    if (spanning === -1 && parents.length >= fixed.length) return false;
    return parents.every((parent, depth) => fixed[depth]?.(parent) ?? true);
  };
}

/**
 * Compiles a normalized pattern.
 *
 * @param text - the pattern.
 * @param place - its location, for error messages: empty, or the path and line in its file.
 * @throws {@link InvalidOptionError} when it is malformed.
 */
export function compilePattern(text: string, place: string): IgnorePattern {
  const exception = text.startsWith("!");
  const pattern = exception ? text.slice(1) : text;
  if (pattern === "" || !isWellFormed(pattern)) throw malformedPattern(text, place);
  try {
    return { exception, matches: matcherOf(pattern), mayMatchBelow: belowMatcherOf(pattern) };
  } catch {
    // not a valid regular expression, such as one with a range from z to a
    throw malformedPattern(text, place);
  }
}
