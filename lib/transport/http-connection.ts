import type { Socket } from "node:net";
import { type Duplex, Readable } from "node:stream";
import { ConnectionClosedError, ProtocolError, TimeoutError, TlsError } from "../errors/connection-errors.js";
import { quoted } from "../errors/quote.js";
import { clearTimeout, setTimeout } from "../wire/clock.js";
import { plainHttpToTls } from "./dial/socket-errors.js";
import type { Exchange, Payload } from "./exchange.js";
import { type RequestHead, upload } from "./request-writer.js";
import { isReset, tolerateWriteErrors } from "./resilient-socket.js";
import { type RawResponse, ResponseBody } from "./response-body.js";
import { type ResponseHead, tokens } from "./response-head.js";
import { ResponseParser } from "./response-parser.js";

/** The first two bytes that a TLS server sends to a plain HTTP client: the type and the major version of an alert record. */
const TLS_ALERT = 0x15;
const TLS_VERSION = 0x03;

/** A request, with the callbacks for its response. */
export interface Job {
  readonly exchange: Exchange;
  readonly head: RequestHead;
  readonly payload: Payload;
  /** The head of the request as sent. */
  readonly text: string;
  answered(response: RawResponse): void;
  /** @param untouched - whether no part of a response had arrived. */
  failed(error: unknown, untouched: boolean): void;
}

/** Rejects a response with a content coding, such as gzip, that the request did not accept: the client does not decode it. */
function checkCoding({ headers, empty }: ResponseHead, { exchange, head }: Job): void {
  const codings = tokens(headers["content-encoding"]).filter((coding) => coding !== "" && coding !== "identity");
  if (codings.length === 0 || empty) return;
  const [, accepted = ""] = Object.entries(head.headers).find(([name]) => name.toLowerCase() === "accept-encoding") ?? [];
  const known = tokens(String(accepted)).map((token) => token.split(";")[0]);
  if (codings.every((coding) => known.includes(coding))) return;
  const { operation, endpoint } = exchange;
  const message = `the response to ${operation} has the content coding ${quoted(codings.join(", "))}, which the client does not accept: disable compression in the proxy in front of the engine`;
  throw new ProtocolError(message, { operation, endpoint });
}

/** A connection to the engine. It carries requests and their responses one after another. */
export class HttpConnection {
  readonly socket: Duplex;
  readonly #onIdle: (connection: HttpConnection) => void;
  readonly #parser: ResponseParser;
  #job: Job | undefined;
  #body: ResponseBody | undefined;
  #stopUpload: (() => void) | undefined;
  #uploaded = true;
  #keepAlive = false;
  #used = 0;
  #headersTimer: NodeJS.Timeout | undefined;
  #stopWatching: (() => void) | undefined;
  #upgraded: RawResponse | undefined;

