// @ts-check
// Bundles a program with a tool of another folder: `node bundle.js webpack|rollup commonjs|module TOOLS ENTRY OUTPUT`.

import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";

const [tool, format, tools = "", entry = "", output = ""] = process.argv.slice(2);
const load = createRequire(join(tools, "package.json"));

async function rollup() {
  const bundle = await load("rollup").rollup({
    input: entry,
    external: (/** @type {string} */ id) => id.startsWith("node:"),
    plugins: [
      load("@rollup/plugin-node-resolve").nodeResolve({ exportConditions: ["node"], preferBuiltins: true }),
      load("@rollup/plugin-commonjs")(),
      load("@rollup/plugin-json")(),
    ],
  });
  await bundle.write({ file: output, format: format === "module" ? "es" : "cjs", inlineDynamicImports: true });
}

function webpack() {
  const module = format === "module";
  return new Promise((resolve, reject) => {
    load("webpack")(
      {
        mode: "production",
        target: "node20",
        entry,
        experiments: { outputModule: module },
        output: { path: dirname(output), filename: basename(output), module, chunkFormat: module ? "module" : "commonjs" },
      },
      (/** @type {Error | null} */ error, /** @type {any} */ stats) => {
        if (error) reject(error);
        else if (stats.hasErrors()) reject(new Error(stats.toString("errors-only")));
        // packages of others may look for optional ones
        else if (/ts-dockerclient/.test(stats.toString("errors-warnings"))) reject(new Error(stats.toString("errors-warnings")));
        else resolve(undefined);
      },
    );
  });
}

await (tool === "webpack" ? webpack() : rollup());
