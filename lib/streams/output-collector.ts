import { Writable } from "node:stream";
import { InvalidOptionError } from "../errors/usage-errors.js";

/** A stream that keeps what is written to it. */
export interface KeptOutput {
  /** The stream. */
  readonly stream: Writable;
  /** Gives what has been written, in one piece. */
  content(): Buffer;
}

/** Keeps output in memory, up to a limit for all of its streams. */
export class OutputKeeper {
  readonly #limit: number;
  readonly #operation: string;
  #length = 0;

  /**
   * @param limit - bytes.
   * @param operation - name of the operation whose output it is.
   */
  constructor(limit: number, operation: string) {
    this.#limit = limit;
    this.#operation = operation;
  }

  /** Makes a stream. It fails with an {@link InvalidOptionError} when the limit is passed. */
  keep(): KeptOutput {
    const chunks: Buffer[] = [];
    const stream = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        this.#length += chunk.length;
        if (this.#length > this.#limit) {
          done(this.#tooMuch());
          return;
        }
        chunks.push(chunk);
        done();
      },
    });
    return { stream, content: () => Buffer.concat(chunks) };
  }

  #tooMuch(): InvalidOptionError {
    const operation = this.#operation;
    const message = `${operation}: the command wrote more than ${this.#limit} bytes: raise "maxOutput", or use an "outputStream"`;
    return new InvalidOptionError("maxOutput", message, { operation });
  }
}
