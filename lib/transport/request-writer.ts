import { Readable, type Writable } from "node:stream";
import { DockerError } from "../errors/docker-error.js";
import { InvalidOptionError } from "../errors/usage-errors.js";
import { inputFailure, readBytes } from "../wire/byte-source.js";
import { soon } from "../wire/clock.js";
import { ignoreLateError } from "../wire/quiet.js";
import type { Exchange, Payload } from "./exchange.js";

/** Header fields. A field with a list is sent once per value. */
export type HeaderFields = Readonly<Record<string, string | readonly string[]>>;

/** The part of a request that interceptors see. */
export interface RequestHead {
  readonly method: string;
  readonly path: string;
  readonly headers: HeaderFields;
  /** Whether the request uses its own connection instead of one from the pool. */
  readonly ownConnection: boolean;
  /** Whether the engine may be slow to answer, so that the request must not block others that wait for a pooled connection. */
  readonly slow?: boolean;
}

const tokenForm = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const unfitForValue = /[^\t\x20-\x7e\x80-\xff]/;
const unfitForPath = /[^\x21-\x7e]/;

/** Fields that delimit the body. Only this module sets them, because a second value would allow request smuggling. */
const framing = /^(content-length|transfer-encoding)$/i;

function field(name: string, value: string | readonly string[], exchange: Exchange): string {
  if (typeof value === "object") return value.map((one) => field(name, one, exchange)).join("");
  const { operation, endpoint } = exchange;
  // the value may be a credential
  const shown = () => `header ${JSON.stringify(name.slice(0, 40))} of ${operation}`;
  if (!tokenForm.test(name) || unfitForValue.test(value)) {
    throw new InvalidOptionError("headers", `${shown()} has characters that HTTP does not allow`, { operation, endpoint });
  }
  if (framing.test(name))
    throw new InvalidOptionError("headers", `${shown()} is set by the client and cannot be overridden`, { operation, endpoint });
  return `${name}: ${value}\r\n`;
}

/**
 * Checks header fields before interceptors see them.
 *
 * @throws {@link InvalidOptionError} when a field has characters that HTTP does not allow. axios would silently remove them.
 */
export function checkHeaders(headers: HeaderFields, exchange: Exchange): void {
  fields(headers, exchange);
}

/** Serialized header fields, cached for objects that many requests share. */
const written = new WeakMap<HeaderFields, string>();

function fields(headers: HeaderFields, exchange: Exchange): string {
  let text = written.get(headers);
  if (text === undefined) {
    text = "";
    for (const name in headers) text += field(name, headers[name] ?? "", exchange);
    written.set(headers, text);
  }
  return text;
}

/** Serializes the head of a request, including the framing of its body. */
export function requestHead(head: RequestHead, payload: Payload, exchange: Exchange): string {
  const { method, path, headers, ownConnection } = head;
  const { operation, endpoint } = exchange;
  if (!tokenForm.test(method)) {
    throw new InvalidOptionError("method", `the method of ${operation} is not an HTTP method`, { operation, endpoint });
  }
  if (unfitForPath.test(path)) {
    throw new InvalidOptionError("path", `the path of ${operation} has characters that HTTP does not allow`, {
      operation,
      endpoint,
    });
  }
  const { body } = payload;
  let text = `${method} ${path} HTTP/1.1\r\n`;
  const plain = fields(headers, exchange);
  if (payload.headers) {
    // credentials take precedence over a field of the same name from an interceptor
    const secret = new Set(Object.keys(payload.headers).map((name) => name.toLowerCase()));
    for (const name in headers) if (!secret.has(name.toLowerCase())) text += field(name, headers[name] ?? "", exchange);
    for (const name in payload.headers) text += field(name, payload.headers[name] ?? "", exchange);
  } else {
    text += plain;
  }
  if (body instanceof Readable) text += "Transfer-Encoding: chunked\r\n";
  else if (body !== undefined) text += `Content-Length: ${Buffer.byteLength(body)}\r\n`;
  else if (method !== "GET" && method !== "HEAD") text += "Content-Length: 0\r\n";
  if (ownConnection && !("Connection" in headers)) text += "Connection: close\r\n";
  return `${text}\r\n`;
}

/**
 * Sends a stream as a chunked body, with backpressure. If the stream fails, so does the exchange.
 *
 * @param sent - called when the whole body has been written to the connection.
 * @returns a function that stops the upload.
 */
export function upload(body: Readable, socket: Writable, exchange: Exchange, sent: () => void): () => void {
  exchange.streams?.handOver(body);
  const { resume, stop } = readBytes(body, {
    chunk(bytes) {
      socket.cork();
      socket.write(`${bytes.length.toString(16)}\r\n`, "latin1");
      socket.write(bytes);
      const hasRoom = socket.write("\r\n", "latin1");
      soon(() => socket.uncork());
      return hasRoom;
    },
    end() {
      socket.off("drain", resume);
      socket.write("0\r\n\r\n", "latin1", sent);
    },
    // an archive stream already fails with a more specific error
    fail: (cause) => exchange.fail(cause instanceof DockerError ? cause : inputFailure(cause, exchange)),
  });
  socket.on("drain", resume);
  return () => {
    stop();
    socket.off("drain", resume);
    if (!body.readableEnded) body.destroy();
    ignoreLateError(body);
  };
}
