import { constants } from "node:fs";
import { type FileHandle, lstat, open } from "node:fs/promises";
import { openDirectory, openFilesFolder } from "../../archive/target-tree.js";
import { errorCode } from "../../wire/realm.js";
import { FileError, isFileErrorCode } from "./file-error.js";
import { checkLength, partsOf } from "./tree-path.js";

/** On Linux, opens a file only to refer to it. Node.js has no constant for this flag. */
const O_PATH = 0o10000000;

/** Converts the error of a system call on a file. */
export function hostError(path: string, cause: unknown): FileError {
  if (cause instanceof FileError) return cause;
  const code = errorCode(cause);
  return new FileError(isFileErrorCode(code) ? code : "EIO", path, { cause });
}

/**
 * The way to the files below a folder of the host. No symbolic link below the folder is ever followed: on Linux, each directory on
 * the way is opened in the one before, so that this holds even if another program moves directories at the same time.
 */
export class HostDirectory {
  readonly #root: string;
  #openFiles: Promise<string | undefined> | undefined;

  /** @param root - the path of the folder, without links. It may also be a file. */
  constructor(root: string) {
    this.#root = root;
  }

  /**
   * Uses the path of a file. Its directory is open until `use` is done.
   *
   * @param path - the canonical path below the folder.
   * @param use - receives the path for system calls that do not follow links.
   * @throws {@link FileError} - `ENOENT` or `ENOTDIR` if its directory is missing; errors of system calls in `use` are converted.
   */
  async at<T>(path: string, use: (hostPath: string) => Promise<T>): Promise<T> {
    checkLength(path);
    const parts = partsOf(path);
    const name = parts.pop();
    if (name === undefined) return guarded(path, () => use(this.#root));
    const handles: FileHandle[] = [];
    try {
      let directory = await this.#enter(this.#root, path, handles);
      for (const part of parts) directory = await this.#enter(`${directory}/${part}`, path, handles);
      return await guarded(path, () => use(`${directory}/${name}`));
    } finally {
      for (const handle of handles) await handle.close();
    }
  }

  /**
   * Opens a file only to refer to it: the path that `use` receives leads to the file itself, whatever its name leads to by then.
   * Where the system has no such paths, it is the path of the name.
   */
  async pinned<T>(hostPath: string, use: (pinned: string) => Promise<T>): Promise<T> {
    const folder = await this.#folder();
    if (folder === undefined) return use(hostPath);
    const handle = await open(hostPath, O_PATH | constants.O_NOFOLLOW);
    try {
      return await use(`${folder}/${handle.fd}`);
    } finally {
      await handle.close();
    }
  }

  #folder(): Promise<string | undefined> {
    this.#openFiles ??= openFilesFolder();
    return this.#openFiles;
  }

  /** Opens the next directory and closes the one before. */
  async #enter(hostPath: string, path: string, handles: FileHandle[]): Promise<string> {
    const directory = await guarded(path, async () => openDirectory(hostPath, await this.#folder()));
    if (!directory) throw new FileError(await missingCode(hostPath), path);
    while (handles.length > 0) await handles.pop()?.close();
    if (directory.handle) handles.push(directory.handle);
    return directory.path;
  }
}

async function guarded<T>(path: string, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    throw hostError(path, error);
  }
}

/** Returns why a directory could not be opened: it does not exist, or is none. */
async function missingCode(hostPath: string): Promise<"ENOENT" | "ENOTDIR"> {
  try {
    await lstat(hostPath);
    return "ENOTDIR";
  } catch (error) {
    return errorCode(error) === "ENOTDIR" ? "ENOTDIR" : "ENOENT";
  }
}
