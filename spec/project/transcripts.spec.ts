import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { match } from "../strangers/docker-cli/match.js";
import { parseTranscript, readTranscript } from "../strangers/docker-cli/transcript.js";
import { top } from "../support/installed-package.js";

const ID = "0a1b2c3d".repeat(8);

describe("match", () => {
  it("requires the same lines", () => {
    expect(match(["one", "two"], "one\ntwo\n", {})).toEqual({});
    expect(match(["one", "two"], "one  \r\ntwo", {})).toEqual({});
    expect(match(["one"], "one\ntwo\n", {})).toBeUndefined();
    expect(match(["one", "two"], "one\n", {})).toBeUndefined();
    expect(match([], "one\n", {})).toBeUndefined();
    expect(match(["a.c"], "abc\n", {})).toBeUndefined();
  });

  it("keeps what placeholders found, and replaces variables", () => {
    expect(match(["<id:web> $name ${name}x $other"], `${ID} n nx $other\n`, { name: "n" })).toEqual({ web: ID });
    expect(match(["<id>"], ID.slice(1), {})).toBeUndefined();
    expect(match(["<none> <nil>"], "<none> <nil>\n", {})).toEqual({});
  });

  it("allows choices, any lines and columns of other widths", () => {
    expect(match(["<one|other> thing"], "other thing\n", {})).toEqual({});
    expect(match(["<one|other> thing"], "third thing\n", {})).toBeUndefined();
    expect(match(["first", "...", "last"], "first\na\nb\nlast\n", {})).toEqual({});
    expect(match(["first", "...", "last"], "first\nlast\n", {})).toEqual({});
    expect(match(["...", "last"], "first\n", {})).toBeUndefined();
    expect(match(["NAME   ID"], "NAME      ID\n", {})).toEqual({});
    expect(match(["NAME   ID"], "NAME ID\n", {})).toBeUndefined();
  });
});

describe("parseTranscript", () => {
  it("reads commands, what is expected of them, and conditions", () => {
    const text = "# about\n@ cli>=23 api<1.44\n$ cat <<E\n> more\n> E\nout\n! err\n[7]\n\n~ true\n";
    expect(parseTranscript(text, "a.txt")).toEqual([
      {
        line: 3,
        command: "cat <<E\nmore\nE",
        repeats: false,
        conditions: ["cli>=23", "api<1.44"],
        stdout: ["out"],
        stderr: ["err"],
        status: 7,
      },
      { line: 10, command: "true", repeats: true, conditions: [], stdout: [], stderr: [], status: 0 },
    ]);
  });

  it("rejects lines that belong to no command", () => {
    expect(() => parseTranscript("$ true\n\nout\n", "a.txt")).toThrow("a.txt:3: the line belongs to no command");
  });

  it("reads at least 200 checks", () => {
    const folder = join(top, "spec/strangers/docker-cli/areas");
    const checks = readdirSync(folder).flatMap((file) => readTranscript(join(folder, file)));
    expect(checks.length).toBeGreaterThanOrEqual(200);
  });
});
