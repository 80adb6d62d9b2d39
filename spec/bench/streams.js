// Where bytes go to be counted, and where they come from.

import { Readable, Writable } from "node:stream";

/** Takes everything as it comes, and counts it. */
export class Counter extends Writable {
  bytes = 0;

  _write(chunk, _encoding, done) {
    this.bytes += chunk.length;
    done();
  }
}

/** The same for who wants a web stream. */
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

/** A stream that gives so many bytes, in blocks of 256 KB. */
export function source(bytes) {
  const each = blocks(bytes);
  return new Readable({
    read() {
      this.push(each.next().value ?? null);
    },
  });
}

/** The same for who wants a web stream. */
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
