import { once } from "node:events";
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from "node:http2";
import { connect as connectSocket, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { frameOf, MessageReader } from "../../lib/buildkit/grpc/message-reader.js";
import { decodeMessage } from "../../lib/buildkit/grpc/status.js";
import { temporaryFolder } from "../support/servers.js";

/** Connects two sockets with each other. */
export async function socketPair(): Promise<[Socket, Socket]> {
  const path = join(await temporaryFolder(), "pair.sock");
  const server = createServer();
  const accepted = new Promise<Socket>((resolve) => server.once("connection", resolve));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const near = connectSocket(path);
  const far = await accepted;
  if (near.connecting) await once(near, "connect");
  server.close();
  onTestFinished(() => {
    near.destroy();
    far.destroy();
  });
  return [near, far];
}

/** The outcome of a call. */
export interface Outcome {
  readonly messages: Buffer[];
  readonly status: string;
  readonly message: string;
}

/** A call of the fake engine. */
export class FakeCall {
  readonly #stream: ClientHttp2Stream;
  readonly #reader = new MessageReader();
  readonly #messages: Buffer[] = [];
  readonly #heard: (() => void)[] = [];
  /** Resolves when the call has ended. */
  readonly ended: Promise<Outcome>;

  constructor(stream: ClientHttp2Stream) {
    this.#stream = stream;
    const trailers: Record<string, string> = {};
    stream.on("response", (headers: object) => void Object.assign(trailers, headers));
    stream.on("trailers", (headers: object) => void Object.assign(trailers, headers));
    stream.on("error", () => undefined);
    stream.on("data", (chunk: Buffer) => {
      this.#messages.push(...this.#reader.read(chunk));
      for (const hear of this.#heard.splice(0)) hear();
    });
    this.ended = new Promise((resolve) =>
      stream.once("close", () => {
        for (const hear of this.#heard.splice(0)) hear();
        const status = trailers["grpc-status"] ?? "none";
        resolve({ messages: this.#messages, status, message: decodeMessage(trailers["grpc-message"] ?? "") });
      }),
    );
  }

  send(...messages: readonly Uint8Array[]): this {
    for (const message of messages) this.#stream.write(frameOf(Buffer.from(message)));
    return this;
  }

  raw(bytes: Buffer): this {
    this.#stream.write(bytes);
    return this;
  }

  end(): this {
    this.#stream.end();
    return this;
  }

  cancel(): void {
    this.#stream.close(8);
  }

  /** Waits for the messages of the client until they are enough. */
  async until(isEnough: (messages: readonly Buffer[]) => boolean): Promise<readonly Buffer[]> {
    while (!isEnough(this.#messages)) {
      if (this.#stream.closed) throw new Error("the call has ended");
      await new Promise<void>((resolve) => this.#heard.push(resolve));
    }
    return this.#messages;
  }
}

/** An engine that calls the methods of a session. */
export class FakeEngine {
  readonly #session: ClientHttp2Session;

  constructor(connection: Socket) {
    this.#session = connect("http://session", { createConnection: () => connection, maxHeaderListPairs: 100_000 } as object);
    this.#session.on("error", () => undefined);
    onTestFinished(() => this.#session.destroy());
  }

  call(path: string, metadata: Record<string, string | string[]> = {}): FakeCall {
    return new FakeCall(
      this.#session.request({
        ":method": "POST",
        ":path": path,
        "content-type": "application/grpc",
        te: "trailers",
        ...metadata,
      }),
    );
  }

  async unary(path: string, request: Uint8Array): Promise<Outcome> {
    return this.call(path).send(request).end().ended;
  }
}
