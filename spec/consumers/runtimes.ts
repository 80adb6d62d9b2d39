import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Format } from "esbuild";
import { node, run, top } from "../support/installed-package.js";
import type { Consumer, Outcome, Projects } from "./projects.js";

type Variables = Readonly<Record<string, string>>;

/** The time that a run may take, in milliseconds. */
const LIMIT = 120_000;

const outcome = ({ status, output }: { status: number; output: string }): Outcome =>
  status === 0 ? {} : { failure: `exit status ${status}\n${output}` };

const environment = (env: Variables, more: Variables = {}): NodeJS.ProcessEnv => ({
  ...process.env,
  NODE_OPTIONS: "",
  ...env,
  ...more,
});

/** Runs a file of the project, or one that is written for it, in Node.js. */
const onNode = (name: string, args: readonly string[], files: Variables = {}): Consumer => ({
  name,
  run: async ({ app }, env) => {
    for (const [file, text] of Object.entries(files)) await writeFile(join(app, file), text);
    return outcome(await node(args, app, environment(env), LIMIT));
  },
});

const inWorker = `const { Worker } = require("node:worker_threads");
new Worker(require("node:path").join(__dirname, process.argv[2]));
`;

/** A context has only the language's globals, so it receives those of Node.js, as under jest. */
const inContext = `const vm = require("node:vm");
const { readFileSync } = require("node:fs");
const context = vm.createContext();
const own = new Set(vm.runInContext("Object.getOwnPropertyNames(globalThis)", context));
for (const name of Object.getOwnPropertyNames(globalThis)) {
  if (!own.has(name)) Object.defineProperty(context, name, Object.getOwnPropertyDescriptor(globalThis, name));
}
const module_ = { exports: {} };
const [file] = process.argv.slice(2);
vm.runInContext("(require, module, exports, __filename) => {" + readFileSync(file, "utf8") + "}", context)(require, module_, module_.exports, file);
`;

const runTest = (importing: string): string => `${importing}
test("program", () => program(process.env.ENDPOINT, process.env.FOLDER), 100_000);
`;

/** Runs the program as a test of jest, in a project with separate settings. */
function jest(name: string, module: "cjs" | "mjs", settings: object): Consumer {
  const importing =
    module === "cjs" ? 'const { program } = require("./program.cjs");' : 'import { program } from "./program.mjs";';
  const file = `jest.test.${module}`;
  return {
    name: `jest 30, ${name}`,
    tool: true,
    run: async ({ app, tools }, env) => {
      await writeFile(join(app, file), runTest(importing));
      const extensions = { moduleFileExtensions: ["js", "cjs", "mjs", "json", "node"] };
      const config = { rootDir: app, testMatch: [`<rootDir>/${file}`], transform: {}, ...extensions, ...settings };
      const options = module === "mjs" ? ["--experimental-vm-modules", "--no-warnings"] : [];
      const args = [
        ...options,
        join(tools, "node_modules/jest/bin/jest.js"),
        "--no-cache",
        "-i",
        "--config",
        JSON.stringify(config),
      ];
      return outcome(await node(args, app, environment(env), LIMIT));
    },
  };
}

const fakeTimers = { fakeTimers: { enableGlobally: true } };

const everyClock = `vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "setImmediate",
  "clearImmediate", "Date", "performance", "queueMicrotask", "nextTick"] });`;

/** Runs the program as a test of vitest. */
const vitest = (name: string, file: string, body: string, settings: object, variables: Variables = {}): Consumer => ({
  name: `vitest 4, ${name}`,
  run: async ({ app }, env) => {
    await writeFile(join(app, `${file}.test.mjs`), body);
    const test = { globals: true, include: [`${file}.test.mjs`], ...settings };
    const config = join(app, `${file}.config.mjs`);
    await writeFile(config, `export default ${JSON.stringify({ test, cacheDir: join(app, file) })};`);
    const args = [join(top, "node_modules/vitest/vitest.mjs"), "run", "--root", app, "--config", config];
    return outcome(await node(args, app, environment(env, variables), LIMIT));
  },
});

const later = `test("program", async () => {
  const { program } = await import("./program.mjs");
  await program(process.env.ENDPOINT, process.env.FOLDER);
}, 100_000);
`;

/** Returns the path of a program that a package contains, under its name on this platform. */
async function binary(tools: string, scope: string, name: RegExp): Promise<string> {
  for (const file of await readdir(join(tools, "node_modules", scope), { recursive: true })) {
    if (name.test(file)) return join(tools, "node_modules", scope, file);
  }
  throw new Error(`no file of ${scope} is called ${name.source}`);
}

