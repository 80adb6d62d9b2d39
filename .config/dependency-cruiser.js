// @ts-check
// The import boundaries within lib, generated from the table in layers.js.

import { closedLayers, layers } from "./layers.js";

/** @type {(names: readonly string[]) => string} */
const anyOf = (names) =>
  `^lib/(${names.map((name) => (name.endsWith(".ts") ? name.replace(".", "\\.") + "$" : `${name}/`)).join("|")})`;

const severity = /** @type {const} */ ("error");

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    { name: "no-circular", severity, from: {}, to: { circular: true } },
    { name: "no-unresolvable", severity, from: {}, to: { couldNotResolve: true } },
    {
      name: "index-is-for-users",
      comment: "only the agent and the jobs import lib/index.ts, because they use the client as users do",
      severity,
      from: { pathNot: anyOf(["agent", "jobs", "index.ts"]) },
      to: { path: anyOf(["index.ts"]) },
    },
    {
      name: "client-is-the-top",
      severity,
      from: { pathNot: anyOf(["client.ts", "index.ts"]) },
      to: { path: anyOf(["client.ts"]) },
    },
    ...Object.entries(layers).map(([name, allowed]) => ({
      name: `${name}-imports-only-what-is-below`,
      severity,
      from: { path: anyOf([name]) },
      to: { path: "^lib/", pathNot: anyOf([name, ...allowed]) },
    })),
    ...closedLayers.map((name) => ({
      name: `${name}-reaches-only-what-is-below`,
      comment: "also applies to indirect imports",
      severity,
      from: { path: anyOf([name]) },
      to: { path: "^lib/", pathNot: anyOf([name, ...(layers[name] ?? [])]), reachable: true },
    })),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
  },
};
