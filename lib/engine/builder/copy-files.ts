import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import type { MountedFiles } from "../files/mounted-files.js";
import type { FileStatus } from "../files/tree.js";
import { childPath, compareNames, lastPart } from "../files/tree-path.js";

/** Attributes that copied files get. */
export interface CopyAttributes {
  /** ID of the owner. */
  readonly uid: number;
  /** ID of the group. */
  readonly gid: number;
}

/** Copies a file, or a directory with all that is in it. An existing directory keeps what is in it. */
export async function copyFiles(
  from: { readonly files: MountedFiles; readonly path: string },
  to: { readonly files: MountedFiles; readonly path: string },
  attributes: CopyAttributes,
): Promise<void> {
  const source = await from.files.locate(from.path);
  const status = await from.files.lstat(from.path);
  const { tree, path } = await to.files.locate(to.path, true);
  const file = { mode: status.mode, uid: attributes.uid, gid: attributes.gid, mtime: status.mtime };
  const existing = await tree.status(path);
  if (status.kind === "directory") {
    if (existing?.kind !== "directory") {
      if (existing) await tree.remove(path);
      await tree.makeDirectory(path, file);
    }
    for (const name of (await from.files.list(from.path)).sort(compareNames)) {
      const child = { files: from.files, path: childPath(source.absolute, name) };
      await copyFiles(child, { files: to.files, path: childPath(to.path, name) }, attributes);
    }
    await tree.change(path, file);
    return;
  }
  if (existing) await to.files.remove(to.path, { recursive: true });
  await copyLeaf(status, source.tree.read.bind(source.tree, source.path), tree, path, file);
}

async function copyLeaf(
  status: FileStatus,
  read: () => Readable,
  tree: Awaited<ReturnType<MountedFiles["locate"]>>["tree"],
  path: string,
  file: { mode: number; uid: number; gid: number; mtime: bigint },
): Promise<void> {
  switch (status.kind) {
    case "file":
      return tree.create(path, file, read());
    case "symlink":
      return tree.makeLink(path, status.target ?? "", file);
    case "fifo":
    case "character":
    case "block":
      return tree.makeNode(path, status.kind, file, status.device);
    case "directory":
    case "socket": // a socket means nothing without its process
  }
}

/**
 * Computes the digest of a file, or of a directory with all that is in it: of names, kinds, modes, targets and contents. Times do not
 * count, so that a new checkout of the same files finds what was built before.
 */
export async function digestFiles(files: MountedFiles, path: string): Promise<string> {
  const hash = createHash("sha256");
  const visit = async (at: string, name: string): Promise<void> => {
    const status = await files.lstat(at);
    const { kind, mode, target = "", device = [] } = status;
    hash.update(JSON.stringify([name, kind, mode, target, ...device]));
    if (kind === "file") {
      const content = createHash("sha256");
      for await (const chunk of (await files.read(at)) as AsyncIterable<Buffer>) content.update(chunk);
      hash.update(content.digest());
    } else if (kind === "directory") {
      for (const child of (await files.list(at)).sort(compareNames)) await visit(childPath(at, child), `${name}/${child}`);
    }
  };
  await visit(path, lastPart(path));
  return hash.digest("hex");
}