  /**
   * @param socket - a connection, which need not be established yet.
   * @param onIdle - called when the connection can carry another request.
   */
  constructor(socket: Duplex, onIdle: (connection: HttpConnection) => void) {
    this.socket = socket;
    this.#onIdle = onIdle;
    this.#parser = new ResponseParser({ head: this.#onHead, data: this.#onBody, end: this.#onBodyEnd });
    socket.on("data", this.#onData).on("end", this.#onEnd).on("error", this.#onError).on("close", this.#onClose);
    // an engine that rejects an upload responds and closes the connection: its response must still be read, up to the close
    tolerateWriteErrors(socket, { tolerates: (error) => this.#job !== undefined && isReset(error) });
  }

  /** Whether the connection has carried a request before the current one. */
  get reused(): boolean {
    return this.#used > 1;
  }

  /** Sends a request. */
  send(job: Job): void {
    const { exchange, head, payload, text } = job;
    this.#job = job;
    this.#used += 1;
    this.#parser.begin(head.method);
    exchange.setCanceller((error) => this.#fail(error));
    const { socket } = this;
    const { body } = payload;
    if (body instanceof Readable) {
      this.#uploaded = false;
      socket.write(text, "latin1");
      this.#stopUpload = upload(body, socket, exchange, () => {
        this.#uploaded = true;
        this.#watchHeaders(exchange);
      });
      return;
    }
    if (body === undefined) {
      socket.write(text, "latin1");
    } else {
      socket.cork();
      socket.write(text, "latin1");
      socket.write(body);
      socket.uncork();
    }
    this.#watchHeaders(exchange);
  }

  /** Limits the time between the end of the request and the response. */
  #watchHeaders(exchange: Exchange): void {
    const limit = exchange.limits.headers;
    if (limit <= 0 || this.#body || !this.#job) return;
    this.#headersTimer = setTimeout(() => exchange.fail(new TimeoutError("headers", limit, exchange)), limit);
  }

  readonly #onHead = (head: ResponseHead): boolean => {
    const job = this.#job;
    if (!job) throw new ProtocolError("unexpected response: no request is pending");
    const { status, headers, keepAlive } = head;
    const { exchange } = job;
    clearTimeout(this.#headersTimer);
    const upgraded = status === 101;
    if (upgraded && !("Upgrade" in job.head.headers)) throw new ProtocolError("unexpected protocol upgrade: none was requested");
    this.#keepAlive = keepAlive && !job.head.ownConnection;
    checkCoding(head, job);
    const body = new ResponseBody(this, exchange);
    this.#body = body;
    const response = { status, headers, body, socket: upgraded ? this.socket : undefined, connection: this.socket };
    if (upgraded) {
      this.#upgraded = response;
      return true;
    }
    exchange.setCanceller((error) => this.#fail(error));
    this.#watchInactivity(exchange, body);
    job.answered(response);
    return false;
  };

  readonly #onBody = (data: Buffer): void => this.#body?.receive(data);

  readonly #onBodyEnd = (surplus: boolean): void => {
    const body = this.#body;
    this.#release(surplus);
    body?.finish();
  };

  readonly #onData = (chunk: Buffer): void => {
    if (!this.#job) {
      // no request is pending; a server may send an error before it closes an idle connection
      this.socket.destroy();
      return;
    }
    if (!this.#parser.begun && chunk[0] === TLS_ALERT && chunk[1] === TLS_VERSION) {
      const { exchange } = this.#job;
      this.#fail(new TlsError(plainHttpToTls(exchange.endpoint), "protocol", exchange));
      return;
    }
    try {
      const rest = this.#parser.read(chunk);
      if (this.#upgraded) this.#handOver(this.#upgraded, rest);
    } catch (error) {
      this.#fail(error);
    }
  };

  /** Hands the upgraded connection to the caller. */
  #handOver(response: RawResponse, rest: Buffer | undefined): void {
    const { socket } = this;
    const job = this.#job;
    this.#job = undefined;
    socket.off("data", this.#onData).off("end", this.#onEnd).off("error", this.#onError).off("close", this.#onClose);
    // data that arrives from now on is buffered for the next reader, as on a new connection
    (socket as { readableFlowing: boolean | null }).readableFlowing = null; // the property is writable, and node:http sets it too
    if (rest) socket.unshift(rest);
    const exchange = job?.exchange;
    exchange?.setCanceller((error) => socket.destroy(error));
    socket.once("close", () => exchange?.finish());
    if (exchange) this.#watchInactivity(exchange, socket);
    job?.answered(response);
  }

  /**
   * Ends the current request, and frees the connection for the next one if possible.
   *
   * @param surplus - whether bytes follow the response. The next request would read them as its own response.
   */
  #release(surplus: boolean): void {
    this.#job = undefined;
    this.#body = undefined;
    this.#stopWatching?.();
    this.#stopUpload?.();
    this.#stopUpload = undefined;
    const { socket } = this;
    if (this.#keepAlive && this.#uploaded && !surplus && socket.readableLength === 0 && !socket.destroyed) {
      if (socket.isPaused()) socket.resume();
      this.#onIdle(this);
    } else {
      socket.destroy();
    }
  }

  readonly #onEnd = (): void => {
    this.#parser.finish();
    if (this.#job) this.#fail(undefined);
    else this.socket.destroy();
  };

  readonly #onError = (error: unknown): void => {
    if (this.#job) this.#fail(error);
  };

  readonly #onClose = (): void => {
    if (this.#job) this.#fail(undefined);
  };

  #fail(cause: unknown): void {
    const job = this.#job;
    const body = this.#body;
    if (!job) return;
    this.#job = undefined;
    this.#body = undefined;
    clearTimeout(this.#headersTimer);
    this.#stopUpload?.();
    this.socket.destroy();
    const { exchange } = job;
    if (body) {
      body.fail(cause === undefined || isReset(cause) ? (exchange.failure ?? exchange.cutOff(cause)) : exchange.errorOf(cause));
      return;
    }
    const { operation, endpoint } = exchange;
    const error =
      cause ??
      new ConnectionClosedError(`the engine at ${endpoint} closed the connection before it responded to ${operation}`, {
        operation,
        endpoint,
      });
    job.failed(error, !this.#parser.begun && (cause === undefined || isReset(cause)));
  }

  /** Resumes the body. */
  resume(): void {
    this.socket.resume();
  }

  /** Pauses the body. */
  pause(): void {
    this.socket.pause();
  }

  /** Closes the connection when the rest of the body is not needed. */
  abandon(): void {
    this.#job = undefined;
    this.#body = undefined;
    this.#stopUpload?.();
    this.socket.destroy();
  }

  /** Enforces the inactivity timeout while the reader waits for data. */
  #watchInactivity(exchange: Exchange, carrier: ResponseBody | Duplex): void {
    const limit = exchange.limits.inactivity;
    if (limit <= 0) return;
    const socket = this.socket as Duplex & Pick<Socket, "setTimeout">; // sockets and ssh channels have setTimeout
    let wasHeld = false;
    const onTimeout = () => {
      // inactivity counts only while the reader requests data; an iterated stream is always paused
      const held =
        carrier instanceof ResponseBody
          ? carrier.isHeldBack
          : carrier.readableLength > 0 || (carrier.isPaused() && carrier.listenerCount("readable") === 0);
      // after the reader has paused, the full timeout applies again
      if (held || wasHeld) socket.setTimeout(limit);
      else exchange.fail(new TimeoutError("inactivity", limit, exchange));
      wasHeld = held;
    };
    socket.setTimeout(limit);
    socket.on("timeout", onTimeout);
    const stop = (this.#stopWatching = () => {
      socket.off("timeout", onTimeout);
      socket.setTimeout(0);
      this.#stopWatching = undefined;
    });
    exchange.addCleanup(() => {
      if (this.#stopWatching === stop) stop();
    });
  }
}
