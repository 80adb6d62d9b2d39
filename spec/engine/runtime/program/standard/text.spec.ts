import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { differences } from "../../../../../lib/engine/runtime/program/standard/diff-lines.js";
import { standardPrograms } from "../../../../../lib/engine/runtime/program/standard/index.js";
import { readOptions } from "../../../../../lib/engine/runtime/program/standard/options.js";
import { newFiles } from "./files.js";
import { contextOf, run } from "./harness.js";

const files = await newFiles();

async function outputOf(argv: readonly string[], stdin: string): Promise<string> {
  const { stdout, stderr, code } = await run(standardPrograms[argv[0] ?? ""] ?? (() => 127), contextOf(argv, files, { stdin }));
  expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
  return stdout;
}

const word = fc.string({ unit: fc.constantFrom("a", "b", "1", "2", "-", ".", " "), maxLength: 6 });
const lines = fc.array(word, { maxLength: 30 });
const textOf = (list: readonly string[]): string => list.map((line) => `${line}\n`).join("");
const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

describe("sort", () => {
  it("orders lines by their bytes, and with -u prints each once", async () => {
    await fc.assert(
      fc.asyncProperty(lines, async (list) => {
        expect(await outputOf(["sort"], textOf(list))).toBe(textOf([...list].sort(compare)));
        expect(await outputOf(["sort", "-u"], textOf(list))).toBe(textOf([...new Set(list)].sort(compare)));
      }),
    );
  });

  it("orders numbers by their value", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer(), { maxLength: 30 }), async (list) => {
        const sorted = (await outputOf(["sort", "-n"], textOf(list.map(String)))).trimEnd().split("\n");
        expect(list.length === 0 ? [] : sorted.map(Number)).toEqual([...list].sort((a, b) => a - b));
      }),
    );
  });
});

describe("diff", () => {
  it("finds changes that lead from the old lines to the new ones", () => {
    fc.assert(
      fc.property(lines, lines, (old, changed) => {
        const result: string[] = [];
        let at = 0;
        for (const hunk of differences(old, changed)) {
          result.push(...old.slice(at, hunk.old[0]), ...changed.slice(...hunk.new));
          at = hunk.old[1];
        }
        expect([...result, ...old.slice(at)]).toEqual(changed);
      }),
    );
  });

  it("finds nothing in equal lines", () => {
    fc.assert(
      fc.property(lines, (list) => {
        expect(differences(list, [...list])).toEqual([]);
      }),
    );
  });
});

describe("sed and awk", () => {
  it("join, number and reverse lines as simple loops do", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 20 }), async (list) => {
        const text = textOf(list);
        expect(await outputOf(["sed", ":a;N;$!ba;s/\\n/,/g"], text)).toBe(`${list.join(",")}\n`);
        expect(await outputOf(["sed", "-n", "1!G;h;$p"], text)).toBe(textOf([...list].reverse()));
        expect(await outputOf(["awk", '{print NR ":" $0}'], text)).toBe(
          textOf(list.map((line, index) => `${index + 1}:${line}`)),
        );
        expect(await outputOf(["awk", "{a[NR]=$0}END{for(i=NR;i>0;i--)print a[i]}"], text)).toBe(textOf([...list].reverse()));
      }),
      { numRuns: 50 },
    );
  });

  it("replace text", async () => {
    await fc.assert(
      fc.asyncProperty(word, fc.constantFrom("a", "b", "1"), async (line, char) => {
        const wanted = `${line.replaceAll(char, `<${char}>`)}\n`;
        expect(await outputOf(["sed", `s/${char}/<&>/g`], `${line}\n`)).toBe(wanted);
        expect(await outputOf(["awk", `{gsub(/${char}/,"<&>");print}`], `${line}\n`)).toBe(wanted);
      }),
    );
  });

  it("compute as JavaScript does", async () => {
    const number = fc.integer({ min: -1000, max: 1000 });
    await fc.assert(
      fc.asyncProperty(number, number, async (a, b) => {
        const expression = `BEGIN{print (${a})+(${b}),(${a})-(${b}),(${a})*(${b}),(${a})<(${b})}`;
        expect(await outputOf(["awk", expression], "")).toBe(`${a + b} ${a - b} ${a * b || 0} ${a < b ? 1 : 0}\n`);
      }),
    );
  });

  it("split fields at blanks or at a character", async () => {
    await fc.assert(
      fc.asyncProperty(word, async (line) => {
        const fields = line.split(" ").filter((field) => field !== "");
        expect(await outputOf(["awk", "{print NF; print $1}"], `${line}\n`)).toBe(`${fields.length}\n${fields[0] ?? ""}\n`);
        const parts = line === "" ? [] : line.split("-");
        expect(await outputOf(["awk", "-F-", "{print NF}"], `${line}\n`)).toBe(`${parts.length}\n`);
      }),
    );
  });
});

describe("options", () => {
  it("are read as getopt does", () => {
    const read = (...args: string[]) => {
      const { given, operands } = readOptions(args, { letters: "ab:c", long: { beta: "b", alpha: "a", old: "" } });
      return { given, operands };
    };
    expect(read("-ac", "x", "-b1", "-b", "2", "--", "-a")).toEqual({
      given: [
        ["a", ""],
        ["c", ""],
        ["b", "1"],
        ["b", "2"],
      ],
      operands: ["x", "-a"],
    });
    expect(read("--beta=1", "--beta", "2", "--alpha", "--old", "-")).toEqual({
      given: [
        ["b", "1"],
        ["b", "2"],
        ["a", ""],
      ],
      operands: ["-"],
    });
    expect(() => read("-x")).toThrow("invalid option -- 'x'");
    expect(() => read("-:")).toThrow("invalid option -- ':'");
    expect(() => read("-b")).toThrow("option requires an argument -- 'b'");
    expect(() => read("--gamma")).toThrow("unrecognized option '--gamma'");
  });

  it("end at the first operand if the program wants it", () => {
    expect(readOptions(["-a", "x", "-b"], { letters: "ab", stopsAtOperand: true }).operands).toEqual(["x", "-b"]);
  });
});
