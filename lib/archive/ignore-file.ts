import { posix, sep } from "node:path";
import { InvalidOptionError } from "../errors/usage-errors.js";
import { trimEnd } from "../wire/trim-end.js";
import { compilePattern, type IgnorePattern } from "./ignore-pattern.js";

// white space as in Go: JavaScript's trim() would also remove a byte order mark, but not a next-line character
const space =
  "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000";

function trim(text: string): string {
  let start = 0;
  while (start < text.length && space.includes(text.charAt(start))) start += 1;
  return trimEnd(text.slice(start), space);
}

/** The maximum length of a line in bytes, as in the docker command. */
const LONGEST_LINE = 64 * 1024;

/** Normalizes `a//b/./c/../d/` to `a/b/d`. The empty path is `.`. */
function clean(path: string): string {
  const normal = posix.normalize(path);
  return normal.length > 1 && normal.endsWith("/") ? normal.slice(0, -1) : normal;
}

/** A pattern of an ignore file, with its line. */
interface PlacedPattern {
  readonly pattern: string;
  /** The number of its line, starting at 1. */
  readonly line: number;
}

function normalize(text: string, separator: string): string {
  const exception = text.startsWith("!");
  let pattern = exception ? trim(text.slice(1)) : text;
  if (separator === "\\") pattern = pattern.replaceAll("\\", "/");
  if (pattern !== "") pattern = clean(pattern);
  if (pattern.length > 1 && pattern.startsWith("/")) pattern = pattern.slice(1);
  return exception ? `!${pattern}` : pattern;
}

function* placedPatterns(text: string | Uint8Array, separator: string, path: string): Generator<PlacedPattern> {
  const content = typeof text === "string" ? text : Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString("utf8");
  let line = 0;
  for (const written of content.replace(/^\ufeff/, "").split("\n")) {
    line += 1;
    if (written.length >= LONGEST_LINE || Buffer.byteLength(written) >= LONGEST_LINE) {
      throw new InvalidOptionError("ignore", `${path}:${line}: the line is longer than 64 KiB`);
    }
    const pattern = written.startsWith("#") ? "" : trim(written);
    if (pattern !== "") yield { pattern: normalize(pattern, separator), line };
  }
}

/**
 * Parses the patterns of a `.dockerignore` file, in order.
 *
 * Blank lines and lines that start with `#` are skipped. Surrounding white space, leading and trailing slashes, and `.` and `..`
 * components are removed, as is a byte order mark at the start of the file.
 *
 * @param text - the content of the file.
 * @param separator - the path separator; with `\`, patterns may use it in place of `/`, and it is not an escape character.
 * @throws {@link InvalidOptionError} when a line is longer than 64 KiB.
 */
export function parseIgnoreFile(text: string | Uint8Array, separator: string = sep): string[] {
  return Array.from(placedPatterns(text, separator, ".dockerignore"), ({ pattern }) => pattern);
}

/**
 * Returns the matcher for an ignore file.
 *
 * @param text - the content of the file.
 * @param path - its path, for errors.
 * @throws {@link InvalidOptionError} with the path and the line when a pattern is malformed or too long.
 */
export function readIgnoreFile(text: string | Uint8Array, path: string): IgnoreMatcher {
  const placed = [...placedPatterns(text, sep, path)];
  return new IgnoreMatcher(
    placed.map(({ pattern }) => pattern),
    (index) => `${path}:${placed[index]?.line ?? 1}: `,
  );
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
   * @param placeOf - returns the location of the pattern at an index, for error messages.
   * @throws {@link InvalidOptionError} when a pattern is malformed.
   */
  constructor(patterns: readonly string[], placeOf: (index: number) => string = () => "") {
    this.#patterns = patterns.flatMap((text, index) => {
      const pattern = trim(text);
      return pattern === "" ? [] : [compilePattern(clean(pattern), placeOf(index))];
    });
  }

  /**
   * Matches a path, given the verdict on its parent directory, so that a walk down a tree matches each path only once.
   *
   * @param path - the path relative to the root of the context, with `/` as separator.
   * @param parent - the verdict on its parent directory; undefined for entries of the root.
   */
  judge(path: string, parent?: IgnoreVerdict): IgnoreVerdict {
    let ignored = false;
    const matched = this.#patterns.map((pattern, index) => {
      let match = parent?.matched[index] ?? false;
      // a pattern that cannot change the verdict is neither tried nor inherited, as in Docker's tools
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
