import { GrowingBuffer } from "../../wire/growing-buffer.js";
import { Code, GrpcError } from "./status.js";

/** The length of what precedes each message: a flag for compression, and the length of the message. */
const PREFIX = 5;

/** The longest message that is accepted, in bytes. BuildKit's largest are StatusResponses and 32 KiB of a file. */
const LONGEST_MESSAGE = 16 * 1024 * 1024;

/** Returns the prefix of a message. */
export function prefixOf(length: number): Buffer {
  const prefix = Buffer.alloc(PREFIX);
  prefix.writeUInt32BE(length, 1);
  return prefix;
}

/** Returns a message with its prefix. */
export const frameOf = (message: Buffer): Buffer => Buffer.concat([prefixOf(message.length), message]);

/** Splits a stream into messages. */
export class MessageReader {
  readonly #limit: number;
  readonly #pending = new GrowingBuffer();

  /** @param limit - the longest message, in bytes. */
  constructor(limit = LONGEST_MESSAGE) {
    this.#limit = limit;
  }

  /**
   * Reads the next bytes of the stream.
   *
   * @returns the messages that they complete.
   * @throws {@link GrpcError} when a message is compressed, or longer than the limit.
   */
  read(chunk: Buffer): Buffer[] {
    let rest = chunk;
    if (this.#pending.length > 0) {
      this.#pending.append(chunk);
      rest = this.#pending.take();
    }
    const found: Buffer[] = [];
    for (let length = this.#lengthOf(rest); rest.length >= PREFIX + length; length = this.#lengthOf(rest)) {
      found.push(rest.subarray(PREFIX, PREFIX + length));
      rest = rest.subarray(PREFIX + length);
    }
    if (rest.length > 0) this.#pending.append(rest);
    return found;
  }

  /** Whether the stream has ended within a message. */
  get isCut(): boolean {
    return this.#pending.length > 0;
  }

  /** Returns the length of the first message; infinity if its prefix is incomplete. */
  #lengthOf(bytes: Buffer): number {
    if (bytes.length > 0 && bytes[0] !== 0) throw new GrpcError(Code.Internal, "the message is compressed");
    if (bytes.length < PREFIX) return Infinity;
    const length = bytes.readUInt32BE(1);
    if (length > this.#limit) {
      throw new GrpcError(Code.ResourceExhausted, `the message has ${length} bytes, more than the limit of ${this.#limit}`);
    }
    return length;
  }
}
