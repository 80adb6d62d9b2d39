import { type Command, Failure, program } from "./command.js";
import { readCount } from "./numbers.js";
import { UsageError } from "./options.js";

/** Reads a stream in pieces of any length. */
class Bytes {
  readonly #chunks: AsyncIterator<Buffer>;
  #chunk: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterator<Buffer>) {
    this.#chunks = chunks;
  }

  /** Returns what is there, and nothing at the end. */
  async peek(): Promise<Buffer> {
    while (this.#chunk.length === 0) {
      const next = await this.#chunks.next();
      if (next.done) break;
      this.#chunk = next.value;
    }
    return this.#chunk;
  }

  /** Drops bytes that were returned. */
  drop(length: number): void {
    this.#chunk = this.#chunk.subarray(length);
  }
}

async function bytesOf(command: Command, path: string, skip: number): Promise<Bytes> {
  const source = await command.attempt(
    () => command.open(path),
    (reason) => `${path}: ${reason}`,
  );
  if (!source) throw new Failure("", 2);
  const bytes = new Bytes(command.chunks(source));
  for (let left = skip; left > 0;) {
    const chunk = await bytes.peek();
    if (chunk.length === 0) break;
    bytes.drop(Math.min(left, chunk.length));
    left -= Math.min(left, chunk.length);
  }
  return bytes;
}

/** Compares two files byte by byte. */
export const cmp = program(
  async (command) => {
    const options = command.options("lsn:");
    const [first, second = "-", skip1 = "0", skip2 = "0"] = options.operands;
    if (first === undefined) throw new UsageError("");
    const [a, b] = [await bytesOf(command, first, readCount(skip1)), await bytesOf(command, second, readCount(skip2))];
    let left = options.has("n") ? readCount(options.value("n") ?? "") : Infinity;
    let position = 0;
    let line = 1;
    let code = 0;
    while (left > 0) {
      const [x, y] = [await a.peek(), await b.peek()];
      if (x.length === 0 || y.length === 0) {
        if (x.length === y.length) return code;
        if (!options.has("s")) command.warn(`cmp: EOF on ${x.length === 0 ? first : second}\n`);
        return 1;
      }
      const length = Math.min(x.length, y.length, left);
      for (let at = 0; at < length; at++) {
        position++;
        const [p = 0, q = 0] = [x[at], y[at]];
        if (p !== q) {
          code = 1;
          if (options.has("s")) return 1;
          if (!options.has("l")) {
            command.out.put(`${first} ${second} differ: char ${position}, line ${line}\n`);
            return 1;
          }
          command.out.put(`${position} ${p.toString(8).padStart(3)} ${q.toString(8).padStart(3)}\n`);
        }
        if (p === 10) line++;
      }
      a.drop(length);
      b.drop(length);
      left -= length;
      if (command.out.isFull) await command.out.flush();
    }
    return code;
  },
  { usage: "[-ls] [-n NUM] FILE1 [FILE2]" },
);
