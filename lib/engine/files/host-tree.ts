import { execFile } from "node:child_process";
import { constants } from "node:fs";
import * as fs from "node:fs/promises";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { errorCode, isBytes } from "../../wire/realm.js";
import { FileError } from "./file-error.js";
import { HostDirectory, hostError } from "./host-directory.js";
import { hostChunks, HostFile, openHostFile } from "./host-file.js";
import { hostStatus } from "./host-status.js";
import type { FileChanges, FileStatus, NewFile, OpenFile, Tree } from "./tree.js";
import { isWithin } from "./tree-path.js";

const run = promisify(execFile);

/** The errors of opening a file for writing that still allow to open it for reading. */
const readable = new Set<unknown>(["EACCES", "EPERM", "EROFS", "ETXTBSY"]);

/**
 * A folder of the host, such as a bind mount or a volume on disk; or a single file or socket, which is then the root of the tree.
 *
 * Owners are set if the engine may do so, which needs root; otherwise new files belong to the engine's user. Extended attributes are
 * neither read nor written, and times are set with a precision of a microsecond, because Node.js has no more precise calls.
 */
export class HostTree implements Tree {
  /** The folder. */
  readonly folder: string;
  readonly #directory: HostDirectory;

  /** @param folder - its path, without symbolic links. */
  private constructor(folder: string) {
    this.folder = folder;
    this.#directory = new HostDirectory(folder);
  }

  /**
   * Opens a folder of the host, or a single file.
   *
   * @param path - its path. Symbolic links in it are followed.
   * @throws {@link FileError} when it does not exist.
   */
  static async open(path: string): Promise<HostTree> {
    try {
      return new HostTree(await fs.realpath(path));
    } catch (error) {
      throw hostError(path, error);
    }
  }

  /**
   * Returns the files of a folder whose path leads through a link of the kernel, such as `/proc/PID/root`, which has no other path.
   *
   * @param path - its path.
   */
  static at(path: string): HostTree {
    return new HostTree(path);
  }

  async status(path: string): Promise<FileStatus | undefined> {
    try {
      return await this.#directory.at(path, statusAt);
    } catch (error) {
      if (error instanceof FileError && (error.code === "ENOENT" || error.code === "ENOTDIR")) return undefined;
      throw error;
    }
  }

