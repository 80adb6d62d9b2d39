import type { Socket } from "node:net";
import { type Duplex, Readable } from "node:stream";
import { ConnectionClosedError, ProtocolError, TimeoutError, TlsError } from "../errors/connection-errors.js";
import { ResponseBody, type RawResponse } from "./response-body.js";
import type { Exchange, Payload } from "./exchange.js";
import { type RequestHead, upload } from "./request-writer.js";
import type { ResponseHead } from "./response-head.js";
import { ResponseParser } from "./response-parser.js";

/** How the first record begins that a TLS server sends to a client that speaks something else: its type and major version. */
const TLS_ALERT = 0x15;
const TLS_VERSION = 0x03;

/** A request, and whom to tell of its answer. */
export interface Job {
  readonly exchange: Exchange;
  readonly head: RequestHead;
  readonly payload: Payload;
  /** The head as it goes over the wire. */
  readonly text: string;
  answered(response: RawResponse): void;
  /** @param untouched - whether nothing of an answer had come. */
  failed(error: unknown, untouched: boolean): void;
}

/** One connection to the engine: one request after the other, each with its answer. */
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
  #takenOver: RawResponse | undefined;

  /**
   * @param socket - a connection that may still be being established.
   * @param onIdle - called when the connection can take another request.
   */
  constructor(socket: Duplex, onIdle: (connection: HttpConnection) => void) {
    this.socket = socket;
    this.#onIdle = onIdle;
    this.#parser = new ResponseParser({ head: this.#onHead, data: this.#onBody, end: this.#onBodyEnd });
    socket.on("data", this.#onData).on("end", this.#onEnd).on("error", this.#onError).on("close", this.#onClose);
    this.#readOn();
  }

  /**
   * Keeps a write that fails from ending the connection while an answer is waited for. An engine that refuses an upload
   * answers and closes: what it said is still to be read, and the end of it tells as well that it has closed.
   */
  #readOn(): void {
    const { socket } = this;
    const write = socket._write.bind(socket);
    const writeMany = socket._writev?.bind(socket);
    const calm =
      (done: (error?: Error | null) => void) =>
      (error?: Error | null): void =>
        done(error && this.#job && isReset(error) ? null : error);
    socket._write = (chunk, encoding, done) => write(chunk, encoding, calm(done));
    if (writeMany) socket._writev = (chunks, done) => writeMany(chunks, calm(done));
  }

  /** Whether the connection has carried a request before the one that it carries now. */
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

  /** Bounds the time between the end of the request and the answer. */
  #watchHeaders(exchange: Exchange): void {
    const limit = exchange.limits.headers;
    if (limit <= 0 || this.#body || !this.#job) return;
    this.#headersTimer = setTimeout(() => exchange.fail(new TimeoutError("headers", limit, exchange)), limit);
  }

  readonly #onHead = (head: ResponseHead): boolean => {
    const job = this.#job;
    if (!job) throw new ProtocolError("the engine answers without having been asked");
    const { status, headers, keepAlive } = head;
    const { exchange } = job;
    clearTimeout(this.#headersTimer);
    const takenOver = status === 101;
    if (takenOver && !("Upgrade" in job.head.headers))
      throw new ProtocolError("the engine changes the protocol without having been asked");
    this.#keepAlive = keepAlive && !job.head.ownConnection;
    const body = new ResponseBody(this, exchange);
    this.#body = body;
    const response = { status, headers, body, socket: takenOver ? this.socket : undefined, connection: this.socket };
    if (takenOver) {
      this.#takenOver = response;
      return true;
    }
    exchange.setCanceller((error) => this.#fail(error));
    this.#watchInactivity(exchange, body);
    job.answered(response);
    return false;
  };

  readonly #onBody = (data: Buffer): void => this.#body?.receive(data);

  readonly #onBodyEnd = (): void => {
    const body = this.#body;
    this.#release();
    body?.finish();
  };

  readonly #onData = (chunk: Buffer): void => {
    if (!this.#job) {
      // nothing was asked, so this is no answer; a server may say so before it closes an idle connection
      this.socket.destroy();
      return;
    }
    if (!this.#parser.begun && chunk[0] === TLS_ALERT && chunk[1] === TLS_VERSION) {
      const { exchange } = this.#job;
      this.#fail(new TlsError(`${exchange.endpoint} speaks TLS, and was spoken to without`, "protocol", exchange));
      return;
    }
    try {
      const rest = this.#parser.read(chunk);
      if (this.#takenOver) this.#handOver(this.#takenOver, rest);
      else if (rest) this.socket.destroy();
    } catch (error) {
      this.#fail(error);
    }
  };

  /** Gives the connection away. */
  #handOver(response: RawResponse, rest: Buffer | undefined): void {
    const { socket } = this;
    const job = this.#job;
    this.#job = undefined;
    socket.off("data", this.#onData).off("end", this.#onEnd).off("error", this.#onError).off("close", this.#onClose);
    // what comes from now on waits for whoever reads next, as it does on a new connection
    (socket as { readableFlowing: boolean | null }).readableFlowing = null; // it can be set, as node:http does too
    if (rest) socket.unshift(rest);
    const exchange = job?.exchange;
    exchange?.setCanceller((error) => socket.destroy(error));
    socket.once("close", () => exchange?.finish());
    if (exchange) this.#watchInactivity(exchange, socket);
    job?.answered(response);
  }

  /** Ends the request's part in the connection, and lets the next one have it where that is possible. */
  #release(): void {
    this.#job = undefined;
    this.#body = undefined;
    this.#stopWatching?.();
    this.#stopUpload?.();
    this.#stopUpload = undefined;
    if (this.#keepAlive && this.#uploaded && !this.socket.destroyed) {
      if (this.socket.isPaused()) this.socket.resume();
      this.#onIdle(this);
    } else {
      this.socket.destroy();
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
      body.fail(cause === undefined || isReset(cause) ? (exchange.failure ?? cutOff(exchange, cause)) : exchange.errorOf(cause));
      return;
    }
    const { operation, endpoint } = exchange;
    const error =
      cause ??
      new ConnectionClosedError(`the engine at ${endpoint} closed the connection without an answer to ${operation}`, {
        operation,
        endpoint,
      });
    job.failed(error, !this.#parser.begun && (cause === undefined || isReset(cause)));
  }

  /** Lets more of the body come. */
  resume(): void {
    this.socket.resume();
  }

  /** Holds the body back. */
  pause(): void {
    this.socket.pause();
  }

  /** Ends the connection, because nobody wants the rest of the body. */
  abandon(): void {
    this.#job = undefined;
    this.#body = undefined;
    this.#stopUpload?.();
    this.socket.destroy();
  }

  /** Watches for silence while somebody wants to read. */
  #watchInactivity(exchange: Exchange, carrier: ResponseBody | Duplex): void {
    const limit = exchange.limits.inactivity;
    if (limit <= 0) return;
    const socket = this.socket as Duplex & Pick<Socket, "setTimeout">; // sockets and ssh channels have it
    let wasHeld = false;
    const onTimeout = () => {
      // a reader who holds the stream back must not be told that the engine is silent; one who iterates is always paused
      const held =
        carrier instanceof ResponseBody
          ? carrier.isHeldBack
          : carrier.readableLength > 0 || (carrier.isPaused() && carrier.listenerCount("readable") === 0);
      // the time of a reader who has come back begins anew
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

function isReset(cause: unknown): boolean {
  const { code } = cause as { code?: unknown }; // any error has a code or has none
  return code === "ECONNRESET" || code === "EPIPE";
}

function cutOff(exchange: Exchange, cause: unknown): ProtocolError {
  const { operation, endpoint } = exchange;
  return new ProtocolError(`the answer to ${operation} was cut off by ${endpoint}`, { cause, operation, endpoint });
}