const other = (name: string, scope: string, file: RegExp, args: readonly string[]): Consumer => ({
  name,
  tool: true,
  run: async ({ app, tools, results }, env) => {
    const variables = environment(env, { DENO_DIR: join(results, "deno"), DENO_NO_UPDATE_CHECK: "1" });
    return outcome(await run(await binary(tools, scope, file), args, app, variables, LIMIT));
  },
});

const esm = ["--input-type=module", "--eval", "await import('./run.mjs')"];

/** The reference consumer: every other consumer must send the same requests. */
export const inNode = onNode("Node.js, ES module", ["run.mjs"]);

export const runtimes: readonly Consumer[] = [
  inNode,
  onNode("Node.js, CommonJS", ["run.cjs"]),
  onNode("Node.js, evaluated", esm),
  onNode("worker thread, ES module", ["worker.cjs", "run.mjs"], { "worker.cjs": inWorker }),
  onNode("worker thread, CommonJS", ["worker.cjs", "run.cjs"], { "worker.cjs": inWorker }),
  jest("CommonJS", "cjs", {}),
  jest("ES module", "mjs", {}),
  jest("CommonJS, fake timers", "cjs", fakeTimers),
  jest("ES module, fake timers", "mjs", fakeTimers),
  vitest("threads", "threads", runTest('import { program } from "./program.mjs";'), { pool: "threads" }),
  // vitest cannot require() axios in vm contexts
  vitest("vm contexts, without axios", "contexts", later, { pool: "vmThreads" }, { WITHOUT_AXIOS: "1" }),
  vitest("every clock faked before the import", "before", `${everyClock}\n${later}`, { pool: "threads" }),
  vitest("every clock faked after the import", "after", `import "./program.mjs";\n${everyClock}\n${later}`, { pool: "threads" }),
  vitest("package inlined, every clock faked", "inlined", `${everyClock}\n${later}`, {
    pool: "threads",
    server: { deps: { inline: ["ts-dockerclient"] } },
  }),
  other("Deno 2", "@deno", /\/deno(\.exe)?$/, ["run", "--allow-all", "--node-modules-dir=manual", "run.mjs"]),
  other("Bun 1, ES module", "bun", /^bin\/bun\.exe$/, ["run.mjs"]),
  other("Bun 1, CommonJS", "bun", /^bin\/bun\.exe$/, ["run.cjs"]),
];

const extension = { esm: "mjs", cjs: "cjs", iife: "js" } satisfies Record<Format, string>;

/** Runs a bundle in a folder from which no package can be resolved. */
async function runBundle(file: string, env: Variables): Promise<Outcome> {
  return outcome(await node([file], join(file, ".."), environment(env), LIMIT));
}

const bundle = async (
  { app, results }: Projects,
  name: string,
  format: Format,
  entry: string,
  minify: boolean,
): Promise<string> => {
  const outfile = join(results, name, `bundle.${extension[format]}`);
  await build({
    absWorkingDir: app,
    entryPoints: [entry],
    outfile,
    format,
    // bundled CommonJS packages, such as the dependencies of axios, call require(), which ES modules lack
    banner: {
      js: format === "esm" ? 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' : "",
    },
    minify,
    bundle: true,
    platform: "node",
    target: "node20",
    logLevel: "error",
  });
  return outfile;
};

const esbuild = (format: Format, entry: string, minify: boolean): Consumer => {
  const name = `esbuild, ${format} from ${entry}${minify ? ", minified" : ""}`;
  return { name, run: async (projects, env) => runBundle(await bundle(projects, name, format, entry, minify), env) };
};

/** Bundles with the script bundle.js in this folder. */
const bundled = (tool: string, format: string, file: string): Consumer => ({
  name: `${tool}, ${format}`,
  tool: true,
  run: async ({ app, tools, results }, env) => {
    const folder = join(results, `${tool}-${format}`);
    await mkdir(folder);
    const script = fileURLToPath(new URL("bundle.js", import.meta.url));
    const made = await node([script, tool, format, tools, join(app, "run.mjs"), join(folder, file)], app, environment({}), LIMIT);
    return made.status === 0 ? runBundle(join(folder, file), env) : outcome(made);
  },
});

export const bundlers: readonly Consumer[] = [
  esbuild("esm", "run.mjs", false),
  esbuild("cjs", "run.cjs", false),
  esbuild("cjs", "run.cjs", true),
  {
    name: "vm context",
    run: async (projects, env) => {
      const file = await bundle(projects, "context", "cjs", "run.cjs", false);
      const script = join(projects.results, "context.cjs");
      await writeFile(script, inContext);
      return outcome(await node([script, file], projects.results, environment(env), LIMIT));
    },
  },
  bundled("webpack", "commonjs", "bundle.cjs"),
  bundled("webpack", "module", "bundle.mjs"),
  bundled("rollup", "commonjs", "bundle.cjs"),
  bundled("rollup", "module", "bundle.mjs"),
];