  list(path: string): Promise<string[]> {
    return this.#directory.at(path, async (at) => {
      if ((await statusAt(at)).kind !== "directory") throw new FileError("ENOTDIR", path);
      return this.#directory.pinned(at, (pinned) => fs.readdir(pinned));
    });
  }

  open(path: string): Promise<OpenFile> {
    return this.#directory.at(path, async (at) => {
      await checkRegular(path, at);
      try {
        return new HostFile(await openHostFile(at, constants.O_RDWR), path);
      } catch (error) {
        if (!readable.has(errorCode(error))) throw error;
        return new HostFile(await openHostFile(at, constants.O_RDONLY), path, error);
      }
    });
  }

  read(path: string, from?: number, to?: number): Readable {
    const open = (): Promise<fs.FileHandle> =>
      this.#directory.at(path, async (at) => {
        await checkRegular(path, at);
        return openHostFile(at, constants.O_RDONLY);
      });
    async function* chunks(): AsyncGenerator<Buffer, void, undefined> {
      const handle = await open();
      try {
        yield* hostChunks(handle, from, to);
      } catch (error) {
        throw hostError(path, error);
      } finally {
        await handle.close();
      }
    }
    return Readable.from(chunks(), { objectMode: false });
  }

  create(path: string, file: NewFile, content?: Uint8Array | Readable): Promise<void> {
    return this.#directory.at(path, async (at) => {
      const existing = await find(at);
      if (existing?.kind === "directory") throw new FileError("EISDIR", path);
      if (existing) await fs.unlink(at);
      const handle = await openHostFile(at, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
      try {
        if (isBytes(content)) await handle.writeFile(content);
        else if (content) for await (const chunk of content as AsyncIterable<Uint8Array>) await handle.writeFile(chunk);
      } catch (error) {
        await fs.unlink(at);
        throw error;
      } finally {
        await handle.close();
      }
      await this.#apply(at, file, "file");
    });
  }

  makeDirectory(path: string, file: NewFile): Promise<void> {
    return this.#directory.at(path, async (at) => {
      await fs.mkdir(at, 0o700);
      await this.#apply(at, file, "directory");
    });
  }

  makeLink(path: string, target: string, file: Omit<NewFile, "mode"> = {}): Promise<void> {
    return this.#directory.at(path, async (at) => {
      await fs.symlink(target, at);
      await this.#apply(at, file, "symlink");
    });
  }

  link(path: string, existing: string): Promise<void> {
    return this.#directory.at(existing, async (from) => {
      if ((await statusAt(from)).kind === "directory") throw new FileError("EPERM", existing);
      await this.#directory.at(path, (at) => fs.link(from, at));
    });
  }

  async makeNode(
    path: string,
    kind: "fifo" | "character" | "block",
    file: NewFile,
    device?: readonly [number, number],
  ): Promise<void> {
    await this.#directory.at(path, async (at) => {
      if (await find(at)) throw new FileError("EEXIST", path);
      // the paths of open files are those of this process
      const own = at.replace(/^\/proc\/self\//, `/proc/${process.pid}/`);
      const type = kind === "fifo" ? ["p"] : [kind === "character" ? "c" : "b", ...(device ?? [0, 0]).map(String)];
      try {
        await run("mknod", ["-m", "600", own, ...type]);
      } catch (error) {
        throw new FileError(errorCode(error) === "ENOENT" ? "ENOTSUP" : "EPERM", path, { cause: error });
      }
      await this.#apply(at, file, kind);
    });
  }

  change(path: string, changes: FileChanges): Promise<void> {
    return this.#directory.at(path, async (at) => {
      const { kind, mode } = await statusAt(at);
      // changing the owner clears setuid and setgid bits, which should stay
      await this.#apply(at, { mode, ...changes }, kind);
    });
  }

  remove(path: string): Promise<void> {
    if (path === "/") return Promise.reject(new FileError("EBUSY", path));
    return this.#directory.at(path, async (at) => {
      if ((await statusAt(at)).kind === "directory") await fs.rmdir(at);
      else await fs.unlink(at);
    });
  }

  async rename(from: string, to: string): Promise<void> {
    if (from === "/" || to === "/") throw new FileError("EBUSY", from === "/" ? from : to);
    await this.#directory.at(from, (source) =>
      this.#directory.at(to, async (target) => {
        const { kind } = await statusAt(source);
        // a path in an open directory hides from the system that a directory would move into itself
        if (kind === "directory" && from !== to && isWithin(to, from)) throw new FileError("EINVAL", to);
        await fs.rename(source, target);
      }),
    );
  }

  /** Sets the attributes of a file, of a link itself. */
  async #apply(at: string, file: FileChanges, kind: FileStatus["kind"]): Promise<void> {
    const { uid, gid, mode, mtime } = file;
    if (uid !== undefined || gid !== undefined) {
      try {
        const stats = await fs.lstat(at);
        await fs.lchown(at, uid ?? stats.uid, gid ?? stats.gid);
      } catch (error) {
        if (errorCode(error) !== "EPERM") throw error;
      }
    }
    if (mode !== undefined && kind !== "symlink") await this.#directory.pinned(at, (pinned) => fs.chmod(pinned, mode & 0o7777));
    if (mtime !== undefined) {
      const seconds = Number(mtime / 1000n) / 1e6;
      await fs.lutimes(at, seconds, seconds);
    }
  }
}

async function statusAt(at: string): Promise<FileStatus> {
  const stats = await fs.lstat(at, { bigint: true });
  return hostStatus(stats, stats.isSymbolicLink() ? await fs.readlink(at) : undefined);
}

async function find(at: string): Promise<FileStatus | undefined> {
  try {
    return await statusAt(at);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Checks that a file can be opened as a regular one. */
async function checkRegular(path: string, at: string): Promise<void> {
  const stats = await fs.lstat(at);
  if (stats.isDirectory()) throw new FileError("EISDIR", path);
  if (!stats.isFile()) throw new FileError("EINVAL", path);
}
