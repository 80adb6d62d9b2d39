// @ts-check
// Builds dist from lib: `node .config/build.js`. With `--js` it builds only the JavaScript, without declarations.
// dist holds ES modules for `import`, and dist/cjs the same files as CommonJS for `require`, each with declarations.
// Imported packages that are not in package.json's dependencies are bundled, so that users install only axios.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const top = fileURLToPath(new URL("..", import.meta.url));
const dist = join(top, "dist");

/**
 * @typedef {object} Manifest
 * @property {string} name
 * @property {string} version
 * @property {Record<string, { import: { default: string } } | string>} exports
 * @property {Record<string, string>} dependencies
 */

/** @type {(folder: string) => Manifest} */
const manifestOf = (folder) => JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));

const { exports: exported, dependencies } = manifestOf(top);
const installed = Object.keys(dependencies);

/** The source files of package.json's exports, such as `lib/archive/index.ts` for `./dist/archive/index.js`. */
const entryPoints = Object.values(exported).flatMap((entry) =>
  typeof entry === "string" ? [] : [entry.import.default.replace(/^\.\/dist\/(.*)\.js$/, "lib/$1.ts")],
);

/** The parts of the package that are larger than the client, and that most users never load. Each shares files with no other. */
const parts = ["engine", "agent", "jobs"];

/** The part that a source file belongs to, or `undefined` for the client. */
const partOf = (/** @type {string} */ file) => parts.find((part) => file.startsWith(`lib/${part}/`));

/**
 * The form of these parts. Names stay readable in traces, and lines short enough to be printed with an uncaught error.
 *
 * @type {import("esbuild").BuildOptions}
 */
const compact = { sourcemap: false, minifyWhitespace: true, lineLimit: 130 };

/** The program of a part, which package.json's `bin` names. */
const programOf = (/** @type {string} */ part) => `lib/${part}/main.ts`;

/**
 * Leaves the client to its own files: a part that uses it does so as users do.
 *
 * @type {import("esbuild").Plugin}
 */
const clientStaysOutside = {
  name: "client-stays-outside",
  setup({ onResolve }) {
    onResolve({ filter: /^(\.\.\/)+(archive\/)?index\.js$/ }, ({ path, importer }) => {
      const target = relative(join(top, "lib"), join(dirname(importer), path)).replaceAll("\\", "/");
      // all files of a part are in its folder
      return target === "index.js" || target === "archive/index.js" ? { path: `../${target}`, external: true } : undefined;
    });
  },
};

/**
 * Replaces `require` of Node's built-in modules in bundled CommonJS packages: ES modules have no `require`.
 *
 * @type {import("esbuild").Plugin}
 */
const builtinsForCommonJs = {
  name: "builtins-for-commonjs",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[a-z_]/ }, ({ kind, path }) =>
      kind === "require-call" && builtinModules.includes(path) ? { path, namespace: "builtin" } : undefined,
    );
    onLoad({ filter: /./, namespace: "builtin" }, ({ path }) => ({
      contents: `import builtin from "node:${path}"; module.exports = builtin;`,
    }));
  },
};

/** The name, in package.json's `imports`, of the file that loads axios. Bundlers resolve it to the CommonJS build. */
const axiosLoader = "#load-axios";

/** @type {import("esbuild").Plugin} */
const conditionalAxios = {
  name: "conditional-axios",
  setup({ onResolve }) {
    onResolve({ filter: /\/load-axios\.js$/ }, () => ({ path: axiosLoader, external: true }));
  },
};

async function buildJavaScript() {
  for (const folder of ["chunks", "cjs/chunks", ...parts.flatMap((part) => [part, `cjs/${part}`])])
    removeJavaScript(join(dist, folder));
  const client = await bundle([...entryPoints.filter((file) => !partOf(file)), "lib/transport/load-axios.ts"], "chunks");
  const merged = await mergeChunks(client);
  const isKept = (/** @type {string} */ file) => !file.endsWith("/load-axios.js") && !merged.includes(file);
  await buildCommonJs([...Object.keys(client).filter(isKept), SHARED]);
  const outputs = { ...client };
  for (const part of parts) {
    const files = entryPoints.filter((file) => partOf(file) === part);
    const form = { ...compact, plugins: [builtinsForCommonJs, clientStaysOutside] };
    const built = await bundle([...files, programOf(part)], part, form);
    await buildCommonJs(
      Object.keys(built).filter((file) => file !== programOf(part).replace(/^lib(.*)ts$/, "dist$1js")),
      compact,
    );
    Object.assign(outputs, built);
  }
  writeAxiosLoaders();
  return outputs;
}

