import { posix } from "node:path";
import { FileError } from "../../../../lib/engine/files/file-error.js";
import type { FileSystem } from "../../../../lib/engine/files/file-system.js";
import type { FileStatus } from "../../../../lib/engine/files/tree.js";

/** A file of {@link fewFiles}: its content, or null for a directory. */
export interface FewFile {
  content: string | null;
  mode?: number;
  uid?: number;
}

/** A file system of a few files that can be found and read. */
export function fewFiles(files: Record<string, FewFile | string>): FileSystem {
  const find = (path: string): FewFile => {
    if (path === "/") return { content: null };
    const file = files[path];
    if (file === undefined) throw new FileError("ENOENT", path);
    return typeof file === "string" ? { content: file } : file;
  };
  const stat = (path: string): FileStatus => {
    const { content, mode = content === null ? 0o755 : 0o644, uid = 0 } = find(posix.normalize(path));
    const kind = content === null ? "directory" : "file";
    return { kind, mode, uid, gid: uid, size: content?.length ?? 0, mtime: 0n, inode: 1, links: 1 };
  };
  const known: Partial<FileSystem> = {
    stat: async (path) => stat(path),
    realPath: async (path) => {
      stat(path);
      return path;
    },
    readFile: async (path) => Buffer.from(find(path).content ?? ""),
    open: async (path) => {
      const content = Buffer.from(find(path).content ?? "");
      const refused = async () => Promise.reject(new FileError("EROFS", path));
      return {
        read: async (position, length) => content.subarray(position, position + length),
        write: refused,
        truncate: refused,
        status: async () => stat(path),
        close: async () => {},
      };
    },
  };
  return known as FileSystem;
}
