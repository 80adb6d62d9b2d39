import type { Readable } from "node:stream";
import { ArchiveStream } from "../../../../archive/archive-stream.js";
import type { LoadedEntry } from "../../../../archive/loaded-entry.js";
import { writeArchive } from "../../../../archive/pack.js";
import type { EntryType } from "../../../../archive/tar-header.js";
import type { FileKind, FileStatus } from "../../../files/tree.js";
import type { Command } from "./command.js";
import { joined } from "./paths.js";

const entryTypes: Readonly<Record<FileKind, EntryType | undefined>> = {
  file: "file",
  directory: "directory",
  symlink: "symlink",
  fifo: "fifo",
  character: "character-device",
  block: "block-device",
  socket: undefined,
};

/** How files are packed. */
export interface PackRules {
  /** The directory that names are relative to. */
  readonly directory: string;
  /** Whether links are packed as what they lead to. */
  readonly follow: boolean;
  /** Whether a file is left out. */
  readonly excluded: (name: string) => boolean;
  /** Called with the name of each file. */
  readonly print: (name: string) => void;
}

/** Packs files of a container. */
class Packer {
  readonly #command: Command;
  readonly #rules: PackRules;
  #hasWarned = false;

  constructor(command: Command, rules: PackRules) {
    this.#command = command;
    this.#rules = rules;
  }

  async *entries(name: string): AsyncGenerator<LoadedEntry, void, undefined> {
    const path = name.startsWith("/") ? name : joined(this.#rules.directory, name);
    const status = await this.#command.statusOf(path, this.#rules.follow);
    if (!status) {
      this.#command.complain(`${name}: No such file or directory`);
      return;
    }
    const type = entryTypes[status.kind];
    if (this.#rules.excluded(name) || type === undefined) return;
    const inArchive = this.#relative(name);
    if (inArchive !== "") {
      this.#rules.print(status.kind === "directory" && !name.endsWith("/") ? `${name}/` : name);
      yield await this.#entry(path, inArchive, type, status);
    }
    if (status.kind !== "directory") return;
    for (const child of await this.#command.files.list(this.#command.path(path))) yield* this.entries(joined(name, child));
  }

  #relative(name: string): string {
    if (!name.startsWith("/")) return name;
    if (!this.#hasWarned) this.#command.warn("tar: removing leading '/' from member names\n");
    this.#hasWarned = true;
    return name.replace(/^\/+/, "");
  }

  async #entry(path: string, name: string, type: EntryType, status: FileStatus): Promise<LoadedEntry> {
    const { mode, uid, gid, mtime, size, target, device } = status;
    const common = { name, mode, uid, gid, mtime: Number(mtime / 1_000_000_000n), ...(device ? { device } : {}) };
    if (type === "symlink") return { header: { ...common, type, size: 0, linkname: target } };
    if (type !== "file") return { header: { ...common, type, size: 0 } };
    const source = await this.#command.files.read(this.#command.path(path));
    const content = { chunks: () => exactly(this.#command.chunks(source), size), close: () => void source.destroy() };
    return { header: { ...common, type, size }, content, inode: status.links > 1 ? String(status.inode) : undefined };
  }
}

/** Returns exactly as many bytes as the header promises, even if the file changes meanwhile. */
async function* exactly(chunks: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer, void, undefined> {
  let left = size;
  for await (const chunk of chunks) {
    const piece = chunk.subarray(0, left);
    left -= piece.length;
    if (piece.length > 0) yield piece;
    if (left === 0) return;
  }
  yield Buffer.alloc(left);
}

/** Packs files and directories as an archive. Files that do not exist cause a message. */
export function packTree(command: Command, names: readonly string[], rules: PackRules): Readable {
  const packer = new Packer(command, rules);
  async function* all(): AsyncGenerator<LoadedEntry, void, undefined> {
    for (const name of names) yield* packer.entries(name);
  }
  return new ArchiveStream(() => writeArchive(all()));
}
