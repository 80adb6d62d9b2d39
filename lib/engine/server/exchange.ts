import type { Socket } from "node:net";
import { Duplex, PassThrough, type Readable, type Writable } from "node:stream";
import { parseJson } from "../bounded-json.js";
import { badRequest } from "../engine-error.js";
import { writePatiently } from "../stream-events.js";
import { takeBytes, takeJson } from "./early-body.js";
import type { EngineRequest } from "./engine-request.js";
import type { EngineResponse } from "./engine-response.js";
import { Query } from "./query.js";
import { acceptWebSocket, WebSocketStream } from "./web-socket.js";

/** The largest JSON body of a request, in bytes. */
const BODY_LIMIT = 10 * 1024 * 1024;

/** The connection of a request that asked for an upgrade. */
export interface Upgrade {
  /** The connection, after the head of the request. */
  readonly socket: Socket;
  /** The protocol in lower case, such as `tcp`, `websocket`, or the `h2c` that Java clients offer with ordinary requests. */
  readonly protocol: string;
}

/** A request and its response. */
export class Exchange {
  /** The request. */
  readonly request: EngineRequest;
  /** The response. Routes use the methods of this class instead. */
  readonly response: EngineResponse;
  /** API version. */
  readonly version: string;
  /** Parts of the path by name, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** The query string. */
  readonly query: Query;
  /** Aborts when the client is gone before the response has ended. */
  readonly signal: AbortSignal;
  readonly #upgrade: Upgrade | undefined;

  constructor(
    request: EngineRequest,
    response: EngineResponse,
    place: { version: string; params: Readonly<Record<string, string>>; query: URLSearchParams; upgrade?: Upgrade | undefined },
  ) {
    this.request = request;
    this.response = response;
    this.version = place.version;
    this.params = place.params;
    this.query = new Query(place.query);
    this.#upgrade = place.upgrade;
    const abort = new AbortController();
    this.signal = abort.signal;
    response.once("close", () => {
      if (!response.writableFinished) abort.abort(new Error("the client is gone"));
    });
  }

  /** The part of the path that is named `name`: the ID or the name of an object. */
  param(name: string): string {
    return this.params[name] ?? "";
  }

  /** Returns a header of the request; an empty string if it is missing. */
  header(name: string): string {
    const value = this.request.headers[name];
    return Array.isArray(value) ? value.join(", ") : (value ?? "");
  }

  /**
   * Reads the JSON body of the request.
   *
   * @returns undefined if there is none.
   * @throws an {@link EngineError} with status 400 for malformed JSON and other content types.
   */
  async body<T extends object>(): Promise<T | undefined> {
    const text = await this.#bodyText();
    if (text === "") return undefined;
    const type = this.header("content-type").split(";")[0]?.trim().toLowerCase();
    if (type !== "" && type !== "application/json") {
      throw badRequest(`unsupported Content-Type header (${this.header("content-type")}): must be 'application/json'`);
    }
    let value: unknown;
    try {
      value = parseJson(text);
    } catch (error) {
      throw badRequest(`invalid JSON: ${(error as Error).message}`);
    }
    if (value === null) return undefined;
    if (typeof value !== "object") throw badRequest(`invalid JSON: json: cannot unmarshal ${typeof value} into a request body`);
    return value as T; // each route checks the members that it reads
  }

  /** Like {@link body}, but a missing body is an error. */
  async requiredBody<T extends object>(): Promise<T> {
    const body = await this.body<T>();
    if (!body) throw badRequest("invalid JSON: got EOF while reading request body");
    return body;
  }

  async #bodyText(): Promise<string> {
    const parts: Buffer[] = [];
    let size = 0;
    const keep = (part: Buffer): void => {
      size += part.length;
      if (size > BODY_LIMIT) throw badRequest(`invalid JSON: the body is larger than ${BODY_LIMIT} bytes`);
      parts.push(part);
    };
    const length = Number(this.header("content-length") || 0);
    const isOnSocket = this.#upgrade && this.request.complete && this.request.readableLength === 0;
    if (isOnSocket) {
      const bytes = length === 0 ? Buffer.alloc(0) : await takeBytes(this.#upgrade.socket, length, BODY_LIMIT);
      this.request.onBody?.(bytes);
      return bytes.toString();
    }
    if (this.header("transfer-encoding") !== "" && this.isInputInBody)
      return (await takeJson(this.request, BODY_LIMIT)).toString();
    for await (const part of this.request as AsyncIterable<Buffer>) keep(part);
    return Buffer.concat(parts).toString();
  }

