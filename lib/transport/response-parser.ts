import { ProtocolError } from "../errors/connection-errors.js";
import { readHead, type ResponseHead } from "./response-head.js";

/** Is told what a parser reads. */
export interface ParserEvents {
  /**
   * The head has come. Says whether the connection is taken over, so that what follows is no HTTP any more.
   */
  head(head: ResponseHead): boolean;
  /** A piece of the body has come. The buffer becomes the receiver's own. */
  data(data: Buffer): void;
  /** The body has come to its end. */
  end(): void;
}

const CR = 0x0d;
const LF = 0x0a;
const HEAD_END = Buffer.from("\r\n\r\n");

/** Chunks from this length on are worth a piece of their own more than they are worth moving. In bytes. */
const LARGE = 4096;

/** A head or a line of a chunked body that is longer is not one. In bytes. */
const LONGEST_HEAD = 64 * 1024;
const LONGEST_LINE = 4 * 1024;

/** Fields that may follow the last chunk. They are read and dropped. */
const MOST_TRAILERS = 64;

/** The value of a hexadecimal digit; -1 when it is none. */
function hexValue(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

type State = "head" | "length" | "close" | "size" | "chunk" | "chunk-end" | "trailer" | "done";

/**
 * Reads the answers to requests over one connection, one after the other (RFC 9112), from input that may be split anywhere.
 *
 * A chunked body's chunks that arrive together are handed on together: the data moves to the front, over the lines between.
 * `node:http` calls back for each of them, which is each line of a log and each event; that is what this reader is for.
 */
export class ResponseParser {
  readonly #events: ParserEvents;
  #state: State = "head";
  #head = "";
  #line = "";
  #left = 0;
  #trailers = 0;
  #bodiless = false;
  /** Whether the end has come and is still to be told. */
  #ended = false;

  constructor(events: ParserEvents) {
    this.#events = events;
  }

  /** Whether anything of an answer has come. */
  get begun(): boolean {
    return this.#state !== "head" || this.#head !== "";
  }

  /** Prepares for the answer to a request. Answers to `HEAD` have no body. */
  begin(method: string): void {
    this.#state = "head";
    this.#head = "";
    this.#trailers = 0;
    this.#bodiless = method === "HEAD";
  }

  /**
   * Reads what has come over the connection.
   *
   * @returns what follows the answer, or does not belong to HTTP any more because the connection has been taken over.
   * @throws {@link ProtocolError} when it is not an answer.
   */
  read(chunk: Buffer): Buffer | undefined {
    const at = this.#advance(chunk);
    // told last: whoever hears it may send the next request, and what is left here is no answer to that
    this.#tellEnd();
    return at < chunk.length ? chunk.subarray(at) : undefined;
  }

  /** Reads as far as the answer goes. Gives the place where it stopped. */
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

  /** Says that the connection has ended, which is the end of a body that has no other. */
  finish(): void {
    if (this.#state === "close") this.#end();
    this.#tellEnd();
  }

  #end(): void {
    this.#state = "done";
    this.#ended = true;
  }

  #tellEnd(): void {
    if (!this.#ended) return;
    this.#ended = false;
    this.#events.end();
  }

  #readHead(chunk: Buffer, at: number): number {
    const rest = this.#head;
    let end = rest === "" ? chunk.indexOf(HEAD_END, at) : -1;
    let head: string;
    if (end >= 0) {
      head = chunk.toString("latin1", at, end);
      end += HEAD_END.length;
    } else {
      const text = rest + chunk.toString("latin1", at);
      const found = text.indexOf("\r\n\r\n", Math.max(0, rest.length - 3));
      if (found < 0) {
        if (text.length > LONGEST_HEAD)
          throw new ProtocolError(`the head of the engine's answer is longer than ${LONGEST_HEAD} bytes`);
        if (!"HTTP/".startsWith(text.slice(0, 5)))
          throw new ProtocolError(`the engine does not answer in HTTP: ${JSON.stringify(text.slice(0, 40))}`);
        this.#head = text;
        return chunk.length;
      }
      head = text.slice(0, found);
      end = at + found + HEAD_END.length - rest.length;
      this.#head = "";
    }
    this.#take(head);
    return end;
  }

  #take(text: string): void {
    const answer = readHead(text, this.#bodiless);
    if (!answer) return;
    const { head, framing } = answer;
    if (this.#events.head(head)) this.#state = "done";
    else if (framing.kind === "none") this.#end();
    else this.#state = framing.kind === "chunked" ? "size" : framing.kind;
    if (framing.kind === "length") this.#left = framing.length;
  }

  /** Reads as many chunks as there are. What they hold is moved together within the buffer. */
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

  /** Reads a line between chunks that lies in one piece and has nothing unusual in it: nearly all of them. */
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

  /** Reads on in a line between chunks, and acts on it when it is whole. */
  #readLine(chunk: Buffer, at: number): number {
    const newline = chunk.indexOf(LF, at);
    const end = newline < 0 ? chunk.length : newline;
    if (this.#line.length + end - at > LONGEST_LINE) throw new ProtocolError("the engine's answer has a malformed chunk");
    const line = this.#line + chunk.toString("latin1", at, end);
    if (newline < 0) {
      this.#line = line;
      return end;
    }
    this.#line = "";
    if (line.charCodeAt(line.length - 1) !== CR) throw new ProtocolError("the engine's answer has a malformed chunk");
    this.#takeLine(line.slice(0, -1));
    return newline + 1;
  }

  #takeLine(line: string): void {
    if (this.#state === "size") {
      const digits = /^[0-9a-fA-F]{1,13}(?=$|[ \t;])/.exec(line)?.[0];
      if (digits === undefined)
        throw new ProtocolError(`the engine's answer has a malformed chunk: ${JSON.stringify(line.slice(0, 40))}`);
      this.#left = Number.parseInt(digits, 16);
      this.#state = this.#left === 0 ? "trailer" : "chunk";
    } else if (this.#state === "chunk-end") {
      if (line !== "") throw new ProtocolError("the engine's answer has a chunk that is longer than it says");
      this.#state = "size";
    } else if (line === "") {
      this.#end();
    } else if ((this.#trailers += 1) > MOST_TRAILERS) {
      throw new ProtocolError(`the engine's answer has more than ${MOST_TRAILERS} trailer fields`);
    }
  }
}
