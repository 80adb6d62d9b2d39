import { FileError } from "./file-error.js";
import type { OpenFlags } from "./file-system.js";
import type { FileStatus, OpenFile } from "./tree.js";

/** An open file that allows what its flags allow, and names the path of the opener in errors. */
export class OpenedFile implements OpenFile {
  readonly #file: OpenFile;
  readonly #flags: OpenFlags;
  readonly #path: string;

  constructor(file: OpenFile, flags: OpenFlags, path: string) {
    this.#file = file;
    this.#flags = flags;
    this.#path = path;
  }

  get isStream(): boolean {
    return this.#file.isStream ?? false;
  }

  read(position: number, length: number, signal?: AbortSignal): Promise<Buffer> {
    const readable = this.#flags === "r" || this.#flags.endsWith("+");
    return this.#guard(readable, () => this.#file.read(position, length, signal));
  }

  write(data: Uint8Array, position?: number, signal?: AbortSignal): Promise<void> {
    const at = this.#flags.startsWith("a") ? undefined : position;
    return this.#guard(this.#flags !== "r", () => this.#file.write(data, at, signal));
  }

  truncate(length: number): Promise<void> {
    return this.#guard(this.#flags !== "r", () => this.#file.truncate(length));
  }

  status(): Promise<FileStatus> {
    return this.#guard(true, () => this.#file.status());
  }

  close(): Promise<void> {
    return this.#guard(true, () => this.#file.close());
  }

  async #guard<T>(allowed: boolean, operation: () => Promise<T>): Promise<T> {
    if (!allowed) throw new FileError("EBADF", this.#path);
    return named(this.#path, operation);
  }
}

/** Runs an operation on a tree. Its errors name the path that the caller used instead of the one in the tree. */
export async function named<T>(path: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if (error instanceof FileError && error.path !== path) throw new FileError(error.code, path, { cause: error });
    throw error;
  }
}
