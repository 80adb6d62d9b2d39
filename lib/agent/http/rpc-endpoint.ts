import type { IncomingMessage, ServerResponse } from "node:http";
import { promisify } from "node:util";
import { deflate, gzip } from "node:zlib";
import { BodyError, readBody } from "../../service/body.js";
import { send, sendText, type ServiceCall } from "../../service/service-server.js";
import { isError } from "../../wire/realm.js";
import type { Call, Dispatcher } from "../rpc/dispatcher.js";
import { type Body, type Envelope, parseBody } from "../rpc/envelope.js";
import { toRpcError } from "../rpc/failure.js";
import { RpcError } from "../rpc/rpc-error.js";
import { EventStream } from "./event-stream.js";
import { readVersion1, version1Error, version1Result } from "./version1.js";
import { isVersion2, readVersion2, version2Error, version2Result } from "./version2.js";

/** Limits of one request. */
export interface RequestLimits {
  /** The most bytes of a body. */
  readonly body: number;
  /** How long no byte of a body may arrive, in milliseconds. */
  readonly idle: number;
  /** The most calls of a batch. */
  readonly batch: number;
}

const JSON_TYPE = "application/json; charset=utf-8";

/** Responses of fewer bytes are not compressed. */
const COMPRESSED = 1_024;

/** The encodings that responses may have, by preference. Each matches an `Accept-Encoding` that does not refuse it. */
const encodings = [
  { name: "gzip", accepted: /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/i, compress: promisify<string, Buffer>(gzip) },
  { name: "deflate", accepted: /\bdeflate\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/i, compress: promisify<string, Buffer>(deflate) },
];

/** Serves JSON-RPC 1.0, as mdocker spoke it, and 2.0 on one path. */
export class RpcEndpoint {
  readonly #dispatcher: Dispatcher;
  readonly #limits: RequestLimits;

  constructor(dispatcher: Dispatcher, limits: RequestLimits) {
    this.#dispatcher = dispatcher;
    this.#limits = limits;
  }

  /** Serves a request that is not a GET. */
  async serve({ request, response, signal }: ServiceCall): Promise<void> {
    const { method = "", headers } = request;
    if (method !== "POST") {
      response.setHeader("Allow", "GET, POST");
      sendText(response, 405, `rpc: POST method required, received ${method}`);
      return;
    }
    const type = headers["content-type"] ?? "";
    if (!/^\s*(application\/json\s*(;.*)?)?$/i.test(type)) {
      sendText(response, 415, `rpc: unrecognized Content-Type: ${type}`);
      return;
    }
    const bytes = await this.#read(request, response);
    if (bytes === undefined) return;
    let body: Body;
    try {
      body = parseBody(bytes);
    } catch (error) {
      refuseBody(response, bytes, error);
      return;
    }
    const common = { signal, key: header(request, "idempotency-key"), wantsJob: wantsJob(request) };
    if ("batch" in body) return this.#serveBatch(body.batch, common, request, response);
    if (!isVersion2(body.single.value)) return this.#serveVersion1(body.single, common, request, response);
    if (/\btext\/event-stream\b/i.test(headers.accept ?? "")) return this.#stream(body.single, common, response);
    const answer = await this.#answerVersion2(body.single, common);
    if (answer === undefined) sendNothing(response);
    else await this.#send(request, response, answer);
  }

  async #read(request: IncomingMessage, response: ServerResponse): Promise<Buffer | undefined> {
    try {
      return await readBody(request, { bytes: this.#limits.body, idle: this.#limits.idle });
    } catch (error) {
      if (!(error instanceof BodyError)) throw error;
      response.setHeader("Connection", "close");
      sendText(response, error.status, error.message);
      return undefined;
    }
  }

  async #serveVersion1(envelope: Envelope, common: Common, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const read = readVersion1(envelope);
    if (typeof read === "string") {
      sendText(response, 400, read);
      return;
    }
    const { id, ...call } = read;
    try {
      const result = await this.#dispatcher.call({ ...common, ...call, isVersion1: true });
      await this.#send(request, response, id === undefined ? "" : version1Result(result, id));
      return;
    } catch (error) {
      const failure = toRpcError(error);
      if (failure.kind === "internal") {
        sendText(response, 500, failure.message);
        return;
      }
      return this.#send(request, response, id === undefined ? "" : version1Error(failure, id));
    }
  }

