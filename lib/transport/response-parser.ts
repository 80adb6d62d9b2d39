import { ProtocolError } from "../errors/connection-errors.js";
import { malformed, PartialHead, readField, readHead, type ResponseHead } from "./response-head.js";

/*
 * The part of RFC 9112 that a client of an engine needs.
 *
 * Read: HTTP/1.0 and 1.1 responses, split anywhere; interim 1xx responses, which are dropped but count as part of the head; 101
 * and the bytes after it; bodies framed by `Content-Length`, by `chunked` or by the end of the connection; `HEAD`, 204 and 304
 * without a body; repeated equal lengths; persistence by version and `Connection`.
 *
 * Dropped: reason phrases, chunk extensions, trailer fields, and a field named `__proto__`.
 *
 * Rejected: other versions and protocols, transfer codings other than `chunked`, conflicting lengths, folded header lines, empty
 * lines before a response, control characters and bare line ends in heads and between chunks, and heads, chunk lines and trailers
 * beyond the limits below. A response with both a length and chunks, or in HTTP/1.0 with chunks, is read as chunks, and its
 * connection is not reused.
 *
 * Not supported: content codings, which the client does not request, and pipelining.
 */

/** Receives the events of a parser. */
export interface ParserEvents {
  /** Called with the head. Returns whether the connection is upgraded, so that the following bytes are not HTTP. */
  head(head: ResponseHead): boolean;
  /** Called with a piece of the body. The receiver owns the buffer. */
  data(data: Buffer): void;
  /**
   * Called at the end of the body.
   *
   * @param surplus - whether further bytes have arrived, which belong to no request.
   */
  end(surplus: boolean): void;
}

const CR = 0x0d;
const LF = 0x0a;
const HEAD_END = Buffer.from("\r\n\r\n");

/** Chunks of at least this many bytes are passed on separately, because copying them is more expensive. */
const LARGE = 4096;

/** The maximum length of a head, and of a line between chunks, in bytes. */
const LONGEST_HEAD = 64 * 1024;
const LONGEST_LINE = 4 * 1024;

/** The maximum number of fields after the last chunk, and their maximum total length in bytes, without line ends. */
const MOST_TRAILERS = 64;
const LONGEST_TRAILERS = 16 * 1024;

