import { type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import { replaceFile } from "./safe-files.js";

/** Lines that are written together. */
interface Batch {
  text: string;
  /** Settles when they are on the disk. */
  flushed: Promise<void>;
}

/**
 * A file of lines that grows at its end. What has been appended survives a power failure. Those who append while the disk is busy
 * share the next flush.
 */
export class LineFile {
  readonly #path: string;
  #handle: FileHandle | undefined;
  /** The lines that the next flush writes. */
  #batch: Batch | undefined;
  #last: Promise<void> = Promise.resolve();
  #isClosed = false;

  /** @param path - the file, in a folder that exists. Only one object may use it at a time. */
  constructor(path: string) {
    this.#path = path;
  }

  /** Appends a line. Resolves when it is on the disk. Has no effect after {@link close}. */
  append(line: string): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    const batch = (this.#batch ??= this.#begin());
    // a line that was torn, by a full disk for example, must not spoil the next one
    batch.text += `\n${line}`;
    return batch.flushed;
  }

  /** Replaces the content of the file by what `content` returns when its turn comes. */
  rewrite(content: () => string): Promise<void> {
    this.#batch = undefined; // what is appended from now on comes after it
    return this.#inTurn(async () => {
      await this.#closeHandle();
      await replaceFile(this.#path, dirname(this.#path), content(), "power");
    });
  }

  /** Closes the file, once what has been appended is written. */
  close(): Promise<void> {
    this.#isClosed = true;
    return this.#inTurn(() => this.#closeHandle());
  }

  #begin(): Batch {
    const batch: Batch = { text: "", flushed: Promise.resolve() };
    batch.flushed = this.#inTurn(async () => {
      if (this.#batch === batch) this.#batch = undefined;
      this.#handle ??= await open(this.#path, "a", 0o600);
      await this.#handle.appendFile(batch.text);
      await this.#handle.datasync();
    });
    return batch;
  }

  async #closeHandle(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  /** Runs work after all that came before it, whose failures are those of its callers. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
