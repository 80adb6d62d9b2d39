import { EngineError } from "../engine-error.js";

const malformed = (): EngineError => new EngineError(500, "syntax error in pattern");

/** Quotes a character for a regular expression. */
const literal = (character: string): string => character.replace(/[\\^$.*+?()[\]{}|/-]/, "\\$&");

/** Reads a set of characters such as `[a-z]` or `[^x]`. Returns the expression and the position after it. */
function readSet(pattern: string, start: number): { expression: string; end: number } {
  let at = start + 1;
  const isNegated = pattern[at] === "^";
  if (isNegated) at += 1;
  let set = "";
  const character = (): string => {
    if (pattern[at] === "\\") at += 1;
    const read = pattern[at];
    if (read === undefined || (pattern[at - 1] !== "\\" && (read === "-" || read === "]"))) throw malformed();
    at += 1;
    return read;
  };
  do {
    const low = character();
    let high = low;
    if (pattern[at] === "-") {
      at += 1;
      high = character();
    }
    if (low <= high) set += `${literal(low)}-${literal(high)}`;
  } while (at < pattern.length && pattern[at] !== "]");
  if (pattern[at] !== "]") throw malformed();
  if (set === "") return { expression: isNegated ? "[^/]" : "(?!)", end: at + 1 };
  return { expression: `[${isNegated ? "^" : ""}${set}]`, end: at + 1 };
}

/**
 * Compiles a pattern of Go's `path.Match`, which Docker uses for the names of images: `*` and `?` do not match a slash.
 *
 * @throws {@link EngineError} when it is malformed.
 */
export function compileGlob(pattern: string): RegExp {
  let expression = "";
  for (let at = 0; at < pattern.length;) {
    const character = pattern[at] ?? "";
    if (character === "[") {
      const set = readSet(pattern, at);
      expression += set.expression;
      at = set.end;
      continue;
    }
    if (character === "\\") {
      at += 1;
      if (at === pattern.length) throw malformed();
      expression += literal(pattern[at] ?? "");
      at += 1;
      continue;
    }
    // runs of stars would take exponential time
    if (character === "*") expression += expression.endsWith("[^/]*") ? "" : "[^/]*";
    else expression += character === "?" ? "[^/]" : literal(character);
    at += 1;
  }
  return new RegExp(`^${expression}$`, "s");
}
