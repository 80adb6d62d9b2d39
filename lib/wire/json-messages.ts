import { ProtocolError } from "../errors/connection-errors.js";
import { quoted } from "../errors/quote.js";
import { GrowingBuffer } from "./growing-buffer.js";
import { MEMORY_LIMIT } from "./limits.js";

/** The maximum number of bytes of a message that an error quotes. */
const QUOTED = 80;

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const RECORD_SEPARATOR = 0x1e;
const SPACE = 0x20;
const TAB = 0x09;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

const isBlank = (byte: number | undefined): boolean =>
  byte === NEWLINE || byte === RETURN || byte === RECORD_SEPARATOR || byte === SPACE || byte === TAB;

function parse(document: Buffer): unknown {
  try {
    return JSON.parse(document.toString());
  } catch (cause) {
    // the parser's message quotes the input
    const { message } = cause as Error; // JSON.parse throws a SyntaxError
    const why = message.replace(/[",].*$/s, "").trim();
    throw new ProtocolError(
      `the engine sent a message that is not JSON (${why})`,
      { cause },
      quoted(document.toString("utf8", 0, QUOTED)),
    );
  }
}

/** How the documents in a stream are separated: one per line, or each after a record separator (RFC 7464). */
export type JsonFraming = "lines" | "sequence";

/**
 * Writes one document of a stream, in the form that {@link JsonMessageReader} reads.
 *
 * @param document - a JSON value.
 * @param framing - how documents are separated; by default one per line.
 */
export function encodeJsonMessage(document: unknown, framing: JsonFraming = "lines"): string {
  return `${framing === "sequence" ? "\u001e" : ""}${JSON.stringify(document)}\n`;
}

/** Receives a document of a stream, its length in bytes, and a function that returns its source. */
export type JsonMessageSink = (document: unknown, length: number, source: () => Buffer) => void;

/**
 * Reads a stream of JSON documents: one per line, concatenated, or each after a record separator. Chunks may split it at any
 * byte, even within a character.
 *
 * Lines are the fast path: a line that is a whole document is parsed directly. All other input is scanned once, byte by byte,
 * for the end of the document.
 */
export class JsonMessageReader {
  readonly #limit: number;
  /** An incomplete document. */
  readonly #rest = new GrowingBuffer();
  /** The state of the scan over `#rest`. */
  #plain = false;
  #depth = 0;
  #inText = false;
  #escaped = false;

  /** @param limit - the maximum length of a document, in bytes. */
  constructor(limit = MEMORY_LIMIT) {
    this.#limit = limit;
  }

  /**
   * Reads the next bytes and passes the documents that end in them to `sink`, in order, with their length in bytes and a function
   * that returns their source.
   */
  read(chunk: Buffer, sink: JsonMessageSink): void {
    let at = 0;
    // one attempt per line: a line of many documents would otherwise be parsed once for each of them
    let newline = -1;
    while (at < chunk.length) {
      if (this.#rest.length === 0) {
        if (isBlank(chunk[at])) {
          at += 1;
          continue;
        }
        if (at > newline) {
          newline = chunk.indexOf(NEWLINE, at);
          if (newline < 0) newline = chunk.length;
          const line = newline < chunk.length ? this.#line(chunk, at, newline) : undefined;
          if (line !== undefined) {
            const start = at;
            const end = newline;
            sink(line, end - start, () => chunk.subarray(start, end));
            at = newline + 1;
            continue;
          }
        }
      }
      at = this.#scan(chunk, at, sink);
    }
  }

  /**
   * Called at the end of the stream.
   *
   * @throws {@link ProtocolError} when the stream ended within a document.
   */
  end(): void {
    if (this.#rest.length === 0) return;
    const rest = this.#rest.take().toString("utf8", 0, QUOTED);
    throw new ProtocolError("the engine's stream ended in the middle of a message", undefined, quoted(rest));
  }

  /** Parses a line that is one whole document; returns undefined for other lines. */
  #line(chunk: Buffer, at: number, end: number): unknown {
    try {
      // the default encoding, UTF-8, needs no lookup
      return JSON.parse(chunk.toString(undefined, at, end)) ?? undefined;
    } catch {
      // several documents on a line, or one over several lines: the scan reads them, and reports malformed input
      return undefined;
    }
  }

  /** Scans for the end of a document from `at`. Returns the position after it, or the length of the chunk. */
  #scan(chunk: Buffer, at: number, sink: JsonMessageSink): number {
    if (this.#rest.length === 0) this.#plain = chunk[at] !== OPEN_BRACE && chunk[at] !== OPEN_BRACKET;
    for (let i = at; i < chunk.length; i += 1) {
      if (!this.#ends(chunk[i])) continue;
      // a line end does not belong to a document
      this.#keep(chunk.subarray(at, this.#plain ? i : i + 1));
      const document = this.#rest.take();
      this.#reset();
      sink(parse(document), document.length, () => document);
      return i + 1;
    }
    this.#keep(chunk.subarray(at));
    return chunk.length;
  }

  /** Advances the scan by one byte. Returns whether the document ends with it. */
  #ends(byte: number | undefined): boolean {
    // a value that is neither an object nor an array extends to the end of its line
    if (this.#plain) return byte === NEWLINE || byte === RECORD_SEPARATOR;
    if (this.#inText) {
      if (this.#escaped) this.#escaped = false;
      else if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) this.#inText = false;
      return false;
    }
    if (byte === QUOTE) {
      this.#inText = true;
      return false;
    }
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.#depth += 1;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) this.#depth -= 1;
    else return false;
    return this.#depth === 0;
  }

  #keep(part: Buffer): void {
    if (this.#rest.length + part.length > this.#limit) {
      throw new ProtocolError(`the engine sent a message of more than ${this.#limit} bytes`);
    }
    this.#rest.append(part);
  }

  #reset(): void {
    this.#depth = 0;
    this.#inText = false;
    this.#escaped = false;
  }
}