/** Removes the JavaScript of an earlier build, whose chunks had other names. @param {string} folder */
function removeJavaScript(folder) {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) if (/\.js(\.map)?$/.test(name)) rmSync(join(folder, name));
}

/**
 * Bundles entry points, which share the files in a folder of chunks.
 *
 * @param {string[]} entryPoints
 * @param {string} chunks
 * @param {import("esbuild").BuildOptions} [form]
 */
async function bundle(entryPoints, chunks, form = {}) {
  const { metafile } = await build({
    absWorkingDir: top,
    entryPoints,
    outbase: "lib",
    outdir: "dist",
    chunkNames: `${chunks}/[name]-[hash]`,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    sourcemap: true,
    sourcesContent: false,
    logLevel: "warning",
    external: installed.flatMap((name) => [name, `${name}/*`]),
    alias: { "side-channel": join(top, ".config/side-channel.cjs") },
    inject: [join(top, ".config/real-clock.js"), join(top, ".config/dispose-symbols.js")],
    plugins: [builtinsForCommonJs, conditionalAxios],
    ...form,
    metafile: true,
  });
  return metafile.outputs;
}

const SHARED = "dist/chunks/shared.js";

/**
 * Merges the chunks that the package's main file always loads. esbuild writes one for each set of lazily loaded files that share
 * it, and opening twelve files takes a tenth of the time that importing the package takes.
 *
 * @param {import("esbuild").Metafile["outputs"]} outputs
 * @returns the chunks that no longer exist.
 */
async function mergeChunks(outputs) {
  /** @type {Set<string>} */
  const loaded = new Set();
  const load = (/** @type {string} */ file) => {
    for (const { path, kind } of outputs[file]?.imports ?? []) {
      if (kind !== "import-statement" || !(path in outputs) || loaded.has(path)) continue;
      loaded.add(path);
      load(path);
    }
  };
  load("dist/index.js");
  const chunks = [...loaded].sort();
  const names = chunks.flatMap((chunk) => outputs[chunk]?.exports ?? []);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated) throw new Error(`two files that dist/index.js loads define ${repeated}: rename one`);
  await build({
    absWorkingDir: top,
    stdin: { contents: chunks.map((chunk) => `export * from "./${chunk}";`).join("\n"), resolveDir: top },
    outfile: SHARED,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    sourcemap: true,
    sourcesContent: false,
    logLevel: "warning",
    external: ["./chunks/*", axiosLoader],
    treeShaking: false,
  });
  for (const chunk of chunks) for (const file of [chunk, `${chunk}.map`]) rmSync(join(top, file));
  const importOfMerged = new RegExp(
    `((?:from|import) "\\.{1,2}/(?:chunks/)?)(?:${chunks.map((chunk) => basename(chunk, ".js")).join("|")})\\.js"`,
    "g",
  );
  for (const file of Object.keys(outputs).filter((name) => name.endsWith(".js") && !loaded.has(name))) {
    const text = readFileSync(join(top, file), "utf8");
    writeFileSync(join(top, file), text.replace(importOfMerged, '$1shared.js"'));
  }
  return chunks;
}

/**
 * Converts the ES modules to CommonJS file by file, so that the entry points share their classes and load the same files lazily.
 *
 * @param {string[]} files
 * @param {import("esbuild").BuildOptions} [form]
 */
async function buildCommonJs(files, form = {}) {
  const { outputFiles } = await build({
    absWorkingDir: top,
    entryPoints: files.filter((file) => file.endsWith(".js")),
    outbase: "dist",
    outdir: "dist/cjs",
    format: "cjs",
    platform: "node",
    target: "node20",
    // import() fails in tools that run code in separate contexts, such as jest
    supported: { "dynamic-import": false },
    define: { "import.meta.url": "__filename", "import.meta.dirname": "__dirname", "import.meta.resolve": "undefined" },
    sourcemap: true,
    sourcesContent: false,
    logLevel: "warning",
    ...form,
    write: false,
  });
  for (const { path, text } of outputFiles) {
    // some tools that load CommonJS do not support `imports` of package.json
    const up = relative(dirname(path), join(dist, "cjs")).replaceAll("\\", "/") || ".";
    writeForCommonJs(relative(join(dist, "cjs"), path), text.replaceAll(`"${axiosLoader}"`, `"${up}/transport/load-axios.js"`));
  }
}

