import { Readable } from "node:stream";
import { FileError } from "../../files/file-error.js";
import type { FileStatus, OpenFile, Tree } from "../../files/tree.js";

/** A file of a {@link VirtualTree}. */
export type VirtualNode =
  | { readonly kind: "directory"; readonly names: () => string[] }
  | { readonly kind: "file"; readonly content: () => string }
  | { readonly kind: "symlink"; readonly target: string }
  | { readonly kind: "character"; readonly device: readonly [number, number]; readonly open: () => OpenFile };

const modes = { directory: 0o555, file: 0o444, symlink: 0o777, character: 0o666 };

/** Status, inode included, of a virtual file. */
function statusOf(path: string, node: VirtualNode): FileStatus {
  let inode = 1;
  for (const character of path) inode = (Math.imul(inode, 31) + (character.codePointAt(0) ?? 0)) >>> 0;
  return {
    kind: node.kind,
    mode: modes[node.kind],
    uid: 0,
    gid: 0,
    size: node.kind === "symlink" ? node.target.length : 0,
    mtime: 0n,
    inode,
    links: 1,
    ...(node.kind === "symlink" ? { target: node.target } : {}),
    ...(node.kind === "character" ? { device: node.device } : {}),
  };
}

/** Files that are computed when they are read. Nothing can be created, changed or removed. */
export abstract class VirtualTree implements Tree {
  /** Returns a file; undefined if it does not exist. */
  protected abstract find(path: string): VirtualNode | undefined;

  async status(path: string): Promise<FileStatus | undefined> {
    const node = this.find(path);
    return Promise.resolve(node && statusOf(path, node));
  }

  async list(path: string): Promise<string[]> {
    const node = this.#existing(path);
    if (node.kind !== "directory") throw new FileError("ENOTDIR", path);
    return Promise.resolve(node.names());
  }

  async open(path: string): Promise<OpenFile> {
    const node = this.#existing(path);
    if (node.kind === "character") return node.open();
    if (node.kind !== "file") throw new FileError("EISDIR", path);
    const content = Buffer.from(node.content());
    return Promise.resolve({
      read: async (position, length) => Promise.resolve(content.subarray(position, position + length)),
      write: async () => Promise.reject(new FileError("EACCES", path)),
      truncate: async () => Promise.reject(new FileError("EACCES", path)),
      status: async () => Promise.resolve(statusOf(path, node)),
      close: async () => Promise.resolve(),
    });
  }

  read(path: string, from = 0, to = Number.POSITIVE_INFINITY): Readable {
    const pieces = this.#pieces(path, from, to);
    return Readable.from(pieces, { objectMode: false });
  }

  async create(path: string): Promise<void> {
    return refuse(path);
  }

  async makeDirectory(path: string): Promise<void> {
    return refuse(path);
  }

  async makeLink(path: string): Promise<void> {
    return refuse(path);
  }

  async link(path: string): Promise<void> {
    return refuse(path);
  }

  async makeNode(path: string): Promise<void> {
    return refuse(path);
  }

  async change(path: string): Promise<void> {
    return refuse(path);
  }

  async remove(path: string): Promise<void> {
    return refuse(path);
  }

  async rename(from: string): Promise<void> {
    return refuse(from);
  }

  async *#pieces(path: string, from: number, to: number): AsyncGenerator<Buffer> {
    const file = await this.open(path);
    try {
      for (let at = from; at < to;) {
        const data = await file.read(at, Math.min(to - at, 65_536));
        if (data.length === 0) return;
        at += data.length;
        yield data;
      }
    } finally {
      await file.close();
    }
  }

  #existing(path: string): VirtualNode {
    const node = this.find(path);
    if (!node) throw new FileError("ENOENT", path);
    return node;
  }
}

async function refuse(path: string): Promise<never> {
  return Promise.reject(new FileError("EPERM", path));
}
