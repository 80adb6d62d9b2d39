import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** A folder for everything of a run, which is removed at its end. */
export const folder = await mkdtemp(join(tmpdir(), "crash-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

/** Bundles a program, which then starts as fast as the built package. Returns its path. */
export async function bundled(source: URL, name = basename(fileURLToPath(source), ".ts")): Promise<string> {
  const path = fileURLToPath(source);
  const outfile = join(folder, `${name}.mjs`);
  await build({
    entryPoints: [path],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "warning",
    banner: { js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);" },
  });
  return outfile;
}
