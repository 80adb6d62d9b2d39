import type { FileContent } from "./file-content.js";
import type { FileKind, FileStatus, NewFile } from "./tree.js";

/** What all files of a {@link NodeTree} have. */
interface AnyNode {
  /** A number that only the hard links of the file share. */
  readonly inode: number;
  /** The tree that may change the node. All others see it unchanged. */
  readonly owner: object;
  /** Permission bits, including setuid, setgid and sticky. */
  mode: number;
  /** ID of the owner. */
  uid: number;
  /** ID of the group. */
  gid: number;
  /** Time of the last change of the content, in nanoseconds since 1970. */
  mtime: bigint;
  /** Extended attributes. */
  attributes: Readonly<Record<string, Uint8Array>> | undefined;
}

/** A directory. */
export interface DirectoryNode extends AnyNode {
  readonly kind: "directory";
  /** The files in it by name. */
  readonly entries: Map<string, Node>;
}

/** A file other than a directory. */
export interface LeafNode extends AnyNode {
  readonly kind: Exclude<FileKind, "directory">;
  /** The number of hard links. */
  links: number;
  /** The content of a regular file. */
  content: FileContent | undefined;
  /** Target of a symbolic link. */
  readonly target: string | undefined;
  /** Major and minor number of a device. */
  readonly device: readonly [major: number, minor: number] | undefined;
}

/** A file of a {@link NodeTree}. */
export type Node = DirectoryNode | LeafNode;

let lastInode = 1;

/** The size of a directory in bytes, as on most file systems. */
const DIRECTORY_SIZE = 4096;

const common = (owner: object, file: NewFile & { mtime: bigint }): AnyNode => ({
  inode: ++lastInode,
  owner,
  mode: file.mode & 0o7777,
  uid: file.uid ?? 0,
  gid: file.gid ?? 0,
  mtime: file.mtime,
  attributes: file.attributes,
});

/** Creates an empty directory. */
export function directoryNode(owner: object, file: NewFile & { mtime: bigint }): DirectoryNode {
  return { ...common(owner, file), kind: "directory", entries: new Map() };
}

/** Creates a file other than a directory, without a name yet. */
export function leafNode(
  owner: object,
  file: NewFile & { mtime: bigint },
  kind: LeafNode["kind"],
  rest: Partial<Pick<LeafNode, "content" | "target" | "device">>,
): LeafNode {
  const { content, target, device } = rest;
  return { ...common(owner, file), kind, links: 0, content, target, device };
}

/** Copies a node for a tree that wants to change it. */
export function copyNode<T extends Node>(node: T, owner: object): T {
  return node.kind === "directory" ? { ...node, owner, entries: new Map(node.entries) } : { ...node, owner };
}

function sizeOf(node: Node): number {
  if (node.kind === "directory") return DIRECTORY_SIZE;
  return node.target === undefined ? (node.content?.size ?? 0) : Buffer.byteLength(node.target);
}

/** Returns the status of a node. */
export function nodeStatus(node: Node): FileStatus {
  const { kind, mode, uid, gid, mtime, inode, attributes } = node;
  const leaf = node.kind === "directory" ? undefined : node;
  return {
    kind,
    mode,
    uid,
    gid,
    size: sizeOf(node),
    mtime,
    inode,
    links: leaf?.links ?? 1,
    ...(leaf?.target === undefined ? undefined : { target: leaf.target }),
    ...(leaf?.device && { device: leaf.device }),
    ...(attributes && { attributes }),
  };
}
