import { HostTree } from "../../files/host-tree.js";
import type { Tree } from "../../files/tree.js";
import type { MemoryMounts } from "../../volumes/volume-files.js";
import type { Namespaces } from "./namespaces.js";
import { requireCommand } from "./run-command.js";

/** File systems in memory that are mounted for containers, and for nobody else on the machine. */
export class NamespaceMemory implements MemoryMounts {
  readonly #namespaces: Namespaces;

  constructor(namespaces: Namespaces) {
    this.#namespaces = namespaces;
  }

  async mount(path: string, options: readonly string[]): Promise<Tree> {
    // an earlier engine may have left it to containers that still run
    if (!(await this.#namespaces.isMounted(path))) {
      const flags = options.length > 0 ? ["-o", options.join(",")] : [];
      await requireCommand(this.#namespaces.enter(["mount", "-t", "tmpfs", ...flags, "tmpfs", path]));
    }
    return HostTree.at(this.#namespaces.path(path));
  }

  async unmount(path: string): Promise<void> {
    // what still reads a file of it keeps it until then
    if (await this.#namespaces.isMounted(path)) await requireCommand(this.#namespaces.enter(["umount", "-l", path]));
  }
}
