import { randomUUID } from "node:crypto";
import { closeSync, openSync, read as readCallback, unlinkSync, writeFile as writeCallback } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const read = promisify(readCallback);
const writeFile = promisify(writeCallback);

/** How much is read at once, in bytes. */
const PIECE = 256 * 1024;

/** A temporary file without a name: it is gone when the process ends, however it ends. */
export class NamelessFile {
  readonly #descriptor: number;
  #pending: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  /** Creates an empty file. */
  constructor() {
    const path = join(tmpdir(), `ts-dockerclient-agent-${randomUUID()}`);
    // without a wait in between, in which a process that is killed would leave the name
    this.#descriptor = openSync(path, "wx+", 0o600);
    unlinkSync(path);
  }

  /** Adds bytes at the end. */
  async write(bytes: Buffer): Promise<void> {
    await this.#use((descriptor) => writeFile(descriptor, bytes));
  }

  /** Yields the content from its start. */
  async *chunks(): AsyncGenerator<Buffer, void, undefined> {
    for (let at = 0; ;) {
      const { buffer, bytesRead } = await this.#use((descriptor) => read(descriptor, Buffer.allocUnsafe(PIECE), 0, PIECE, at));
      if (bytesRead === 0) return;
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }

  /** Removes the file, once what runs has ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#pending.catch(() => undefined); // its caller knows
    closeSync(this.#descriptor);
  }

  /** The number of a closed file may already be that of another one. */
  async #use<T>(work: (descriptor: number) => Promise<T>): Promise<T> {
    if (this.#isClosed) throw new Error("the file is closed");
    const result = this.#pending.catch(() => undefined).then(() => work(this.#descriptor));
    this.#pending = result;
    return result;
  }
}
