import { FileError } from "../../files/file-error.js";
import type { OpenFlags } from "../../files/file-system.js";
import type { OpenFile } from "../../files/tree.js";
import { Descriptor, DescriptorError } from "./descriptor.js";

/** Bytes that are read at once. */
const chunkSize = 65_536;

/** An open file with a position, which all that share the descriptor move. */
export class FileDescriptor extends Descriptor {
  readonly #file: OpenFile;
  readonly #flags: OpenFlags;
  #position = 0;

  /** @param flags - those that the file was opened with. */
  constructor(file: OpenFile, flags: OpenFlags) {
    super();
    this.#file = file;
    this.#flags = flags;
  }

  protected override async pull(signal?: AbortSignal): Promise<Buffer | undefined> {
    if (this.#flags === "w" || this.#flags === "a" || this.#flags === "wx") throw new DescriptorError("EBADF");
    const data = await this.#file.read(this.#position, chunkSize, signal);
    this.#position += data.length;
    return data.length > 0 ? data : undefined;
  }

  // the position of a file is that of the next byte, so nothing has to be kept
  override unread(data: Buffer): void {
    if (this.#file.isStream) super.unread(data);
    else this.#position -= data.length;
  }

  override async write(data: Uint8Array, signal?: AbortSignal): Promise<void> {
    if (this.#flags === "r") throw new DescriptorError("EBADF");
    const position = this.#position;
    if (!this.#flags.startsWith("a")) this.#position += data.length;
    try {
      await this.#file.write(data, this.#flags.startsWith("a") ? undefined : position, signal);
    } catch (error) {
      throw error instanceof FileError && error.code === "EPIPE" ? new DescriptorError("EPIPE") : error;
    }
  }

  protected override close(): void {
    void this.#file.close();
  }
}
