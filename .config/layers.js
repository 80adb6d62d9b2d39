// @ts-check
// The folders of lib and what each may import beside itself: dependency-cruiser enforces it, ESLint takes the list of resources from it.

import { readdirSync } from "node:fs";

/**
 * The folders that are neither a resource's nor made of resources.
 *
 * @type {Record<string, readonly string[]>}
 */
const fixed = {
  errors: [],
  types: [],
  archive: ["errors", "types"],
  auth: ["errors", "types"],
  transport: ["errors", "types"],
  streams: ["errors", "transport", "types"],
  core: ["auth", "errors", "streams", "transport", "types"],
  events: ["core", "errors", "streams", "types"],
  engine: ["archive", "errors", "streams", "types"],
  agent: ["index.ts"],
  jobs: ["index.ts"],
};

const belowResources = ["archive", "auth", "core", "errors", "events", "streams", "types"];

/** The folders that hold the operations of one resource each: all the others. A resource never imports another one. */
export const resources = readdirSync(new URL("../lib", import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== "composites" && !(entry.name in fixed))
  .map((entry) => entry.name);

/** What each folder may import beside itself, whatever it imports it for. */
export const layers = {
  ...fixed,
  ...Object.fromEntries(resources.map((resource) => [resource, belowResources])),
  composites: [...belowResources, ...resources],
};
