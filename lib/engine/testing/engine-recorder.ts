import { createWriteStream, type WriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { type ClientRequest, type IncomingMessage, request as requestPlainly, type RequestOptions } from "node:http";
import { request as requestSecurely } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { finished } from "node:stream/promises";
import { parseListenAddress } from "../../service/listen-address.js";
import { EngineError } from "../engine-error.js";
import { takeBytes } from "../server/early-body.js";
import { type Call, HttpServer } from "../server/http-server.js";
import { Router } from "../server/router.js";
import { writePatiently } from "../stream-events.js";
import { publicBody, publicHeaders } from "./credentials.js";
import { PublicLines, publicTarget, recordedBytes, type RecordedStep, recordingHead } from "./recording.js";

/** Certificates for an engine over TLS, in PEM format. */
export interface RecorderTls {
  /** Certificates of the authorities that sign the engine's. By default those of Node.js. */
  ca?: string | Buffer;
  /** Certificate of the client, for an engine that requires one. */
  cert?: string | Buffer;
  /** Private key of the certificate. */
  key?: string | Buffer;
}

/** Options of {@link EngineRecorder.start}. */
export interface EngineRecorderOptions {
  /** The engine: `unix:///path.sock`, `npipe:////./pipe/name`, `tcp://host:port` or, with `tls`, `https://host:port`. */
  engine: string;
  /** The file that is written. An older one is replaced. */
  file: string;
  /** Where the recorder listens, as an engine does. By default a socket in a new temporary folder. */
  listen?: string;
  /** Certificates for an engine at `https://`, in PEM format. */
  tls?: RecorderTls;
}

/** The largest body of a request that asks for an upgrade, in bytes. */
const BODY_LIMIT = 10 * 1024 * 1024;

/** The headers that belong to one connection. */
const HOP_HEADERS = ["connection", "keep-alive", "transfer-encoding", "upgrade", "http2-settings"];

/**
 * Stands between a client and any engine, and writes what they say to a file, for {@link EngineReplay}. Streams and hijacked
 * connections are part of it. Credentials are not: those in headers, in the bodies of logins and swarm operations, and values of
 * members and variables that are named like one.
 *
 * @example
 * ```ts
 * const recorder = await EngineRecorder.start({ engine: "unix:///var/run/docker.sock", file: "fixtures/deploy.jsonl" });
 * await deploy(new Client({ endpoint: recorder.endpoint }));
 * await recorder.close();
 * ```
 *
 * @category Embedded engine
 */
export class EngineRecorder {
  /** Where it listens: the endpoint of clients. */
  readonly endpoint: string;
  readonly #server: HttpServer;
  readonly #tape: Tape;
  readonly #folder: string;

  private constructor(endpoint: string, server: HttpServer, tape: Tape, folder: string) {
    this.endpoint = endpoint;
    this.#server = server;
    this.#tape = tape;
    this.#folder = folder;
  }

  /** Starts to record. @throws a `TypeError` for an invalid endpoint, and an error if it is in use or the file cannot be written. */
  static async start({ engine, file, listen, tls }: EngineRecorderOptions): Promise<EngineRecorder> {
    const send = sender(engine, tls);
    const folder = await mkdtemp(join(tmpdir(), "ts-dockerclient-recorder-"));
    const tape = new Tape(file);
    const onCall = (call: Call): Promise<void> => new RecordedCall(call, tape).forward(send);
    const server = new HttpServer(new Router([]), { min: "1.24", max: "1.24" }, {}, { onCall });
    try {
      await tape.opened;
      const address = parseListenAddress(listen ?? `unix://${join(folder, "docker.sock")}`, undefined);
      return new EngineRecorder(await server.listen(address), server, tape, folder);
    } catch (error) {
      await tape.close().catch(() => undefined); // the first error is the one that counts
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Closes all connections and completes the file. @throws the error of the file if it could not be written. */
  async close(): Promise<void> {
    await this.#server.close();
    try {
      await this.#tape.close();
    } finally {
      await rm(this.#folder, { recursive: true, force: true });
    }
  }

  /** Like {@link close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Sends a request to the engine. */
type Send = (options: RequestOptions) => ClientRequest;

function sender(endpoint: string, tls: EngineRecorderOptions["tls"]): Send {
  const [, scheme = "", place = ""] = /^(unix|npipe|tcp|http|https):\/\/(.+)$/.exec(endpoint) ?? [];
  if (scheme === "unix" || scheme === "npipe")
    return (options) => requestPlainly({ ...options, socketPath: place, agent: false });
  const address = `http://${place}`;
  if (scheme === "" || !URL.canParse(address))
    throw new TypeError(`cannot record ${JSON.stringify(endpoint)}: use unix://, npipe://, tcp://, http:// or https://`);
  const url = new URL(address);
  const target = { host: url.hostname.replace(/^\[(.*)\]$/, "$1"), port: url.port, agent: false };
  if (scheme === "https") return (options) => requestSecurely({ ...options, ...target, ...tls });
  return (options) => requestPlainly({ ...options, ...target });
}

/** The file of a recording. */
class Tape {
  /** Resolves when the file is open. */
  readonly opened: Promise<void>;
  readonly #file: WriteStream;
  /** The exchanges that have not ended. */
  readonly #open = new Set<number>();
  #exchanges = 0;

  constructor(path: string) {
    this.#file = createWriteStream(path, { mode: 0o600 });
    this.opened = new Promise((resolve, reject) => {
      // later errors are those of `close`
      this.#file.once("open", () => resolve()).on("error", reject);
    });
    this.#file.write(recordingHead());
  }

  /** Returns the number of a new exchange. */
  begin(): number {
    this.#open.add(++this.#exchanges);
    return this.#exchanges;
  }

  /** Adds a step, unless its exchange has ended. */
  write(step: RecordedStep): void {
    if (!this.#open.has(step.exchange)) return;
    this.#file.write(`${JSON.stringify(step)}\n`);
    if (step.end === "output" || step.end === "connection") this.#open.delete(step.exchange);
  }

  /** Completes the file. Exchanges still open end here: their sockets report their closing later. */
  async close(): Promise<void> {
    for (const exchange of this.#open) this.write({ exchange, end: "connection" });
    this.#file.end();
    await finished(this.#file);
  }
}

/** A request on its way to the engine, and its response on the way back. */
class RecordedCall {
  readonly #call: Call;
  readonly #tape: Tape;
  readonly #exchange: number;

  constructor(call: Call, tape: Tape) {
    this.#call = call;
    this.#tape = tape;
    this.#exchange = tape.begin();
  }

  #note(step: Omit<RecordedStep, "exchange">): void {
    this.#tape.write({ exchange: this.#exchange, ...step });
  }

  #noteBytes(name: "input" | "output", bytes: Buffer): void {
    if (bytes.length > 0) this.#note(recordedBytes(name, bytes));
  }

  /** Passes the request on. @throws an {@link EngineError} with status 502 when the engine is not reached. */
  async forward(send: Send): Promise<void> {
    const { request, response, upgrade } = this.#call;
    const { method = "GET", url = "/", headers } = request;
    const isUpgrade = upgrade !== undefined && upgrade.protocol !== "h2c";
    this.#note({ request: { method, target: publicTarget(url), headers: publicHeaders(headers) } });
    const sent = send({ method, path: url, headers: isUpgrade ? headers : withoutHops(headers) });
    response.once("close", () => {
      if (!response.writableFinished) this.#note({ end: "connection" });
      if (!response.writableFinished && !isUpgrade) sent.destroy();
    });
    const answered = new Promise<void>((resolve, reject) => {
      sent.once("error", (error) =>
        reject(new EngineError(502, `the engine is not reached: ${error.message}`, { cause: error })),
      );
      sent.once("response", (answer) => resolve(this.#answer(answer)));
      sent.once("upgrade", (answer, socket, head) => {
        this.#hijack(answer, socket, head);
        resolve();
      });
    });
    // the engine may be gone before the body has come
    await Promise.race([answered, upgrade ? this.#sendEarlyBody(sent, upgrade.socket) : this.#sendBody(sent)]);
    await answered;
  }

  /** Sends the body of a request that asks for an upgrade, which precedes the input on the connection. */
  async #sendEarlyBody(sent: ClientRequest, connection: Duplex): Promise<void> {
    const length = Number(this.#call.request.headers["content-length"] ?? 0);
    const body = length > 0 ? await takeBytes(connection, length, BODY_LIMIT) : Buffer.alloc(0);
    this.#noteBytes("input", publicBody(body));
    sent.end(body);
  }

  async #sendBody(sent: ClientRequest): Promise<void> {
    const { request } = this.#call;
    const isJson = /json/.test(request.headers["content-type"] ?? "");
    const lines = new PublicLines();
    try {
      for await (const part of request as AsyncIterable<Buffer>) {
        this.#noteBytes("input", isJson ? lines.take(part) : part);
        await writePatiently(sent, part);
      }
      this.#noteBytes("input", lines.finish());
      this.#note({ end: "input" });
      sent.end();
    } catch {
      sent.destroy(); // the client is gone
    }
  }

  async #answer(answer: IncomingMessage): Promise<void> {
    const { response, request } = this.#call;
    const { statusCode: status = 502 } = answer;
    this.#note({ response: { status, headers: publicHeaders(withoutHops(answer.headers)) } });
    response.writeHead(status, withoutHops(answer.headers));
    response.flushHeaders();
    const isJson = /json/.test(answer.headers["content-type"] ?? "");
    const lines = new PublicLines();
    try {
      for await (const part of answer as AsyncIterable<Buffer>) {
        this.#noteBytes("output", isJson ? lines.take(part) : part);
        await writePatiently(response, part);
      }
      this.#noteBytes("output", lines.finish());
      this.#note({ end: "output" });
      response.end();
    } catch {
      this.#note({ end: "connection" });
      request.socket.destroy(); // the connection to the engine broke
    }
  }

  #hijack(answer: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { upgrade, request } = this.#call;
    const client = upgrade?.socket ?? request.socket;
    const { statusCode: status = 101, statusMessage = "UPGRADED", rawHeaders } = answer;
    this.#note({ response: { status, headers: publicHeaders(withoutHops(answer.headers)) } });
    const lines = rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${rawHeaders[at + 1] ?? ""}`] : []));
    client.write([`HTTP/1.1 ${status} ${statusMessage}`, ...lines, "", ""].join("\r\n"));
    if (head.length > 0) socket.unshift(head);
    this.#copy(socket, client, "output");
    this.#copy(client, socket, "input");
    socket.on("error", () => client.destroy());
    client.on("error", () => socket.destroy());
    socket.once("close", () => client.destroySoon());
    client.once("close", () => {
      this.#note({ end: "connection" });
      socket.destroy();
    });
  }

  #copy(from: Duplex, to: Duplex, name: "input" | "output"): void {
    from.on("data", (part: Buffer) => {
      this.#noteBytes(name, part);
      if (to.write(part)) return;
      from.pause();
      to.once("drain", () => from.resume());
    });
    from.once("end", () => {
      this.#note({ end: name });
      to.end();
    });
  }
}

function withoutHops<T extends NodeJS.Dict<unknown>>(headers: T): T {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_HEADERS.includes(name))) as T;
}
