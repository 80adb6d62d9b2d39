import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants, type IncomingHttpHeaders } from "node:http2";
import type { Duplex } from "node:stream";
import { ConnectionClosedError, ProtocolError } from "../../errors/connection-errors.js";
import { clearTimeout, setTimeout } from "../../wire/clock.js";
import { handled, ignoreErrors } from "../../wire/quiet.js";
import { CallStream } from "./call-stream.js";
import { HTTP2_OPTIONS, WINDOW } from "./settings.js";
import { Code, decodeMessage, GrpcError } from "./status.js";

/** A call to the engine. */
export interface ClientCall {
  /** The messages of the engine, until the call has ended with the status OK. Otherwise, the loop throws a {@link GrpcError}. */
  messages(): AsyncGenerator<Buffer, void, undefined>;
  /** Cancels the call. */
  readonly cancel: () => void;
}

function statusOf(headers: IncomingHttpHeaders): GrpcError | undefined {
  const status = Number(headers["grpc-status"]);
  if (status === Code.Ok) return undefined;
  const message = decodeMessage(Buffer.from(String(headers["grpc-message"] ?? ""), "latin1").toString());
  const details = headers["grpc-status-details-bin"];
  return new GrpcError(status, message, typeof details === "string" ? Buffer.from(details, "base64") : undefined);
}

/** Calls gRPC methods on a connection whose peer is the server of HTTP/2. */
export class GrpcChannel {
  readonly #session: ClientHttp2Session;
  readonly #closed: Promise<void>;

  /** @param connection - the connection, before its first byte. */
  constructor(connection: Duplex) {
    connection.on("error", ignoreErrors); // the calls report the end
    const session = connect("http://localhost", { ...HTTP2_OPTIONS, createConnection: () => connection });
    this.#session = session;
    session.on("error", ignoreErrors);
    session.once("connect", () => session.setLocalWindowSize(WINDOW));
    this.#closed = new Promise((resolve) => {
      session.once("close", () => {
        connection.destroy();
        resolve();
      });
    });
    connection.once("close", () => session.destroy());
  }

  /**
   * Calls a method with one message.
   *
   * @param path - the method: `/package.Service/Method`.
   */
  call(path: string, request: Buffer): ClientCall {
    const stream = this.#session.request({
      [constants.HTTP2_HEADER_METHOD]: "POST",
      [constants.HTTP2_HEADER_PATH]: path,
      [constants.HTTP2_HEADER_CONTENT_TYPE]: "application/grpc",
      [constants.HTTP2_HEADER_TE]: "trailers",
    });
    stream.on("error", ignoreErrors); // the outcome reports it
    const outcome = handled(outcomeOf(stream, path));
    const messages = new CallStream(stream);
    void handled(messages.send(request));
    stream.end();
    return {
      async *messages() {
        yield* messages.messages();
        await outcome;
      },
      cancel: () => stream.close(constants.NGHTTP2_CANCEL),
    };
  }

  /**
   * Calls a method that answers with one message.
   *
   * @param signal - cancels the call.
   * @throws {@link GrpcError} when the engine refuses, or the call is cancelled.
   */
  async unary(path: string, request: Buffer, signal?: AbortSignal): Promise<Buffer> {
    const call = this.call(path, request);
    signal?.addEventListener("abort", call.cancel, { once: true });
    if (signal?.aborted) call.cancel();
    let answer: Buffer | undefined;
    try {
      for await (const message of call.messages()) answer = message;
    } catch (error) {
      throw signal?.aborted ? new GrpcError(Code.Cancelled, "context canceled") : error;
    } finally {
      signal?.removeEventListener("abort", call.cancel);
    }
    if (!answer) throw new ProtocolError(`${path} was answered without a message`);
    return answer;
  }

  /** Whether the engine answers a ping within a time, in milliseconds. */
  ping(timeout: number): Promise<boolean> {
    if (this.#session.destroyed) return Promise.resolve(false);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), timeout);
      const isSent = this.#session.ping((error) => {
        clearTimeout(timer);
        resolve(!error);
      });
      if (isSent) return;
      clearTimeout(timer);
      resolve(false);
    });
  }

  /** Ends all calls and the connection. */
  async close(): Promise<void> {
    this.#session.destroy();
    await this.#closed;
  }
}

/** Waits for the end of a call. Rejects with its failure. */
function outcomeOf(stream: ClientHttp2Stream, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let status: IncomingHttpHeaders | undefined;
    const take = (headers: IncomingHttpHeaders): void => {
      if (headers["grpc-status"] !== undefined) status = headers;
    };
    let http: string | undefined;
    stream.on("response", (headers: IncomingHttpHeaders) => {
      http = String(headers[":status"]);
      take(headers);
    });
    stream.on("trailers", take);
    stream.once("close", () => {
      const failure = status && statusOf(status);
      if (failure) reject(failure);
      else if (status) resolve();
      else if (http !== undefined && http !== "200") reject(new ProtocolError(`${path} was answered with the status ${http}`));
      else reject(new ConnectionClosedError(`the connection ended before ${path} was answered`));
    });
  });
}
