// Sinks that count bytes, and sources that produce them.

import { Readable, Writable } from "node:stream";

/** Counts the bytes written to it. */
export class Counter extends Writable {
  bytes = 0;

  _write(chunk, _encoding, done) {
    this.bytes += chunk.length;
    done();
  }
}

/** Returns a web stream that counts the bytes written to it. */
export function webCounter() {
  const counted = { bytes: 0 };
  const stream = new WritableStream({
    write(chunk) {
      counted.bytes += chunk.length;
    },
  });
  return { counted, stream };
}

const block = Buffer.alloc(256 * 1024, "tar");

function* blocks(bytes) {
  for (let left = bytes; left > 0; left -= block.length) yield left < block.length ? block.subarray(0, left) : block;
}

/** Returns a stream of the given number of bytes in blocks of 256 KB. */
export function source(bytes) {
  const each = blocks(bytes);
  return new Readable({
    read() {
      this.push(each.next().value ?? null);
    },
  });
}

/** Returns a web stream of the given number of bytes in blocks of 256 KB. */
export function webSource(bytes) {
  const each = blocks(bytes);
  return new ReadableStream({
    pull(controller) {
      const { value, done } = each.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}
