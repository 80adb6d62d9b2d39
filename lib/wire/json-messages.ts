import { ProtocolError } from "../errors/connection-errors.js";

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

/** A document that grows beyond this is not one. In bytes. */
const MAX_DOCUMENT = 64 * 1024 * 1024;

const isBlank = (byte: number | undefined): boolean =>
  byte === NEWLINE || byte === RETURN || byte === RECORD_SEPARATOR || byte === SPACE || byte === TAB;

function parse(document: Buffer): unknown {
  try {
    return JSON.parse(document.toString());
  } catch (cause) {
    // the parser's message quotes the text, which may be anything
    const { message } = cause as Error; // JSON.parse throws SyntaxErrors
    const shown = JSON.stringify(document.toString("utf8", 0, 80));
    throw new ProtocolError(`the engine sent a message that is not JSON: ${shown} (${message.split(",")[0] ?? ""})`, { cause });
  }
}

/** How documents of a stream are set apart: one a line, or each behind a record separator (RFC 7464). */
export type JsonFraming = "lines" | "sequence";

/**
 * Writes one document of a stream, in the form that {@link JsonMessageReader} reads.
 *
 * @param document - anything that JSON can hold.
 * @param framing - how documents are set apart; by default one a line.
 */
export function encodeJsonMessage(document: unknown, framing: JsonFraming = "lines"): string {
  return `${framing === "sequence" ? "\u001e" : ""}${JSON.stringify(document)}\n`;
}

/**
 * Reads a stream of JSON documents: one a line, or simply one after the other, or each behind a record separator; split
 * anywhere between chunks, within a character too.
 *
 * Lines are the fast path: a line that is a whole document is parsed where it lies. Everything else is scanned byte by
 * byte, once, for the end of the document.
 */
export class JsonMessageReader {
  /** What has come of a document whose end has not. */
  #parts: Buffer[] = [];
  #length = 0;
  /** State of the scan over `#parts`. */
  #plain = false;
  #depth = 0;
  #inText = false;
  #escaped = false;

  /** Reads the next bytes. Gives the documents that end in them to `sink`, in order. */
  read(chunk: Buffer, sink: (document: unknown) => void): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#length === 0) {
        if (isBlank(chunk[at])) {
          at += 1;
          continue;
        }
        const newline = chunk.indexOf(NEWLINE, at);
        const line = newline < 0 ? undefined : this.#line(chunk, at, newline);
        if (line !== undefined) {
          sink(line);
          at = newline + 1;
          continue;
        }
      }
      at = this.#scan(chunk, at, sink);
    }
  }

  /**
   * Says that the stream has ended.
   *
   * @throws {@link ProtocolError} when it ended within a document.
   */
  end(): void {
    if (this.#length === 0) return;
    const rest = Buffer.concat(this.#parts).toString("utf8", 0, 80);
    throw new ProtocolError(`the engine's messages end within a message: ${JSON.stringify(rest)}`);
  }

  /** Parses a line if it is one whole document; undefined when it is something else. */
  #line(chunk: Buffer, at: number, end: number): unknown {
    try {
      return JSON.parse(chunk.toString("utf8", at, end)) ?? undefined;
    } catch {
      // several documents on a line, or one over several lines: the scan tells, and reports what is neither
      return undefined;
    }
  }

  /** Scans for the end of a document from `at`. Gives the position after it, or the chunk's length. */
  #scan(chunk: Buffer, at: number, sink: (document: unknown) => void): number {
    if (this.#length === 0) this.#plain = chunk[at] !== OPEN_BRACE && chunk[at] !== OPEN_BRACKET;
    for (let i = at; i < chunk.length; i += 1) {
      if (!this.#ends(chunk[i])) continue;
      // what ends a line is not part of its document
      this.#keep(chunk.subarray(at, this.#plain ? i : i + 1));
      const document = Buffer.concat(this.#parts);
      this.#reset();
      sink(parse(document));
      return i + 1;
    }
    this.#keep(chunk.subarray(at));
    return chunk.length;
  }

  /** Follows the document by one byte. Says whether it ends with it. */
  #ends(byte: number | undefined): boolean {
    // what is neither an object nor a list is a line
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
    this.#parts.push(part);
    this.#length += part.length;
    if (this.#length > MAX_DOCUMENT) throw new ProtocolError(`the engine sent a message of more than ${MAX_DOCUMENT} bytes`);
  }

  #reset(): void {
    this.#parts = [];
    this.#length = 0;
    this.#depth = 0;
    this.#inText = false;
    this.#escaped = false;
  }
}
