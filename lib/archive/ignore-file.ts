import { posix, sep } from "node:path";
import { compilePattern, type IgnorePattern } from "./ignore-pattern.js";

// white space as in Go: JavaScript's trim() would also remove a byte order mark, but not a next-line character
const leadingSpace = /^[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;
const trailingSpace = /[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/;
const trim = (text: string): string => text.replace(leadingSpace, "").replace(trailingSpace, "");

/** Normalizes `a//b/./c/../d/` to `a/b/d`. The empty path is `.`. */
function clean(path: string): string {
  const normal = posix.normalize(path);
  return normal.length > 1 && normal.endsWith("/") ? normal.slice(0, -1) : normal;
}

/**
 * Parses the patterns of a `.dockerignore` file, in order.
 *
 * Blank lines and lines that start with `#` are skipped. Surrounding white space, leading and trailing slashes, and `.` and `..`
 * components are removed, as is a byte order mark at the start of the file.
 *
 * @param text - the content of the file.
 * @param separator - the path separator; with `\`, patterns may use it in place of `/`, and it is not an escape character.
 */
export function parseIgnoreFile(text: string | Uint8Array, separator: string = sep): string[] {
  const content = typeof text === "string" ? text : Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString("utf8");
  const patterns: string[] = [];
  for (const line of content.replace(/^\ufeff/, "").split("\n")) {
    let pattern = trim(line);
    if (line.startsWith("#") || pattern === "") continue;
    const exception = pattern.startsWith("!");
    if (exception) pattern = trim(pattern.slice(1));
    if (separator === "\\") pattern = pattern.replaceAll("\\", "/");
    if (pattern !== "") pattern = clean(pattern);
    if (pattern.length > 1 && pattern.startsWith("/")) pattern = pattern.slice(1);
    patterns.push(exception ? `!${pattern}` : pattern);
  }
  return patterns;
}

/** The verdict of the patterns on a path, with the state for the paths below it. */
export interface IgnoreVerdict {
  /** Whether the path is ignored. */
  readonly ignored: boolean;
  /** For each pattern, whether it matches the path or a directory above it. */
  readonly matched: readonly boolean[];
}

/**
 * Matches paths against the patterns of a `.dockerignore` file, as Docker's tools do: the last pattern that matches a path, or a
 * directory above it, decides.
 */
export class IgnoreMatcher {
  readonly #patterns: readonly IgnorePattern[];

  /**
   * @param patterns - the patterns in order, as returned by {@link parseIgnoreFile}.
   * @throws {@link InvalidOptionError} when one of them is malformed.
   */
  constructor(patterns: readonly string[]) {
    this.#patterns = patterns
      .map(trim)
      .filter((pattern) => pattern !== "")
      .map((pattern) => compilePattern(clean(pattern)));
  }

  /**
   * Matches a path, given the verdict on its parent directory. A walk down a tree thus matches each path once.
   *
   * @param path - the path relative to the root of the context, with `/` as separator.
   * @param parent - the verdict on its parent directory; undefined for entries of the root.
   */
  judge(path: string, parent?: IgnoreVerdict): IgnoreVerdict {
    let ignored = false;
    const matched = this.#patterns.map((pattern, index) => {
      let match = parent?.matched[index] ?? false;
      // a pattern that cannot change the verdict is not tried and not inherited, as in Docker's tools
      if (!match && pattern.exception === ignored) match = pattern.matches(path);
      if (match) ignored = !pattern.exception;
      return match;
    });
    return { ignored, matched };
  }

  /**
   * Returns whether a path is ignored.
   *
   * @param path - the path relative to the root of the context, with `/` as separator.
   */
  ignores(path: string): boolean {
    let verdict: IgnoreVerdict | undefined;
    for (let end = path.indexOf("/"); end !== -1; end = path.indexOf("/", end + 1))
      verdict = this.judge(path.slice(0, end), verdict);
    return this.judge(path, verdict).ignored;
  }

  /**
   * Returns whether an ignored directory has to be walked, because an exception could match a path below it.
   *
   * @param directory - the path of the directory relative to the root of the context.
   */
  mayIncludeBelow(directory: string): boolean {
    return this.#patterns.some((pattern) => pattern.exception && pattern.mayMatchBelow(directory));
  }
}