function writeAxiosLoaders() {
  writeForCommonJs("transport/load-axios.js", 'exports.loadAxios = () => require("axios"); // bundlers follow it\n');
  const forBundlers = 'export { loadAxios } from "../cjs/transport/load-axios.js";\n';
  writeFileSync(join(dist, "transport/bundled-axios.js"), forBundlers);
  writeFileSync(join(dist, "cjs/package.json"), `${JSON.stringify({ type: "commonjs", sideEffects: false })}\n`);
}

/** @type {(file: string, text: string) => void} */
function writeForCommonJs(file, text) {
  mkdirSync(dirname(join(dist, "cjs", file)), { recursive: true });
  writeFileSync(join(dist, "cjs", file), text);
}

/** @param {string} file */
function copyMapForCommonJs(file) {
  const map = JSON.parse(readFileSync(join(dist, file), "utf8"));
  const sources = map.sources.map((/** @type {string} */ source) => `../${source}`); // one folder deeper
  writeForCommonJs(file, JSON.stringify({ ...map, sources }));
}

/**
 * Removes the declarations that no entry point refers to: those of a class's private parts are needed by nobody.
 */
function removeUnusedDeclarations() {
  const used = new Set();
  const visit = (/** @type {string} */ file) => {
    if (used.has(file)) return;
    used.add(file);
    for (const [, name = ""] of readFileSync(file, "utf8").matchAll(/(?:from|import)\s*\(?"(\.{1,2}\/[^"]+)\.js"/g))
      visit(join(dirname(file), `${name}.d.ts`));
  };
  for (const file of entryPoints) visit(join(dist, file.replace(/^lib\/(.*)\.ts$/, "$1.d.ts")));
  for (const name of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
    const file = join(dist, name);
    if (file.endsWith(".d.ts") && !used.has(file)) for (const unused of [file, `${file}.map`]) rmSync(unused);
  }
}

function buildDeclarations() {
  const tsc = join(top, "node_modules/typescript/bin/tsc");
  const { status } = spawnSync(process.execPath, [tsc, "-p", join(top, ".config/tsconfig.build.json")], { stdio: "inherit" });
  if (status !== 0) process.exit(1);
  removeUnusedDeclarations();
  for (const file of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
    if (file.endsWith(".d.ts.map")) copyMapForCommonJs(file);
    if (!file.endsWith(".d.ts")) continue;
    const text = readFileSync(join(dist, file), "utf8");
    writeForCommonJs(file, text);
    for (const [, name = ""] of text.matchAll(/(?<!")(?:from|import)\s*\(?"(?![./]|node:)([^"]+)"/g)) {
      if (!installed.some((dependency) => name === dependency || name.startsWith(`${dependency}/`))) {
        throw new Error(`dist/${file} needs the types of ${name}, which users do not get: it is bundled`);
      }
    }
  }
}

/**
 * Returns the folders of the bundled packages, sorted by name.
 *
 * @param {import("esbuild").Metafile["outputs"]} outputs
 */
function bundledPackages(outputs) {
  const folders = new Set();
  for (const { inputs } of Object.values(outputs)) {
    for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
      if (bytesInOutput === 0 || !input.includes("node_modules/")) continue;
      let folder = dirname(join(top, input));
      while (!existsSync(join(folder, "package.json")) || !manifestOf(folder).version) folder = dirname(folder);
      folders.add(folder);
    }
  }
  return [...folders].sort();
}

/** @param {import("esbuild").Metafile["outputs"]} outputs */
function writeLicenses(outputs) {
  const texts = bundledPackages(outputs).map((folder) => {
    const { name, version } = manifestOf(folder);
    const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
    if (files.length === 0) throw new Error(`the package ${name} is bundled but carries no licence text`);
    return [`${name} ${version}`, ...files.map((file) => readFileSync(join(folder, file), "utf8").trim())].join("\n\n");
  });
  writeFileSync(
    join(dist, "THIRD-PARTY-LICENSES.txt"),
    ["The files in this folder contain parts of these packages.", ...texts, ""].join(`\n\n${"-".repeat(80)}\n\n`),
  );
}

if (process.argv.includes("--js")) {
  await buildJavaScript();
} else {
  rmSync(dist, { recursive: true, force: true });
  writeLicenses(await buildJavaScript());
  buildDeclarations();
}
