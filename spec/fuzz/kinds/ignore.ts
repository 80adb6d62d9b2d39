import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { type IgnoreMatcher, parseIgnoreFile, readIgnoreFile } from "../../../lib/archive/ignore-file.js";
import { packContext } from "../../../lib/archive/pack-context.js";
import { InvalidOptionError } from "../../../lib/errors/usage-errors.js";
import { collect, gnuNames, plant } from "../../support/archive.js";
import { dockerCommand } from "../docker-command.js";
import { Finding, type KindFactory, Outcomes } from "../kind.js";

/** The files of the context: names that the patterns below match in part. */
const files = [
  "a",
  "ab",
  "b/a",
  "b/ab",
  "b/c/a",
  "b/c/d",
  "c/a",
  "aa/aa",
  ".a",
  "[a]",
  "a b",
  "a\\b",
  "ü",
  "{a}",
  "a^",
  "x.go",
  "b/x.go",
  "d/e/f/g",
];

const directoriesOf = (name: string): string[] =>
  name.split("/").flatMap((_, depth, parts) => (depth === 0 ? [] : [parts.slice(0, depth).join("/")]));

const names = [...new Set(files.flatMap((name) => [...directoriesOf(name), name]))];

/**
 * The names that Docker's documented algorithm does not ignore: patterns are matched in order on the path and the directories
 * above it.
 */
function namesByAlgorithm(text: string): readonly string[] | undefined {
  const patterns = parseIgnoreFile(text, "/").map((line) => {
    const exception = line.startsWith("!");
    const glob = exception ? line.slice(1) : line;
    const source = glob.replaceAll(/\*\*\/?|[*?]|\\.|\[\^?(?:\\.|[^\\\]])*\]|[^]/gu, (part, at: number) => {
      if (part.startsWith("**")) return at + part.length === glob.length ? "[^]*" : "(?:[^]*/)?";
      if (part === "*") return "[^/]*";
      if (part === "?") return "[^/]";
      return part.length > 1 ? part : part.replace(/[.+()|{}$^/\\[\]]/, "\\$&");
    });
    return { exception, expression: new RegExp(`^${source}$`, "u") };
  });
  const isIgnored = (name: string) =>
    patterns.reduce((ignored, { exception, expression }) => {
      return [...directoriesOf(name), name].some((one) => expression.test(one)) ? !exception : ignored;
    }, false);
  const sent = names.filter((name) => !isIgnored(name));
  return [...new Set(sent.flatMap((name) => [...directoriesOf(name), name]))];
}

/**
 * Removes the names that only BuildKit sends, and not the docker command: ignored directories that contain other entries, and the
 * contents of ignored directories if no exception starts with their name.
 */
function withoutUnvisited(sent: readonly string[], text: string, matcher: IgnoreMatcher): string[] {
  const exceptions = parseIgnoreFile(text).flatMap((line) => (line.startsWith("!") ? [`${line.slice(1)}/`] : []));
  const isEntered = (directory: string) =>
    !matcher.ignores(directory) || exceptions.some((start) => start.startsWith(`${directory}/`));
  return sent.filter((name) => !matcher.ignores(name) && directoriesOf(name).every(isEntered));
}

const pattern = fc
  .tuple(
    fc.constantFrom("", "", "!", "#", " "),
    fc.array(
      fc.oneof(
        { weight: 10, arbitrary: fc.constantFrom("a", "b", "c", "/", "*", "**", "**/", "?", "x.go", "d/e", "aa") },
        {
          weight: 3,
          arbitrary: fc.constantFrom(
            "[a]",
            "[^b]",
            "[a-c]",
            "\\",
            ".",
            "..",
            "{a}",
            "ü",
            " ",
            "^",
            "$",
            "[",
            "]",
            "[]a]",
            "[b-a]",
            "\\b",
            "\\*",
            "+",
            "(",
            ")",
            "-",
          ),
        },
      ),
      { minLength: 1, maxLength: 5 },
    ),
    fc.constantFrom("", "", "/", " "),
  )
  .map(([start, middle, end]) => `${start}${middle.join("")}${end}`);

const sorted = (all: Iterable<string>): string => JSON.stringify([...all].sort());

/** Ignore files, and the files that the docker command sends with them. */
export const ignore: KindFactory = async () => {
  const outcomes = new Outcomes();
  const top = mkdtempSync(join(tmpdir(), "tsdc-fuzz-"));
  const context = join(top, "context");
  await plant(context, Object.fromEntries([...files, "Dockerfile"].map((name) => [name, ""])));
  const command = await dockerCommand(top);
  const isOwn = (name: string) => name !== "Dockerfile" && name !== ".dockerignore";
  const bare = (all: readonly string[]) => all.map((name) => name.replace(/\/$/, "")).filter(isOwn);

  async function ours(): Promise<readonly string[] | undefined> {
    try {
      return bare(gnuNames(await collect((await packContext({ contextDir: context })).stream)));
    } catch (error) {
      if (error instanceof InvalidOptionError) return undefined;
      throw error;
    }
  }

  const property = fc.asyncProperty(fc.array(pattern, { minLength: 1, maxLength: 4 }), async (lines) => {
    const text = `${lines.join("\n")}\n`;
    // the algorithm above does not convert these patterns to regular expressions as Go does
    fc.pre(command !== undefined || !/\\|(?<!\[)\^|\[[^\]]*[*?/[]/.test(text));
    writeFileSync(join(context, ".dockerignore"), text);
    const sent = await ours();
    if (!sent && !command) {
      outcomes.count("rejected");
      return;
    }
    const all = command ? await command.sent(context) : namesByAlgorithm(text);
    const expected = all && bare(all);
    if (!sent || !expected) {
      // Go stops reading a pattern that can no longer match, and so accepts a malformed rest
      if (sent) throw new Finding(`only the docker command rejects ${JSON.stringify(text)}`);
      outcomes.count(expected ? "rejected here only" : "rejected by both");
      return;
    }
    if (sorted(sent) === sorted(expected)) {
      outcomes.count("equal");
      return;
    }
    const visited = withoutUnvisited(sent, text, readIgnoreFile(text, ".dockerignore"));
    if (command && sorted(visited) === sorted(expected)) {
      outcomes.count("as BuildKit");
      return;
    }
    throw new Finding(`${JSON.stringify(text)}\nours     ${sorted(sent)}\nexpected ${sorted(expected)}`);
  });
  return {
    about: `ignore files against ${command?.version ?? "Docker's documented algorithm, without a recent docker command"}`,
    property,
    outcomes,
    close: () => {
      command?.close();
      rmSync(top, { recursive: true });
    },
  };
};
