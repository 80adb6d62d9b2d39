// Swaps entries of a folder for links again and again, until its parent ends: `swap.ts FOLDER`.

import { renameSync } from "node:fs";
import { join } from "node:path";

/** The entries that are swapped, with what takes their place, which is beside them. */
const pairs = [
  ["directory", "link-to-folder"],
  ["file", "link-to-file"],
  ["deep/inner", "deep-link"],
] as const;

const [folder = ""] = process.argv.slice(2);
const at = (name: string): string => join(folder, name);
process.once("disconnect", () => process.exit(0));
process.send?.("ready");
function swap(): void {
  for (let times = 0; times < 50; times += 1)
    for (const [name, other] of pairs) {
      try {
        renameSync(at(name), at("held"));
        renameSync(at(other), at(name));
        renameSync(at("held"), at(other));
      } catch {
        // the engine writes there, too: what it has made is moved the next time
      }
    }
  setImmediate(swap);
}
swap();
