import { Readable } from "node:stream";
import { pack } from "tar-stream";
import { applyLayer } from "../../../lib/engine/files/apply-layer.js";
import { bytesSource } from "../../../lib/engine/files/content-source.js";
import { LayeredTree, type LayeredTreeOptions } from "../../../lib/engine/files/layered-tree.js";
import { Snapshot } from "../../../lib/engine/files/snapshot.js";
import type { Tree } from "../../../lib/engine/files/tree.js";
import { childPath } from "../../../lib/engine/files/tree-path.js";
import { collect } from "../../support/archive.js";

/** An entry of a layer. The default is a file of mode 0644 of root, from 1970. */
export interface LayerEntry {
  name: string;
  type?: "file" | "link" | "symlink" | "character-device" | "block-device" | "directory" | "fifo";
  mode?: number;
  uid?: number;
  gid?: number;
  linkname?: string;
  devmajor?: number;
  devminor?: number;
  content?: string;
}

/** Packs a layer. */
export async function layer(entries: readonly LayerEntry[]): Promise<Buffer> {
  const archive = pack();
  for (const { content = "", ...header } of entries) archive.entry({ mtime: new Date(0), ...header }, content);
  archive.finalize();
  return collect(Readable.from(archive as AsyncIterable<Buffer>));
}

/** Packs layers and stacks a tree on them. */
export async function layered(...layers: (readonly LayerEntry[])[]): Promise<LayeredTree> {
  return new LayeredTree(await stacked(...layers));
}

/** Packs layers and stacks them. */
export async function stacked(...layers: (readonly LayerEntry[])[]): Promise<Snapshot> {
  let snapshot = Snapshot.empty;
  for (const entries of layers) snapshot = await applyLayer(snapshot, bytesSource(await layer(entries)));
  return snapshot;
}

/** Creates a tree with files by path; paths that end with a slash are directories. */
export async function written(files: Readonly<Record<string, string>>, options?: LayeredTreeOptions): Promise<LayeredTree> {
  const tree = new LayeredTree(Snapshot.empty, options);
  for (const [path, content] of Object.entries(files)) {
    if (path.endsWith("/")) await tree.makeDirectory(path.slice(0, -1), { mode: 0o755 });
    else await tree.create(path, { mode: 0o644 }, Buffer.from(content));
  }
  return tree;
}

/** Describes all files of a tree by path, in order: kind, mode, owner, and content, target or device. */
export async function outline(tree: Tree, directory = "/"): Promise<Record<string, string>> {
  const result: Record<string, string> = {};
  for (const name of (await tree.list(directory)).sort()) {
    const path = childPath(directory, name);
    const status = await tree.status(path);
    if (!status) throw new Error(`${path} is listed but does not exist`);
    const { kind, mode, uid, gid } = status;
    const rest = kind === "file" ? (await collect(tree.read(path))).toString() : (status.target ?? status.device?.join(","));
    result[path] = `${kind} ${mode.toString(8)} ${uid}:${gid}${rest === undefined ? "" : ` ${rest}`}`;
    if (kind === "directory") Object.assign(result, await outline(tree, path));
  }
  return result;
}
