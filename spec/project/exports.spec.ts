import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { consumer, node, top, tsc, writeTsconfig } from "../support/installed-package.js";

let folder = "";
let files: string[] = [];
let remove: () => Promise<void>;
let entries: string[] = [];

beforeAll(async () => {
  ({ folder, files, remove } = await consumer());
  const manifest = JSON.parse(await readFile(join(top, "package.json"), "utf8"));
  entries = Object.keys(manifest.exports)
    .filter((entry) => entry !== "./package.json")
    .map((entry) => entry.replace(/^\./, manifest.name));
}, 60_000);
afterAll(() => remove());

/** Returns the public values and types of an entry point, according to its declarations. */
function publicNames(program: ts.Program, entry: string): { values: string[]; types: string[] } {
  const checker = program.getTypeChecker();
  const source = program.getSourceFiles().find(({ fileName }) => fileName.endsWith("names.ts"));
  const imported = source?.statements.find(
    (statement): statement is ts.ImportDeclaration =>
      ts.isImportDeclaration(statement) && (statement.moduleSpecifier as ts.StringLiteral).text === entry,
  );
  const module = imported && checker.getSymbolAtLocation(imported.moduleSpecifier);
  const values: string[] = [];
  const types: string[] = [];
  for (const symbol of module ? checker.getExportsOfModule(module) : []) {
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    (target.flags & ts.SymbolFlags.Value ? values : types).push(symbol.name);
  }
  return { values: values.sort(), types: types.sort() };
}

describe("the built package", { timeout: 120_000 }, () => {
  it("exports exactly the listed names", async () => {
    const names = join(folder, "names.ts");
    await writeFile(names, entries.map((entry, index) => `import * as e${index} from "${entry}";`).join("\n"));
    const program = ts.createProgram([names], { module: ts.ModuleKind.NodeNext, types: ["node"], strict: true });
    const lines: string[] = [];
    for (const entry of entries) {
      const { values, types } = publicNames(program, entry);
      lines.push(`import from "${entry}"`, ...values.map((name) => `  ${name}`), ...types.map((name) => `  type ${name}`));
      const code = `console.log(JSON.stringify(Object.keys(await import("${entry}")).sort()))`;
      const { output } = await node(["--input-type=module", "--eval", code], folder);
      expect(JSON.parse(output), `values of ${entry}`).toEqual(values);
    }
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("../fixtures/public-names.txt");
  });

  it("loads in ES modules and with require()", async () => {
    await writeFile(join(folder, "esm.js"), 'import { Client } from "ts-dockerclient"; console.log(typeof Client.fromEnv);');
    await writeFile(
      join(folder, "cjs.cjs"),
      'const { Client } = require("ts-dockerclient"); console.log(typeof Client.fromEnv);',
    );
    for (const file of ["esm.js", "cjs.cjs"]) {
      const { status, output } = await node([file], folder);
      expect([file, status, output]).toEqual([file, 0, "function\n"]);
    }
  });

  it.each([
    ["NodeNext", { module: "NodeNext" }],
    ["bundlers", { module: "ESNext", moduleResolution: "Bundler" }],
    ["CommonJS", { module: "Node20" }],
  ])("has types for %s", async (name, options) => {
    const file = name === "CommonJS" ? "consumer.cts" : "consumer.ts";
    await writeFile(
      join(folder, file),
      [
        'import { Client, NoSuchContainerError, Signal, type ContainerInspect } from "ts-dockerclient";',
        'import { packEntries } from "ts-dockerclient/archive";',
        'import { RegistryCredentials } from "ts-dockerclient/auth";',
        "async function main(): Promise<void> {",
        "  const client = new Client({ auth: new RegistryCredentials() });",
        '  const found: ContainerInspect = await client.inspectContainer({ id: "web" });',
        "  await client.killContainer({ id: found.Id, signal: Signal.SIGTERM });",
        '  await client.uploadToContainer({ container: "web", path: "/", inputStream: packEntries([]) });',
        "  // @ts-expect-error unknown option",
        '  await client.killContainer({ id: "web", sginal: 15 });',
        "}",
        "main().catch((error: unknown) => error instanceof NoSuchContainerError && console.log(error.id));",
      ].join("\n"),
    );
    await writeTsconfig(folder, options, [file]);
    expect((await node([tsc, "-p", "tsconfig.json"], folder)).output).toBe("");
  });

  it("loads the crypto module of Node.js only when a call needs it", async () => {
    const script = 'await import("ts-dockerclient"); console.log(process.moduleLoadList.includes("NativeModule crypto"));';
    await writeFile(join(folder, "loaded.mjs"), script);
    expect((await node(["loaded.mjs"], folder)).output).toBe("false\n");
  });

  it("includes its sources for navigation in editors", async () => {
    expect(files).toContain("lib/api/containers/kill.ts");
    const map = JSON.parse(
      await readFile(join(folder, "node_modules/ts-dockerclient/dist/api/containers/kill.d.ts.map"), "utf8"),
    );
    expect(map.sources).toEqual(["../../../lib/api/containers/kill.ts"]);
  });

  it("includes the licenses of its dependencies, and no files that only the repository needs", () => {
    expect(files).toEqual(expect.arrayContaining(["LICENSE", "README.md", "CHANGELOG.md", "dist/THIRD-PARTY-LICENSES.txt"]));
    expect(files.filter((file) => !/^(dist|lib)\/|^[A-Z]+(\.md)?$|^package\.json$/.test(file))).toEqual([]);
  });
});
