import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { top } from "./installed-package.js";

/** The members of package.json that specs read. */
export interface Manifest {
  name: string;
  exports: Record<string, string | Record<"import" | "default", { types: string; default: string }>>;
  knip: { workspaces: Record<string, { entry: string[] }> };
}

/** Reads package.json. */
export async function readManifest(): Promise<Manifest> {
  return JSON.parse(await readFile(join(top, "package.json"), "utf8")) as Manifest; // its members are known
}

/** Returns the package's entry points from `exports` in package.json: the import name and the source file of each. */
export function entryPoints({ name, exports }: Manifest): { name: string; source: string }[] {
  return Object.entries(exports)
    .flatMap(([path, target]) =>
      typeof target === "string"
        ? []
        : [{ name: path.replace(/^\./, name), source: target.import.default.replace(/^\.\/dist\/(.*)\.js$/, "lib/$1.ts") }],
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
