import { ProtocolError } from "../errors/connection-errors.js";

/** Header fields by lower-case name. Values of a repeated field are joined by commas. */
export type ResponseHeaders = Readonly<Record<string, string | undefined>>;

/** The head of a response. */
export interface ResponseHead {
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** Whether the connection may carry another request after the body. */
  readonly keepAlive: boolean;
}

/** How the body is delimited: no body, chunked, up to the close of the connection, or of a known length. */
export type Framing = { readonly kind: "none" | "chunked" | "close" } | { readonly kind: "length"; readonly length: number };

const statusLine = /^HTTP\/1\.([01]) (\d{3})(?: [^\r\n]*)?$/;
const fieldName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

function malformed(what: string, text: string): ProtocolError {
  return new ProtocolError(`the response has ${what}: ${JSON.stringify(text.slice(0, 40))}`);
}

function parseFields(lines: readonly string[]): ResponseHeaders {
  const headers: Record<string, string | undefined> = {};
  for (let i = 1; i < lines.length; i += 1) {
    const line = lines[i] ?? "";
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(colon, 0));
    if (!fieldName.test(name)) throw malformed("a malformed header field", line);
    const key = name.toLowerCase();
    const value = line.slice(colon + 1).trim();
    const known = Object.hasOwn(headers, key) ? headers[key] : undefined;
    headers[key] = known === undefined ? value : `${known}, ${value}`;
  }
  return headers;
}

/** Returns the `Content-Length`; undefined if the head has none. */
function contentLength(headers: ResponseHeaders): number | undefined {
  const text = headers["content-length"];
  if (text === undefined) return undefined;
  const [only = "", ...others] = new Set(text.split(",").map((part) => part.trim()));
  if (others.length > 0 || !/^\d{1,15}$/.test(only)) throw malformed("a malformed content length", text);
  return Number(only);
}

function tokens(value: string | undefined): string[] {
  return value === undefined ? [] : Array.from(value.toLowerCase().split(","), (token) => token.trim());
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
 * @param bodiless - whether responses to the request have no body.
 * @returns undefined for an interim response (1xx).
 * @throws {@link ProtocolError} when the head is malformed.
 */
export function readHead(text: string, bodiless: boolean): { head: ResponseHead; framing: Framing } | undefined {
  const lines = text.split("\r\n");
  const [, minor, code] = statusLine.exec(lines[0] ?? "") ?? [];
  if (code === undefined) throw new ProtocolError(`the engine did not respond with HTTP: ${JSON.stringify(text.slice(0, 40))}`);
  const status = Number(code);
  const headers = parseFields(lines);
  if (status >= 100 && status < 200 && status !== 101) return undefined;
  const length = contentLength(headers);
  const framing = framingOf(headers, bodiless || status === 204 || status === 304 || status === 101, length);
  const connectionOptions = tokens(headers.connection);
  const persistent = minor === "1" ? !connectionOptions.includes("close") : connectionOptions.includes("keep-alive");
  // a length beside chunks may be response smuggling, so the connection is not reused
  const keepAlive = persistent && framing.kind !== "close" && !(framing.kind === "chunked" && length !== undefined);
  return { head: { status, headers, keepAlive }, framing };
}
