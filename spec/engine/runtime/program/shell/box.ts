import type { Tree } from "../../../../../lib/engine/files/tree.js";
import { programFile, ProgramRegistry } from "../../../../../lib/engine/runtime/program/registry.js";
import { sh } from "../../../../../lib/engine/runtime/program/shell/sh.js";
import { standardPrograms } from "../../../../../lib/engine/runtime/program/standard/index.js";
import { treeOf } from "../sandboxes.js";

const programs = { ...standardPrograms, sh };

/** The standard programs and the shell. */
export const createRegistry = (): ProgramRegistry => new ProgramRegistry(programs);

/** The files of a container that has the standard programs and the shell in `/bin`. */
export async function boxTree(): Promise<Tree> {
  const files = Object.keys(programs).map((name) => [`/bin/${name}`, programFile(name)] as const);
  return treeOf({
    ...Object.fromEntries(files),
    "/etc/passwd": "root:x:0:0:root:/root:/bin/sh\n",
    "/etc/group": "root:x:0:\n",
    "/root": {},
    "/tmp": { mode: 0o1777 },
  });
}