/** Returns the value of a hexadecimal digit; -1 for any other byte. */
function hexValue(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** The line with the size of a chunk, and extensions. */
const sizeLine = /^([0-9a-f]{1,13})(?:[ \t]*;[\t\x20-\x7e\x80-\xff]*)?$/i;

type State = "head" | "length" | "close" | "size" | "chunk" | "chunk-end" | "trailer" | "done";

/**
 * Reads the responses on one connection, in order, from input that may be split anywhere.
 *
 * Chunks that arrive together are passed on together: their data is moved to close the gaps between them. `node:http` makes a
 * callback for each chunk, that is, for each log line and each event. Avoiding this is the reason for this parser.
 */
export class ResponseParser {
  readonly #events: ParserEvents;
  #state: State = "head";
  #partial: PartialHead | undefined;
  /** The bytes of interim responses. */
  #interim = 0;
  #line = "";
  #left = 0;
  #trailers = 0;
  #trailerBytes = 0;
  #bodiless = false;
  /** Whether the end has been read but not reported. */
  #ended = false;

  constructor(events: ParserEvents) {
    this.#events = events;
  }

  /** Whether any byte of a response has arrived. */
  get begun(): boolean {
    return this.#state !== "head" || this.#partial !== undefined || this.#interim > 0;
  }

  /** Prepares for the response to the next request. Responses to `HEAD` have no body. */
  begin(method: string): void {
    this.#state = "head";
    this.#partial = undefined;
    this.#interim = 0;
    this.#trailers = 0;
    this.#trailerBytes = 0;
    this.#bodiless = method === "HEAD";
  }

  /**
   * Reads bytes from the connection.
   *
   * @returns the bytes that follow the response, or that follow its head when the connection is upgraded.
   * @throws {@link ProtocolError} when the bytes are not a valid response.
   */
  read(chunk: Buffer): Buffer | undefined {
    const at = this.#advance(chunk);
    // reported last, because the listener may send the next request, and the remaining bytes are not its response
    this.#reportEnd(at < chunk.length);
    return at < chunk.length ? chunk.subarray(at) : undefined;
  }

  /** Reads up to the end of the response, and returns the position at which it stopped. */
  #advance(chunk: Buffer): number {
    let at = 0;
    while (at < chunk.length && this.#state !== "done") {
      switch (this.#state) {
        case "head":
          at = this.#readHead(chunk, at);
          break;
        case "length": {
          const end = Math.min(chunk.length, at + this.#left);
          this.#left -= end - at;
          this.#events.data(chunk.subarray(at, end));
          at = end;
          if (this.#left === 0) this.#end();
          break;
        }
        case "close":
          this.#events.data(at === 0 ? chunk : chunk.subarray(at));
          return chunk.length;
        default:
          at = this.#readChunks(chunk, at);
      }
    }
    return at;
  }

  /** Handles the end of the connection, which also ends a body that is not otherwise delimited. */
  finish(): void {
    if (this.#state === "close") this.#end();
    this.#reportEnd(false);
  }

  #end(): void {
    this.#state = "done";
    this.#ended = true;
  }

  #reportEnd(surplus: boolean): void {
    if (!this.#ended) return;
    this.#ended = false;
    this.#events.end(surplus);
  }

  #readHead(chunk: Buffer, at: number): number {
    const end = this.#partial ? -1 : chunk.indexOf(HEAD_END, at);
    if (end >= 0) {
      this.#countHead(end - at);
      this.#take(chunk.toString("latin1", at, end));
      return end + HEAD_END.length;
    }
    const partial = (this.#partial ??= new PartialHead());
    const taken = partial.add(chunk.toString("latin1", at));
    this.#countHead(partial.length);
    if (taken === undefined) return chunk.length;
    this.#partial = undefined;
    this.#take(partial.text);
    return at + taken;
  }

  /** Limits the length of the head, including the interim responses before it. */
  #countHead(length: number): void {
    if (this.#interim + length > LONGEST_HEAD) throw new ProtocolError(`the response head exceeds ${LONGEST_HEAD} bytes`);
  }

  #take(text: string): void {
    const answer = readHead(text, this.#bodiless);
    if (!answer) {
      this.#interim += text.length + HEAD_END.length;
      return;
    }
    const { head, framing } = answer;
    if (this.#events.head(head)) this.#state = "done";
    else if (framing.kind === "none") this.#end();
    else this.#state = framing.kind === "chunked" ? "size" : framing.kind;
    if (framing.kind === "length") this.#left = framing.length;
  }

  /** Reads all chunks in the buffer, and makes their data contiguous within it. */
  #readChunks(chunk: Buffer, from: number): number {
    let at = from;
    let start = -1;
    let end = -1;
    while (at < chunk.length && this.#state !== "done") {
      if (this.#state === "chunk") {
        const taken = Math.min(chunk.length - at, this.#left);
        if (start < 0 || taken >= LARGE) {
          if (start >= 0) this.#events.data(chunk.subarray(start, end));
          start = at;
          end = at + taken;
        } else {
          chunk.copyWithin(end, at, at + taken);
          end += taken;
        }
        at += taken;
        this.#left -= taken;
        if (this.#left === 0) this.#state = "chunk-end";
      } else {
        at = this.#readShortLine(chunk, at) ?? this.#readLine(chunk, at);
      }
    }
    if (start >= 0) this.#events.data(chunk.subarray(start, end));
    return at;
  }

  /** Reads a line between chunks, if it has arrived completely and has no extension, which is nearly always so. */
  #readShortLine(chunk: Buffer, at: number): number | undefined {
    if (this.#line !== "") return undefined;
    if (this.#state === "chunk-end") {
      if (chunk[at] !== CR || chunk[at + 1] !== LF) return undefined;
      this.#state = "size";
      return at + 2;
    }
    if (this.#state !== "size") return undefined;
    let size = 0;
    let end = at;
    for (; end - at < 8; end += 1) {
      const digit = hexValue(chunk[end]);
      if (digit < 0) break;
      size = size * 16 + digit;
    }
    if (end === at || chunk[end] !== CR || chunk[end + 1] !== LF) return undefined;
    this.#left = size;
    this.#state = size === 0 ? "trailer" : "chunk";
    return end + 2;
  }

  /** Continues a line between chunks, and processes it once it is complete. */
  #readLine(chunk: Buffer, at: number): number {
    const newline = chunk.indexOf(LF, at);
    const end = newline < 0 ? chunk.length : newline;
    if (this.#line.length + end - at > LONGEST_LINE) throw new ProtocolError("the response has a malformed chunk");
    const line = this.#line + chunk.toString("latin1", at, end);
    if (newline < 0) {
      this.#line = line;
      return end;
    }
    this.#line = "";
    if (line.charCodeAt(line.length - 1) !== CR) throw new ProtocolError("the response has a malformed chunk");
    this.#takeLine(line.slice(0, -1));
    return newline + 1;
  }

  #takeLine(line: string): void {
    if (this.#state === "size") {
      const digits = sizeLine.exec(line)?.[1];
      if (digits === undefined) throw malformed("a malformed chunk", line);
      this.#left = Number.parseInt(digits, 16);
      this.#state = this.#left === 0 ? "trailer" : "chunk";
    } else if (this.#state === "chunk-end") {
      if (line !== "") throw new ProtocolError("the response has a chunk that exceeds its declared size");
      this.#state = "size";
    } else if (line === "") {
      this.#end();
    } else {
      this.#takeTrailer(line);
    }
  }

  #takeTrailer(line: string): void {
    readField(line);
    this.#trailers += 1;
    this.#trailerBytes += line.length;
    if (this.#trailers > MOST_TRAILERS) throw new ProtocolError(`the response has more than ${MOST_TRAILERS} trailer fields`);
    if (this.#trailerBytes > LONGEST_TRAILERS) throw new ProtocolError(`the response trailers exceed ${LONGEST_TRAILERS} bytes`);
  }
}
