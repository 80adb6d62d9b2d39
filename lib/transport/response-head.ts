import { ProtocolError } from "../errors/connection-errors.js";
import { quoted } from "../errors/quote.js";

/** Header fields, by name in lower case. The values of a repeated field are joined with commas. */
export type ResponseHeaders = Readonly<Record<string, string | undefined>>;

/** The head of a response. */
export interface ResponseHead {
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** Whether the response has no body. */
  readonly empty: boolean;
  /** Whether the connection may carry another request after the body. */
  readonly keepAlive: boolean;
}

/** How the body is delimited: no body, chunks, the end of the connection, or a known length. */
export type Framing = { readonly kind: "none" | "chunked" | "close" } | { readonly kind: "length"; readonly length: number };

const statusLine = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/;
/** An example of the beginning of a status line. Only the digits differ in others. */
const STATUS_LINE = "HTTP/1.1 200";

/** A header field (RFC 9110, section 5.5): only spaces and tabs surround the value, and it has no control characters. */
const fieldLine = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*$/;

/** The maximum number of characters of a response that a message quotes. */
const QUOTED = 40;

/** Creates the error for something in a response that HTTP does not allow. */
export function malformed(what: string, text: string): ProtocolError {
  return new ProtocolError(`the response has ${what}`, undefined, quoted(text, QUOTED));
}

/** Removes the spaces and tabs around a value. `trim` would also remove characters that belong to the value in HTTP. */
function bare(value: string, from = 0): string {
  let start = from;
  let end = value.length;
  const isBlank = (at: number) => value[at] === " " || value[at] === "\t";
  while (start < end && isBlank(start)) start += 1;
  while (end > start && isBlank(end - 1)) end -= 1;
  return value.slice(start, end);
}

/** Splits a list at its commas. */
const listed = (value: string): string[] => (value.includes(",") ? value.split(",").map((item) => bare(item)) : [bare(value)]);

/**
 * Splits a header or trailer field into its name in lower case and its value.
 *
 * @throws {@link ProtocolError} when it is malformed.
 */
export function readField(line: string): readonly [name: string, value: string] {
  if (!fieldLine.test(line)) throw malformed("a malformed header field", line);
  const colon = line.indexOf(":");
  return [line.slice(0, colon).toLowerCase(), bare(line, colon + 1)];
}

function foreignProtocol(text: string): ProtocolError {
  return new ProtocolError("the engine did not respond with HTTP", undefined, quoted(text, QUOTED));
}

function parseFields(lines: readonly string[]): ResponseHeaders {
  const headers: Record<string, string | undefined> = {};
  for (let i = 1; i < lines.length; i += 1) {
    const [key, value] = readField(lines[i] ?? "");
    const known = Object.hasOwn(headers, key) ? headers[key] : undefined;
    headers[key] = known === undefined ? value : `${known}, ${value}`;
  }
  return headers;
}

/** Returns the `Content-Length`; undefined if the head has none. */
function contentLength(headers: ResponseHeaders): number | undefined {
  const text = headers["content-length"];
  if (text === undefined) return undefined;
  const [only = "", ...others] = listed(text);
  if (!/^\d{1,15}$/.test(only) || others.some((other) => other !== only)) throw malformed("a malformed content length", text);
  return Number(only);
}

/** Splits a field into its tokens, in lower case. */
export function tokens(value: string | undefined): string[] {
  return value === undefined ? [] : listed(value.toLowerCase());
}

function framingOf(headers: ResponseHeaders, bodiless: boolean, length: number | undefined): Framing {
  if (bodiless) return { kind: "none" };
  const coding = tokens(headers["transfer-encoding"]);
  if (coding.length > 0) {
    if (coding.length > 1 || coding[0] !== "chunked") throw malformed("an unsupported transfer encoding", coding.join(", "));
    return { kind: "chunked" };
  }
  if (length === undefined) return { kind: "close" };
  return length === 0 ? { kind: "none" } : { kind: "length", length };
}

/**
 * Parses the head of a response.
 *
 * @param text - the head without its final empty line.
 * @param bodiless - whether the response has no body because of the request's method.
 * @returns undefined for an interim response (1xx).
 * @throws {@link ProtocolError} when the head is malformed.
 */
export function readHead(text: string, bodiless: boolean): { head: ResponseHead; framing: Framing } | undefined {
  const lines = text.split("\r\n");
  const [, minor, code] = statusLine.exec(lines[0] ?? "") ?? [];
  if (code === undefined) throw foreignProtocol(text);
  const status = Number(code);
  const headers = parseFields(lines);
  if (status >= 100 && status < 200 && status !== 101) return undefined;
  const length = contentLength(headers);
  const framing = framingOf(headers, bodiless || status === 204 || status === 304 || status === 101, length);
  const connectionOptions = tokens(headers.connection);
  const persistent = minor === "1" ? !connectionOptions.includes("close") : connectionOptions.includes("keep-alive");
  // chunks with a length, or in HTTP/1.0, which has no chunks, may be response smuggling: the connection is not reused
  const ambiguous = framing.kind === "chunked" && (length !== undefined || minor === "0");
  const keepAlive = persistent && framing.kind !== "close" && !ambiguous;
  return { head: { status, headers, empty: framing.kind === "none", keepAlive }, framing };
}

/** Characters that no line of a head may contain: control characters, and a CR or LF without the other. */
const misplaced = /[^\t\r\n\x20-\x7e\x80-\xff]|(?<!\r)\n|\r(?=[^\n])/;

/** A head that arrives in pieces. It is rejected as soon as it can no longer become the head of a response. */
export class PartialHead {
  readonly #lines: string[] = [];
  /** The line that has not arrived completely. */
  #line = "";
  #endsWithReturn = false;
  #length = 0;

  /** The number of characters of the head so far. */
  get length(): number {
    return this.#length;
  }

  /** The head without its final empty line. */
  get text(): string {
    return this.#lines.join("\r\n");
  }

  /**
   * Adds the next piece.
   *
   * @returns the number of characters up to the end of the head; undefined if the head continues.
   * @throws {@link ProtocolError} when the pieces cannot become the head of a response.
   */
  add(piece: string): number | undefined {
    let at = 0;
    for (let end = piece.indexOf("\n"); end >= 0; end = piece.indexOf("\n", at)) {
      const line = this.#line + piece.slice(at, end);
      at = end + 1;
      this.#line = "";
      this.#endsWithReturn = false;
      if (line === "\r") return this.#count(at);
      if (!line.endsWith("\r")) throw malformed("a head with a bare newline", line);
      this.#take(line.slice(0, -1));
    }
    const rest = piece.slice(at);
    if (misplaced.test(this.#endsWithReturn ? `\r${rest}` : rest)) throw malformed("a malformed header field", this.#line + rest);
    const line = this.#line + rest;
    // a longer line has a complete status code, which only a reason phrase follows
    const begin = line.slice(0, STATUS_LINE.length + 1).replace("\r", "");
    if (this.#lines.length === 0 && !statusLine.test(begin + STATUS_LINE.slice(begin.length))) throw foreignProtocol(line);
    this.#line = line;
    if (rest !== "") this.#endsWithReturn = rest.endsWith("\r");
    this.#count(piece.length);
    return undefined;
  }

  #take(line: string): void {
    if (this.#lines.length > 0) readField(line);
    else if (!statusLine.test(line)) throw foreignProtocol(line);
    this.#lines.push(line);
  }

  #count(characters: number): number {
    this.#length += characters;
    return characters;
  }
}
