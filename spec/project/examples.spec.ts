import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { consumer, node, top, tsc, writeTsconfig } from "../support/installed-package.js";
import { codeBlocks } from "../support/prose.js";

let folder = "";
let remove: () => Promise<void>;
let examples: string[] = [];

beforeAll(async () => {
  ({ folder, remove } = await consumer());
  const files = await readdir(join(top, "docs/examples"), { recursive: true });
  examples = files.filter((file) => file.endsWith(".ts"));
});
afterAll(() => remove());

/** Lists the modules that a file imports. */
const importsOf = (text: string): string[] => ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName);

/** Compiler options that are strict enough for every user. */
const strictest = { module: "NodeNext", isolatedModules: true, verbatimModuleSyntax: true, skipLibCheck: false };

describe("the examples", { timeout: 120_000 }, () => {
  it("number at least 14 and import only this package and Node.js", async () => {
    expect(examples.filter((file) => !file.includes("/")).length).toBeGreaterThanOrEqual(14);
    for (const file of examples) {
      const text = await readFile(join(top, "docs/examples", file), "utf8");
      const strange = importsOf(text).filter(
        (name) => !/^(node:|ts-dockerclient(\/|$)|\.\/quickstart\/|\.\/[\w-]+\.js$)/.test(name),
      );
      expect(strange, file).toEqual([]);
      if (!file.includes("/")) expect(text, file).toMatch(/^\/\*\*/);
    }
  });

  it("compile against the installed package", async () => {
    await cp(join(top, "docs/examples"), join(folder, "examples"), { recursive: true });
    await writeTsconfig(folder, strictest, ["examples"]);
    expect((await node([tsc, "-p", "tsconfig.json"], folder)).output).toBe("");
  });
});

/** Lists the guides without their index. */
const guideNames = async (): Promise<string[]> => (await readdir(join(top, "docs/guides"))).filter((name) => name !== "index.md");

/** The declarations that the code in guides relies on. */
const given = 'declare const client: import("ts-dockerclient").Client;\n';

describe("the guides", { timeout: 120_000 }, () => {
  it("contain code that compiles against the installed package", async () => {
    const guides = await guideNames();
    const names: string[] = [];
    for (const guide of guides) {
      const blocks = await codeBlocks(`docs/guides/${guide}`);
      expect(
        blocks.map(({ language }) => language).filter((language) => language !== "ts"),
        guide,
      ).toEqual([]);
      for (const { line, content } of blocks) {
        const name = `guides/${guide.replace(".md", "")}-line-${line}.ts`;
        names.push(name);
        await writeFile(join(folder, name.replace("/", "-")), `${given}${content}export {};\n`);
      }
    }
    expect(names.length).toBeGreaterThan(guides.length);
    await writeTsconfig(folder, strictest, ["guides-*.ts"]);
    expect((await node([tsc, "-p", "tsconfig.json"], folder)).output).toBe("");
  });

  it("have a title and a section about errors", async () => {
    for (const guide of await guideNames()) {
      const content = await readFile(join(top, "docs/guides", guide), "utf8");
      expect(content, guide).toMatch(/^---\ntitle: .+\ncategory: Guides\n---\n\n# /);
      // errors.md is about errors as a whole
      if (guide !== "errors.md") expect(content, guide).toContain("\n## When it fails\n");
    }
  });

  it("are all listed in the index", async () => {
    const index = await readFile(join(top, "docs/guides/index.md"), "utf8");
    const children = [...index.matchAll(/^ {2}- (\S+)$/gm)].map(([, name]) => name);
    expect([...children].sort()).toEqual((await guideNames()).sort());
    expect([...index.matchAll(/^\| \[.+\]\((\S+)\)/gm)].map(([, name]) => name)).toEqual(children);
  });
});
