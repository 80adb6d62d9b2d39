import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { IgnoreMatcher, type IgnoreVerdict, parseIgnoreFile, readIgnoreFile } from "../../lib/archive/ignore-file.js";
import { InvalidOptionError } from "../../lib/errors/usage-errors.js";

/** The files that the docker CLI (28.2) sent for several hundred ignore files, and the ignore files that it rejected. */
const recorded = JSON.parse(readFileSync(new URL("fixtures/dockerignore.json", import.meta.url), "utf8")) as {
  paths: string[];
  directories: string[];
  accepted: [text: string, sent: string][];
  /** Cases where the CLI, unlike BuildKit, skips an ignored directory because no exception starts with its name. */
  cutShort: [text: string, sent: string][];
  refused: string[];
};

const matcherOf = (text: string): IgnoreMatcher => new IgnoreMatcher(parseIgnoreFile(text));

/** Returns the paths that a walk of the recorded tree finds, with or without pruning ignored directories. */
function walked(matcher: IgnoreMatcher, prune: boolean): Set<string> {
  const sent = new Set<string>();
  const verdicts = new Map<string, IgnoreVerdict>();
  const pruned: string[] = [];
  for (const path of recorded.paths) {
    if (pruned.some((directory) => path.startsWith(`${directory}/`))) continue;
    const verdict = matcher.judge(path, verdicts.get(path.slice(0, Math.max(path.lastIndexOf("/"), 0))));
    verdicts.set(path, verdict);
    if (!verdict.ignored) sent.add(path);
    else if (prune && recorded.directories.includes(path) && !matcher.mayIncludeBelow(path)) pruned.push(path);
  }
  return sent;
}

const bits = (sent: ReadonlySet<string>): string => recorded.paths.map((path) => (sent.has(path) ? "1" : "0")).join("");

describe("parseIgnoreFile", () => {
  it("skips blank lines and comments that start in the first column", () => {
    expect(parseIgnoreFile("# comment\n\n  \t\n#a\n # not one\na # nor this\n")).toEqual(["# not one", "a # nor this"]);
  });

  it("strips a byte order mark only from the first line", () => {
    expect(parseIgnoreFile("\ufeff# comment\na\n\ufeffb")).toEqual(["a", "\ufeffb"]);
    expect(parseIgnoreFile(Buffer.from([0xef, 0xbb, 0xbf, 0x61]))).toEqual(["a"]);
  });

  it("parses bytes like strings", () => {
    expect(parseIgnoreFile(Buffer.from("ünï\r\n!日本\r\n"))).toEqual(["ünï", "!日本"]);
  });

  it.each([
    [" a ", "a"],
    ["a/", "a"],
    ["/a", "a"],
    ["//a//b/", "a/b"],
    ["./a", "a"],
    ["a/./b/../c", "a/c"],
    ["../a", "../a"],
    ["/../a", "a"],
    ["/", "/"],
    [".", "."],
    ["a\u0085", "a"],
    ["! a ", "!a"],
    ["!/a/", "!a"],
    ["!!a", "!!a"],
    ["!", "!"],
    ["a b", "a b"],
  ])("normalizes %j to %j", (line, pattern) => {
    expect(parseIgnoreFile(`${line}\n`)).toEqual([pattern]);
  });

  it("treats backslashes as separators only on Windows", () => {
    expect(parseIgnoreFile("a\\b\n!c\\*.txt\n", "\\")).toEqual(["a/b", "!c/*.txt"]);
    expect(parseIgnoreFile("a\\b\n", "/")).toEqual(["a\\b"]);
  });
});

describe("readIgnoreFile", () => {
  it("returns the matcher of the patterns", () => {
    const matcher = readIgnoreFile(Buffer.from("# all\n*\n!a\n"), "/x/.dockerignore");
    expect([matcher.ignores("a"), matcher.ignores("b")]).toEqual([false, true]);
  });

  it.each([
    ["a\n\n# b\n  [\nc\n", '/x/.dockerignore:4: malformed ignore pattern: "["'],
    ["\ufeff[z-a]\n", '/x/.dockerignore:1: malformed ignore pattern: "[z-a]"'],
    [`a\n${"b".repeat(64 * 1024)}\n`, "/x/.dockerignore:2: the line is longer than 64 KiB"],
    [`a\n#${"ü".repeat(32 * 1024)}\n`, "/x/.dockerignore:2: the line is longer than 64 KiB"],
  ])("names the file and line of a malformed pattern: case %#", (text, message) => {
    expect(() => readIgnoreFile(text, "/x/.dockerignore")).toThrow(InvalidOptionError);
    expect(() => readIgnoreFile(text, "/x/.dockerignore")).toThrow(message);
  });

  it("reads lines with a lot of white space in linear time", () => {
    const began = performance.now();
    expect(parseIgnoreFile(`a${" ".repeat(60_000)}b\n`.repeat(50))).toHaveLength(50);
    expect(performance.now() - began).toBeLessThan(2000);
  });
});

