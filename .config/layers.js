// @ts-check
// What each folder of lib may import beside itself. The boundary check enforces it and fails on a folder that is not listed here.

import { readdirSync } from "node:fs";

const lib = new URL("../lib/", import.meta.url);

/** @type {(folder: string) => string[]} */
const foldersIn = (folder) =>
  readdirSync(new URL(folder, lib), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

/** What every resource may import. */
const belowResources = ["types", "errors", "wire", "archive", "auth", "transport", "streams", "core"];

/** The resources: the folders of lib/api but the conveniences, which combine operations of several resources. */
const resources = foldersIn("api/").filter((name) => name !== "conveniences");

/**
 * The folders and entry files, each with what its files may import beside their own folder.
 *
 * @type {Record<string, readonly string[]>}
 */
export const layers = {
  types: [],
  errors: ["types"],
  wire: ["types", "errors"],
  archive: ["types", "errors", "wire"],
  auth: ["types", "errors", "wire"],
  transport: ["types", "errors", "wire"],
  streams: ["types", "errors", "wire", "transport"],
  core: ["types", "errors", "wire", "auth", "transport", "streams"],
  ...Object.fromEntries(resources.map((resource) => [`api/${resource}`, belowResources])),
  "api/conveniences": [...belowResources, ...resources.map((resource) => `api/${resource}`)],
  buildkit: ["types", "errors", "wire", "archive", "auth"],
  engine: ["types", "errors", "wire", "archive"],
  agent: ["index.ts"],
  jobs: ["index.ts"],
};

/** The layers whose imports must not reach anything else indirectly either. */
export const closedLayers = ["engine", "buildkit"];

for (const folder of foldersIn("").flatMap((name) => (name === "api" ? foldersIn("api/").map((r) => `api/${r}`) : [name]))) {
  if (!(folder in layers)) throw new Error(`lib/${folder} is not listed in .config/layers.js: say what it may import`);
}
