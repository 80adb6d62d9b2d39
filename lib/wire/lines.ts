import { GrowingBuffer } from "./growing-buffer.js";

const NEWLINE = 0x0a;

const withoutReturn = (line: string): string => (line.endsWith("\r") ? line.slice(0, -1) : line);

/**
 * Splits bytes into lines of UTF-8, regardless of how they are divided into chunks. A line feed is never part of a longer
 * character.
 */
export class LineSplitter {
  readonly #limit: number;
  readonly #excess: () => Error;
  readonly #rest = new GrowingBuffer();

  /**
   * @param limit - the maximum length of a line, in bytes.
   * @param excess - creates the error for a longer line.
   */
  constructor(limit: number, excess: () => Error) {
    this.#limit = limit;
    this.#excess = excess;
  }

  /** Reads the next bytes and passes the lines that end in them to `sink`, without their line endings. */
  read(data: Buffer, sink: (line: string) => void): void {
    const first = data.indexOf(NEWLINE);
    if (first < 0) {
      this.#keep(data);
      return;
    }
    if (this.#rest.length > 0) {
      this.#keep(data.subarray(0, first));
      sink(withoutReturn(this.#rest.take().toString()));
    } else {
      sink(this.#line(data.toString("utf8", 0, first)));
    }
    const last = data.lastIndexOf(NEWLINE);
    if (last > first) for (const line of data.toString("utf8", first + 1, last).split("\n")) sink(this.#line(line));
    if (last + 1 < data.length) this.#keep(data.subarray(last + 1));
  }

  /** Returns the text after the last line ending, if any. */
  end(): string | undefined {
    return this.#rest.length === 0 ? undefined : this.#rest.take().toString();
  }

  #line(line: string): string {
    // a line of fewer characters than a third of the limit cannot exceed it in bytes
    if (line.length * 3 > this.#limit && Buffer.byteLength(line) > this.#limit) throw this.#excess();
    return withoutReturn(line);
  }

  #keep(bytes: Buffer): void {
    if (this.#rest.length + bytes.length > this.#limit) throw this.#excess();
    this.#rest.append(bytes);
  }
}
