import type { PackEntry } from "../../../archive/pack-entries.js";
import { programFile } from "./registry.js";
import { standardPrograms } from "./standard/index.js";

/** Names of the shell, which is the same program by each of them. */
export const SHELLS = ["sh", "ash", "bash"] as const;

/** Returns the files of an image that stand for the shell and the standard programs. */
export function standardProgramFiles(): PackEntry[] {
  const names = [...SHELLS, ...Object.keys(standardPrograms)].sort();
  return names.map((name) => ({ name: `bin/${name}`, content: programFile(name), mode: 0o755 }));
}