describe("IgnoreMatcher", () => {
  it.each(recorded.accepted)("includes the same files as the docker CLI for %j", (text, sent) => {
    expect(bits(walked(matcherOf(text), false))).toBe(sent);
    expect(bits(walked(matcherOf(text), true))).toBe(sent);
  });

  it.each(recorded.cutShort)("includes more files than the docker CLI for %j only in ignored directories", (text, sent) => {
    const matcher = matcherOf(text);
    const ours = walked(matcher, true);
    expect(bits(ours)).toBe(bits(walked(matcher, false)));
    const theirs = recorded.paths.filter((_, index) => sent[index] === "1");
    expect(theirs.filter((path) => !ours.has(path))).toEqual([]);
    const more = [...ours].filter((path) => !theirs.includes(path));
    expect(more).not.toEqual([]);
    expect(
      more.filter((path) => !recorded.directories.some((parent) => path.startsWith(`${parent}/`) && matcher.ignores(parent))),
    ).toEqual([]);
  });

  it.each(recorded.refused)("rejects %j like the docker CLI", (text) => {
    expect(() => matcherOf(text)).toThrow(InvalidOptionError);
  });

  it.each([
    ["**", "dir/file", true],
    ["**/", "file", true],
    ["dir/**", "dir", false],
    ["dir/**", "dir/dir2/file", true],
    ["**/dir2/**", "dir/dir2/dir3/file", true],
    ["**file", "dir/myfile", true],
    ["**/file", "dir/dir/file", true],
    ["**/.foo", "bar.foo", false],
    ["a**/*.txt", "a/dir/dir/file.txt", true],
    ["a/*.txt", "a/dir/file.txt", false],
    ["a/*.txt**", "a/file.txt", true],
    ["a[b-d]e", "ace", true],
    ["a[^b-d]e", "aze", true],
    ["a[^b-d]e", "ace", false],
    ["[x\\-]", "-", true],
    ["[\\]a]", "]", true],
    ["a?b", "a☺b", true],
    ["a?b", "a/b", false],
    ["[a-ζ]*", "α", true],
    ["a\\*b", "a*b", true],
    ["a\\*b", "axb", false],
    ["abc.def", "abcZdef", false],
    ["a.b*", "axb", false],
    ["a(b)c*", "a(b)cd", true],
    ["a|b*", "a", false],
    ["a{2}*", "a{2}x", true],
    ["*.a\\.b", "x.a.b", true],
    ["a\\ab?", "a\x07bc", true],
    ["\\Aab\\z?", "ab", false],
    ["a\\-[\\-]", "a--", true],
    ["a]*", "a]b", true],
    ["a.[[]", "a.[", true],
    [".*", "foo", false],
    ["*", "a/b", true],
    ["A", "a", false],
  ])("matches %j against %j: %j", (pattern, path, ignored) => {
    expect(new IgnoreMatcher([pattern]).ignores(path)).toBe(ignored);
  });

  it.each([
    [["docs", "!docs/README.md"], "docs/README.md", false],
    [["!README.md", "*.md"], "README.md", true],
    [["**", "!util/docker/web"], "util/docker/web/foo", false],
    [["**", "!util/docker/web", "util/docker/web/foo"], "util/docker/web/foo", true],
    [["*.md", "!README*.md", "README-secret.md"], "README-secret.md", true],
    [["  ", " a "], "a", true],
    [[], "a", false],
  ])("matches the list %j against %j: %j", (patterns, path, ignored) => {
    expect(new IgnoreMatcher(patterns).ignores(path)).toBe(ignored);
  });

  it.each([
    "[",
    "[]a]",
    "[-]",
    "[x-]",
    "[a-b-c]",
    "[^]",
    "a[",
    "\\",
    "a/\\",
    "[\\",
    "[z-a]",
    "a\\lb",
    "\\ü",
    "!",
    "!/",
    "![",
    "[a-\\",
  ])("rejects %j and names it", (pattern) => {
    expect(() => new IgnoreMatcher(["ok", pattern])).toThrow(InvalidOptionError);
    expect(() => new IgnoreMatcher([pattern])).toThrow(JSON.stringify(pattern === "!/" ? "!" : pattern));
  });

  it.each([
    ["!a/b/c", "a", true],
    ["!a/b/c", "a/b", true],
    ["!a/b/c", "a/b/c", false],
    ["!a/b/c", "x", false],
    ["!*.md", "node_modules", false],
    ["!src/*/keep", "node_modules", false],
    ["!src/*/keep", "src/x", true],
    ["!src/*/keep", "src/x/keep", false],
    ["!docs/**/x", "src", false],
    ["!docs/**/x", "docs/a/b", true],
    ["!**/x", "anything/at/all", true],
    ["![ab]/x", "c", true],
    ["a/b", "a", false],
  ])("decides with %j whether to search the ignored directory %j: %j", (pattern, directory, looks) => {
    expect(new IgnoreMatcher([pattern]).mayIncludeBelow(directory)).toBe(looks);
  });

  const component = fc.oneof(
    fc.constantFrom("a", "b", "src", "*", "**", "?", "[ab]", "*.md", "a*", "**b", "x.md"),
    fc.string({ unit: fc.constantFrom("a", "b", "*", "?", ".", "[", "]", "\\", "^", "-"), maxLength: 5 }),
  );
  const pattern = fc
    .tuple(fc.boolean(), fc.array(component, { minLength: 1, maxLength: 4 }))
    .map(([exception, components]) => `${exception ? "!" : ""}${components.join("/")}`);
  const path = fc.array(fc.constantFrom("a", "b", "src", "x.md", "ab", "b*"), { minLength: 1, maxLength: 5 });

  it("either rejects a pattern or matches it against every path, and never prunes a directory with included paths", () => {
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 5 }), path, (patterns, components) => {
        let matcher: IgnoreMatcher;
        try {
          matcher = new IgnoreMatcher(patterns);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidOptionError);
          return;
        }
        const parents = components.slice(0, -1).map((_, depth) => components.slice(0, depth + 1).join("/"));
        const closed = parents.some((parent) => matcher.ignores(parent) && !matcher.mayIncludeBelow(parent));
        if (closed) expect(matcher.ignores(components.join("/"))).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it("matches long paths quickly against patterns with many **", () => {
    const matcher = new IgnoreMatcher([`${"**/".repeat(12)}*x`]);
    const began = performance.now();
    expect(matcher.ignores("a/".repeat(400) + "b")).toBe(false);
    expect(performance.now() - began).toBeLessThan(2000);
    expect(matcher.ignores("a/".repeat(400) + "x")).toBe(true);
  });

  it.each([
    ["*a*a*a*a*a*a*a*a*a*a*a*ab", "a".repeat(4000)],
    ["**/a/**/a/**/a/**/a/**/a/**/a/**/b", "a/".repeat(2000) + "c"],
    ["[ab]*[ab]*[ab]*[ab]*[ab]*[ab]*[ab]*c", "ab".repeat(2000)],
    [`${"?*".repeat(50)}b`, "a".repeat(4000)],
  ])("matches %j in linear time", (pattern, path) => {
    const matcher = new IgnoreMatcher([pattern]);
    const began = performance.now();
    expect(matcher.ignores(path)).toBe(false);
    expect(performance.now() - began).toBeLessThan(2000);
  });

  it("matches a path with more distinct characters than it caches", () => {
    const all = String.fromCodePoint(...Array.from({ length: 12_000 }, (_, index) => 0x4e00 + index));
    const matcher = new IgnoreMatcher(["*x*y"]);
    expect(matcher.ignores(`${all}x${all}y`)).toBe(true);
    expect(matcher.ignores(`${all}y${all}x`)).toBe(false);
  });

  it.each([
    ["a\\b?c*", "abc", false],
    ["\\bab*", "abc", true],
    ["a\\B?*", "abc", true],
    ["?\\b.md*", "a.md", true],
    ["a^b*", "a^b", false],
  ])("interprets escapes in %j like the docker CLI for %j: %j", (pattern, path, ignored) => {
    expect(new IgnoreMatcher([pattern]).ignores(path)).toBe(ignored);
  });

  it("ignores everything below an ignored directory if no pattern makes an exception", () => {
    fc.assert(
      fc.property(fc.constantFrom("a", "b", "a*", "src", "**/ab", "?"), path, path, (only, above, below) => {
        const matcher = new IgnoreMatcher([only]);
        if (matcher.ignores(above.join("/"))) expect(matcher.ignores([...above, ...below].join("/"))).toBe(true);
      }),
    );
  });

  it("lets the last matching pattern decide", () => {
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 4 }), path, (patterns, components) => {
        const name = components.join("/").replaceAll("*", "\\*");
        const judge = (last: string): boolean | undefined => {
          try {
            return new IgnoreMatcher([...patterns, last]).ignores(components.join("/"));
          } catch {
            return undefined; // one of the random patterns is malformed
          }
        };
        expect([true, undefined]).toContain(judge(name));
        expect([false, undefined]).toContain(judge(`!${name}`));
      }),
    );
  });
});
