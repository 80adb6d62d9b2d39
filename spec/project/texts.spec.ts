import { readdir, readFile } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import { describe, expect, it } from "vitest";
import { top } from "../support/installed-package.js";

/** What is made here, and not part of the project. */
const made = new Set([".git", "api", "coverage", "dist", "node_modules"]);

/** The text files of the project, by their path. */
async function* files(folder: string): AsyncGenerator<string> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !made.has(entry.name)) yield* files(path);
    else if (entry.isFile() && !/\.(log|tgz)$/.test(entry.name)) yield path;
  }
}

/** What has no place in any of them. Written so that this file does not hold it either. */
const outOfPlace: readonly [what: string, pattern: RegExp][] = [
  ["a folder of the machine it was written on", /\/work[/](?:main|shared)|\/root[/]|\/home[/](?!me\b)\w+[/]|\/Users[/]/],
  ["a temporary file of somebody's", /\/tmp[/](?:testbed|tb|helper|bash)/],
  ["a word on how it came about", /\bsub-?agen[t]s?\b|\bclaud[e]\b|\banthropi[c]\b|\bchatgp[t]\b|\blanguage mode[l]s?\b/i],
  ["a note to oneself", /\b(?:TOD[O]|FIXM[E]|XX[X]|HAC[K])\b/],
  ["a merge that was not finished", /^(?:<{7}|>{7}) /m],
];

describe("the texts of the project", () => {
  it("are about the project", async () => {
    const found: string[] = [];
    for await (const path of files(top)) {
      const name = relative(top, path).replaceAll(sep, "/");
      const text = await readFile(path, "utf8");
      // an installed package's checksum may hold any word
      if (basename(path) === "package-lock.json") continue;
      for (const [what, pattern] of outOfPlace) {
        const match = pattern.exec(text);
        if (match) found.push(`${name}: ${what} (${match[0]})`);
      }
    }
    expect(found).toEqual([]);
  });
});
