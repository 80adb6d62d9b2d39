// @ts-check
// The imports that each folder of lib may contain. The boundary check enforces them and fails on a folder that is not listed here.

import { readdirSync } from "node:fs";

const lib = new URL("../lib/", import.meta.url);

/** @type {(folder: string) => string[]} */
const foldersIn = (folder) =>
  readdirSync(new URL(folder, lib), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

/** The folders that every resource may import. */
const belowResources = ["types", "errors", "wire", "archive", "auth", "transport", "streams", "core"];

/** The resources: all folders of lib/api except conveniences, which combines operations of several resources. */
const resources = foldersIn("api/").filter((name) => name !== "conveniences");

/**
 * The folders and files that each folder may import in addition to itself.
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
  "api/builds": [...belowResources, "buildkit"],
  "api/conveniences": [...belowResources, ...resources.map((resource) => `api/${resource}`)],
  buildkit: ["types", "errors", "wire", "archive", "auth"],
  service: ["wire", "errors", "types"],
  store: ["wire"],
  engine: ["types", "errors", "wire", "archive", "service", "store"],
  agent: ["index.ts", "archive", "service", "store", "wire"],
  jobs: ["index.ts", "service", "store", "wire"],
};

/** The layers for which indirect imports are also restricted. */
export const closedLayers = ["engine", "buildkit"];

for (const folder of foldersIn("").flatMap((name) => (name === "api" ? foldersIn("api/").map((r) => `api/${r}`) : [name]))) {
  if (!(folder in layers))
    throw new Error(`lib/${folder} is not listed in .config/layers.js: add it with the folders it may import`);
}
