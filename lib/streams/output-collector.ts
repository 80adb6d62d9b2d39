import { Writable } from "node:stream";
import { OutputLimitError } from "../errors/usage-errors.js";

/** A writable stream that keeps its data. */
export interface CollectedStream {
  /** The stream. */
  readonly stream: Writable;
  /** Returns everything written so far, in one buffer. */
  content(): Buffer;
}

/** Keeps output in memory, up to a limit for all of its streams together. */
export class OutputCollector {
  readonly #limit: number;
  readonly #operation: string;
  #length = 0;

  /**
   * @param limit - the maximum number of bytes of all streams together.
   * @param operation - name of the operation that produces the output.
   */
  constructor(limit: number, operation: string) {
    this.#limit = limit;
    this.#operation = operation;
  }

  /** Creates a stream that fails with an {@link OutputLimitError} beyond the limit. */
  collect(): CollectedStream {
    const chunks: Buffer[] = [];
    const stream = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        this.#length += chunk.length;
        if (this.#length > this.#limit) {
          done(this.#limitError());
          return;
        }
        chunks.push(chunk);
        done();
      },
    });
    return { stream, content: () => Buffer.concat(chunks) };
  }

  #limitError(): OutputLimitError {
    const operation = this.#operation;
    const message = `${operation}: the command wrote more than ${this.#limit} bytes: raise "maxOutput" or set an "outputStream"`;
    return new OutputLimitError(this.#limit, message, { operation });
  }
}
