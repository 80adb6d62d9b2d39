import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Returns the version of the package. */
export function packageVersion(): string {
  // the source file, the built one and its CommonJS form are at different depths
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const file = join(folder, "package.json");
    const { name, version } = existsSync(file)
      ? (JSON.parse(readFileSync(file, "utf8")) as { name?: string; version?: string })
      : {};
    if (name === "ts-dockerclient" && version !== undefined) return version;
    if (folder === dirname(folder)) return "0.0.0";
  }
}
