import { posix, sep } from "node:path";
import { compilePattern, type IgnorePattern } from "./ignore-pattern.js";

// White space as Go knows it: JavaScript's trim() would also take a byte order mark, and leave a next-line character.
const leadingSpace = /^[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;
const trailingSpace = /[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/;
const trim = (text: string): string => text.replace(leadingSpace, "").replace(trailingSpace, "");

/** Makes `a//b/./c/../d/` into `a/b/d`. The empty path is `.`. */
function clean(path: string): string {
  const normal = posix.normalize(path);
  return normal.length > 1 && normal.endsWith("/") ? normal.slice(0, -1) : normal;
}

/**
 * Reads the patterns of a `.dockerignore` file, in order.
 *
 * Blank lines and lines whose very first character is `#` are left out; the rest are cleaned of white space around them, of leading and
 * trailing slashes and of `.` and `..`. A byte order mark at the start of the file is no part of its first line.
 *
 * @param text - the file.
 * @param separator - the machine's path separator; with `\` the patterns may use it in place of `/`, and it escapes nothing.
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

/** What the patterns say of one path, with what they need to judge the paths below it. */
export interface IgnoreVerdict {
  /** Whether the path is left out. */
  readonly ignored: boolean;
  /** For each pattern, whether it named the path or a directory above it. */
  readonly matched: readonly boolean[];
}

/**
 * Judges paths by the patterns of a `.dockerignore` file, as the engine's own tools do: the last pattern that names a path, or a directory
 * above it, decides.
 */
export class IgnoreMatcher {
  readonly #patterns: readonly IgnorePattern[];

  /**
   * @param patterns - the patterns in order, as {@link parseIgnoreFile} gives them.
   * @throws {@link InvalidOptionError} when one of them is malformed.
   */
  constructor(patterns: readonly string[]) {
    this.#patterns = patterns
      .map(trim)
      .filter((pattern) => pattern !== "")
      .map((pattern) => compilePattern(clean(pattern)));
  }

  /**
   * Judges a path from what was found for its parent directory. A walk that goes down a tree judges each path once in this way.
   *
   * @param path - the path from the context's root, with `/` between its components.
   * @param parent - the verdict on the directory that holds it; undefined for what lies in the root.
   */
  judge(path: string, parent?: IgnoreVerdict): IgnoreVerdict {
    let ignored = false;
    const matched = this.#patterns.map((pattern, index) => {
      let match = parent?.matched[index] ?? false;
      // A pattern that could change nothing is not tried, and so is not handed down either: the engine's own tools do the same.
      if (!match && pattern.exception === ignored) match = pattern.matches(path);
      if (match) ignored = !pattern.exception;
      return match;
    });
    return { ignored, matched };
  }

  /**
   * Tells whether a path is left out.
   *
   * @param path - the path from the context's root, with `/` between its components.
   */
  ignores(path: string): boolean {
    let verdict: IgnoreVerdict | undefined;
    for (let end = path.indexOf("/"); end !== -1; end = path.indexOf("/", end + 1))
      verdict = this.judge(path.slice(0, end), verdict);
    return this.judge(path, verdict).ignored;
  }

  /**
   * Tells whether an ignored directory has to be walked all the same, because an exception could name something below it.
   *
   * @param directory - the directory's path from the context's root.
   */
  mayIncludeBelow(directory: string): boolean {
    return this.#patterns.some((pattern) => pattern.exception && pattern.mayMatchBelow(directory));
  }
}
