import type { Readable } from "node:stream";
import { badRequest } from "../engine-error.js";
import { firstEvent } from "../stream-events.js";

// Bodies that are followed by something else on the same stream: the standard input of a process.

/**
 * Takes a number of bytes off a stream and leaves the rest.
 *
 * @param limit - the largest number of bytes that is accepted.
 * @throws an {@link EngineError} with status 400 when the stream ends early, or the number exceeds the limit.
 */
export async function takeBytes(stream: Readable, length: number, limit: number): Promise<Buffer> {
  if (!(length <= limit)) throw badRequest(`the body is larger than ${limit} bytes`);
  return take(stream, (bytes) => (bytes.length >= length ? length : undefined));
}

/**
 * Takes the first JSON value off a stream and leaves the rest.
 *
 * @param limit - the largest number of bytes that is accepted.
 * @throws an {@link EngineError} with status 400 when the stream ends early, or the value exceeds the limit.
 */
export async function takeJson(stream: Readable, limit: number): Promise<Buffer> {
  return take(stream, (bytes) => {
    if (bytes.length > limit) throw badRequest(`the body is larger than ${limit} bytes`);
    return endOfObject(bytes);
  });
}

/** Collects bytes until `end` finds where the wanted ones end. */
async function take(stream: Readable, end: (bytes: Buffer) => number | undefined): Promise<Buffer> {
  let bytes = Buffer.alloc(0);
  for (;;) {
    const at = end(bytes);
    if (at !== undefined) {
      if (at < bytes.length) stream.unshift(bytes.subarray(at));
      return bytes.subarray(0, at);
    }
    const part = stream.read() as Buffer | null;
    if (part) bytes = Buffer.concat([bytes, part]);
    else if (stream.readableEnded || stream.destroyed) throw badRequest("invalid JSON: unexpected EOF");
    else await firstEvent(stream, "readable", "end", "close");
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/** Returns the position after the object that the bytes start with; undefined if it is not complete. */
function endOfObject(bytes: Buffer): number | undefined {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (isText) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) isText = false;
    } else if (byte === QUOTE) isText = true;
    else if (byte === OPEN) depth += 1;
    else if (byte === CLOSE) depth -= 1;
    if (byte === CLOSE && !isText && depth <= 0) return at + 1;
  }
  return undefined;
}