  async #serveBatch(
    batch: readonly Envelope[],
    common: Common,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { batch: most } = this.#limits;
    const refuse = (message: string): Promise<void> =>
      this.#send(request, response, version2Error(new RpcError("invalidRequest", message), "null"));
    if (batch.length === 0) return refuse("a batch has at least one request");
    if (batch.length > most) return refuse(`a batch has at most ${most} requests`);
    if (common.key !== undefined) return refuse("an idempotency key belongs to one request, not to a batch");
    const answers = await Promise.all(batch.map((envelope) => this.#answerVersion2(envelope, common)));
    const sent = answers.filter((answer) => answer !== undefined);
    if (sent.length === 0) sendNothing(response);
    else await this.#send(request, response, `[${sent.join(",")}]`);
  }

  /** Returns the answer to a request, or `undefined` for a notification. */
  async #answerVersion2(envelope: Envelope, common: Common): Promise<string | undefined> {
    const read = readVersion2(envelope);
    if ("answer" in read) return read.answer;
    const { id, ...call } = read;
    const answer = await this.#dispatcher.call({ ...common, ...call, isVersion1: false }).then(
      (result) => version2Result(result, id ?? "null"),
      (error: unknown) => version2Error(toRpcError(error), id ?? "null"),
    );
    return id === undefined ? undefined : answer;
  }

  /** Serves a request with its progress as server-sent events, the last of which is the answer. */
  async #stream(envelope: Envelope, common: Common, response: ServerResponse): Promise<void> {
    const stream = new EventStream(response);
    const progress = (record: unknown): void => stream.send("progress", JSON.stringify(record));
    const answer = await this.#answerVersion2(envelope, { ...common, progress });
    if (answer !== undefined) stream.send("result", answer);
    stream.end();
  }

  async #send(request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
    const asked = header(request, "accept-encoding");
    const encoding =
      asked === undefined || body.length < COMPRESSED ? undefined : encodings.find(({ accepted }) => accepted.test(asked));
    if (!encoding) {
      send(response, 200, JSON_TYPE, body);
      return;
    }
    const bytes = await encoding.compress(body);
    if (response.destroyed) return;
    response.writeHead(200, {
      "Content-Type": JSON_TYPE,
      "Content-Encoding": encoding.name,
      "Content-Length": bytes.length,
      Vary: "Accept-Encoding",
      "X-Content-Type-Options": "nosniff",
    });
    response.end(bytes);
  }
}

/** What all calls of a request share. */
type Common = Pick<Call, "signal" | "key" | "wantsJob" | "progress">;

/** Refuses a body that is not JSON in the way of the version that it seems to be of. */
function refuseBody(response: ServerResponse, bytes: Buffer, error: unknown): void {
  const isDeep = isError(error) && error.name === "RangeError";
  const text = bytes.toString();
  if (!/^\s*\[|"jsonrpc"/.test(text)) {
    sendText(response, 400, isDeep ? error.message : "the request is not JSON");
    return;
  }
  const failure = isDeep ? new RpcError("invalidRequest", error.message) : new RpcError("parseError", "the request is not JSON");
  send(response, 200, JSON_TYPE, version2Error(failure, "null"));
}

function sendNothing(response: ServerResponse): void {
  if (response.destroyed) return;
  response.writeHead(204);
  response.end();
}

function header({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
}

/** Whether the headers of a request ask for a job, as RFC 7240 has it. */
function wantsJob(request: IncomingMessage): boolean {
  return /(^|,)\s*respond-async\s*(,|;|$)/i.test(header(request, "prefer") ?? "");
}
