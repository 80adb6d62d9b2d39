// @ts-check
// What may import what in lib.

import { layers } from "./layers.js";

/** @type {(names: readonly string[]) => string} */
const anyOf = (names) =>
  `^lib/(${names.map((name) => (name.endsWith(".ts") ? name.replace(".", "\\.") + "$" : `${name}/`)).join("|")})`;

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    { name: "no-unresolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
    {
      name: "index-is-for-users",
      comment: "lib/index.ts is the door: only the agent and the jobs, which are users too, come in through it",
      severity: "error",
      from: { pathNot: anyOf(["agent", "jobs", "index.ts"]) },
      to: { path: anyOf(["index.ts"]) },
    },
    {
      name: "client-is-the-top",
      severity: "error",
      from: { pathNot: anyOf(["client.ts", "index.ts"]) },
      to: { path: anyOf(["client.ts"]) },
    },
    ...Object.entries(layers).map(([name, allowed]) => ({
      name: `${name}-imports-only-what-is-below`,
      severity: /** @type {const} */ ("error"),
      from: { path: anyOf([name]) },
      to: { path: "^lib/", pathNot: anyOf([name, ...allowed]) },
    })),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
  },
};
