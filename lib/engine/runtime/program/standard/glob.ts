import { classes } from "./regex.js";

/** Returns the regular expression for a bracket of a pattern, and the position after it; undefined if it has no end. */
function bracket(pattern: string, at: number): { source: string; end: number } | undefined {
  let index = at + 1;
  const isNegated = pattern[index] === "!" || pattern[index] === "^";
  if (isNegated) index++;
  const first = index;
  let source = "";
  while (index < pattern.length && (pattern[index] !== "]" || index === first)) {
    const [name = "", letters] = /^\[:(\w+):\]/.exec(pattern.slice(index)) ?? [];
    if (letters !== undefined) {
      source += classes[letters] ?? "";
      index += name.length;
      continue;
    }
    if (pattern[index] === "\\" && index + 1 < pattern.length) index++;
    const char = pattern.charAt(index++);
    source += /[\\\][^]/.test(char) ? `\\${char}` : char;
  }
  if (index >= pattern.length) return undefined;
  return { source: isNegated ? `[^${source}]` : `[${source}]`, end: index + 1 };
}

/**
 * Translates a pattern of file names with `*`, `?` and `[…]`, as `fnmatch(3)` reads it. A `*` also matches slashes.
 *
 * @param ignoresCase - whether upper and lower case are the same.
 */
export function globExpression(pattern: string, ignoresCase = false): RegExp {
  let source = "";
  for (let at = 0; at < pattern.length;) {
    const char = pattern.charAt(at);
    const set = char === "[" ? bracket(pattern, at) : undefined;
    if (set) {
      source += set.source;
      at = set.end;
      continue;
    }
    if (char === "*") source += source.endsWith("[^]*") ? "" : "[^]*";
    else if (char === "?") source += "[^]";
    else {
      if (char === "\\" && at + 1 < pattern.length) at++;
      source += pattern.charAt(at).replace(/[\\^$.*+?()[\]{}|/]/, "\\$&");
    }
    at++;
  }
  try {
    return new RegExp(`^${source}$`, ignoresCase ? "i" : "");
  } catch {
    // a range that runs backwards matches nothing
    return /[^\s\S]/;
  }
}