  /** Whether the connection became a stream of bytes. */
  isHijacked = false;

  /** Whether the standard input of a process follows the JSON value in a chunked body. Routes that hijack set it. */
  isInputInBody = false;

  /** Responds with JSON. */
  json(value: unknown, status = 200): void {
    this.#finish(status, "application/json", `${JSON.stringify(value)}\n`);
  }

  /** Responds with plain text. */
  text(value: string, status = 200): void {
    this.#finish(status, "text/plain; charset=utf-8", value);
  }

  /** Responds without a body: 204 by default. */
  empty(status = 204): void {
    this.response.writeHead(status, status === 204 || status === 304 ? {} : { "content-length": 0 }).end();
  }

  #finish(status: number, type: string, text: string): void {
    const length = Buffer.byteLength(text);
    this.response.writeHead(status, { "content-type": type, "content-length": length });
    this.response.end(this.request.method === "HEAD" ? undefined : text);
  }

  /** Responds with a stream. The headers are sent at once. */
  stream(type: string, status = 200): Writable {
    this.response.writeHead(status, { "content-type": type });
    this.response.flushHeaders();
    return this.response;
  }

  /** Writes to the response, and waits until the client has taken enough of it. */
  async write(data: string | Uint8Array): Promise<void> {
    await writePatiently(this.response, data);
  }

  /**
   * Turns the connection into a stream of bytes in both directions: with status 101 if the client asked for an upgrade, else 200.
   *
   * @param type - the content type of the response.
   */
  hijack(type: string): Duplex {
    const { socket, response } = this;
    this.isHijacked = true;
    const common = [`Content-Type: ${type}`, ...commonHeaders(response), "", ""];
    if (this.#upgrade && this.#upgrade.protocol !== "h2c") {
      response.statusCode = 101;
      if (!response.isLost)
        socket.write(["HTTP/1.1 101 UPGRADED", "Connection: Upgrade", "Upgrade: tcp", ...common].join("\r\n"));
      return response.hijacked(socket, socket);
    }
    if (!response.isLost) socket.write(["HTTP/1.1 200 OK", "Connection: close", ...common].join("\r\n"));
    const isChunked = this.header("transfer-encoding") !== "";
    const connection = Duplex.from({ readable: isChunked ? this.request : untilEnd(socket), writable: socket });
    return response.hijacked(connection, socket);
  }

  /**
   * Turns the connection into a WebSocket.
   *
   * @throws an {@link EngineError} with status 400 when the client asked for something else.
   */
  webSocket(): Duplex {
    const { response, socket } = this;
    const key = this.header("sec-websocket-key");
    if (this.#upgrade?.protocol !== "websocket") throw badRequest("not websocket protocol");
    if (key === "") throw badRequest("mismatch challenge/response");
    if (this.header("sec-websocket-version") !== "13") throw badRequest("missing or bad WebSocket Version");
    this.isHijacked = true;
    if (!response.isLost) socket.write(acceptWebSocket(key));
    return response.hijacked(new WebSocketStream(socket), socket);
  }

  /** The connection of the request. */
  get socket(): Socket {
    return this.#upgrade?.socket ?? this.request.socket;
  }
}

/** Returns the lines of the headers that every response has. */
function commonHeaders(response: EngineResponse): string[] {
  return Object.entries(response.getHeaders()).map(([name, value]) => `${name}: ${String(value)}`);
}

/** Returns an empty stream that ends when the client has ended its side of the connection. */
function untilEnd(socket: Duplex): Readable {
  const input = new PassThrough();
  socket.once("end", () => input.end());
  socket.once("close", () => input.end());
  return input;
}
