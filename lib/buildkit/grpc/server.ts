import {
  constants,
  type IncomingHttpHeaders,
  performServerHandshake,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { Duplex } from "node:stream";
import { setImmediate } from "../../wire/clock.js";
import { ignoreErrors } from "../../wire/quiet.js";
import { CallStream } from "./call-stream.js";
import { Metadata } from "./metadata.js";
import { HTTP2_OPTIONS, WINDOW } from "./settings.js";
import { Code, encodeMessage, GrpcError, grpcErrorOf } from "./status.js";

/** A call of the peer. */
export interface ServerCall {
  /** Its metadata. */
  readonly metadata: Metadata;
  /** Its messages. */
  readonly stream: CallStream;
  /** Aborted when the peer has cancelled the call, or the connection has ended. */
  readonly signal: AbortSignal;
}

/** Answers the calls of a method. To answer with another status than OK, it throws a {@link GrpcError}. */
export type GrpcMethod = (call: ServerCall) => Promise<void>;

/** The methods that a server has, by path: `/package.Service/Method`. */
export type GrpcMethods = ReadonlyMap<string, GrpcMethod>;

const CONTENT_TYPE = "application/grpc";

/** Sends the status of a call, and ends it, even if the peer has not. */
function answerStatus(stream: ServerHttp2Stream, trailers: Readonly<Record<string, string>>): void {
  // the reset would overtake the status in the same turn
  const leave = (): unknown => setImmediate(() => stream.destroyed || stream.close(constants.NGHTTP2_NO_ERROR));
  if (stream.headersSent) {
    stream.once("wantTrailers", () => {
      stream.sendTrailers(trailers);
      leave();
    });
    stream.end();
  } else {
    stream.respond({ ":status": 200, "content-type": CONTENT_TYPE, ...trailers }, { endStream: true });
    leave();
  }
}

function answerFailure(stream: ServerHttp2Stream, { status, message }: GrpcError): void {
  answerStatus(stream, {
    "grpc-status": String(status),
    ...(message === "" ? {} : { "grpc-message": encodeMessage(message) }),
  });
}

/** Serves gRPC on a connection whose peer is the client of HTTP/2. */
export class GrpcServer {
  readonly #session: ServerHttp2Session;
  readonly #methods: GrpcMethods;
  /** Resolves when the connection has ended. */
  readonly closed: Promise<void>;

  /**
   * @param connection - the connection, before its first byte.
   * @param methods - the methods to serve.
   */
  constructor(connection: Duplex, methods: GrpcMethods) {
    this.#methods = methods;
    connection.on("error", ignoreErrors); // the session reports the end
    const session = performServerHandshake(connection, HTTP2_OPTIONS);
    this.#session = session;
    session.on("error", ignoreErrors);
    session.setLocalWindowSize(WINDOW);
    session.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _flags: number, raw: string[]) => {
      void this.#serve(stream, headers, raw);
    });
    this.closed = new Promise((resolve) => {
      session.once("close", () => {
        connection.destroy();
        resolve();
      });
      connection.once("close", () => session.destroy());
    });
  }

  /** Ends all calls and the connection. */
  async close(): Promise<void> {
    this.#session.destroy();
    await this.closed;
  }

  async #serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, raw: readonly string[]): Promise<void> {
    const abort = new AbortController();
    stream.on("error", ignoreErrors); // the close that follows ends the call
    stream.once("close", () => abort.abort());
    const method = this.#methods.get(String(headers[constants.HTTP2_HEADER_PATH]));
    try {
      if (!method) throw new GrpcError(Code.Unimplemented, "the client has no such method");
      await method({ metadata: new Metadata(raw), stream: new AnsweringStream(stream), signal: abort.signal });
      if (!stream.destroyed) answerStatus(stream, { "grpc-status": String(Code.Ok) });
    } catch (error) {
      // a call whose stream is closed has nobody to tell
      if (!stream.destroyed && !stream.closed) answerFailure(stream, grpcErrorOf(error));
    }
  }
}

function respond(stream: ServerHttp2Stream): void {
  if (!stream.headersSent) stream.respond({ ":status": 200, "content-type": CONTENT_TYPE }, { waitForTrailers: true });
}

/** The messages of a call that is being answered: the headers go before the first message. */
class AnsweringStream extends CallStream {
  readonly #answer: ServerHttp2Stream;

  constructor(stream: ServerHttp2Stream) {
    super(stream);
    this.#answer = stream;
  }

  protected override begin(): void {
    respond(this.#answer);
  }
}
