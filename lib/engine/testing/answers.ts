import type { Duplex } from "node:stream";
import { buffer } from "node:stream/consumers";
import { encodeJsonMessage } from "../../wire/json-messages.js";
import { Exchange } from "../server/exchange.js";
import type { Call } from "../server/http-server.js";
import { operations } from "./operations.js";
import { compilePath } from "./path-pattern.js";
import { compileFilter, type RequestFilter, type RequestPredicate } from "./request-filter.js";
import { type RequestTarget, targetOf } from "./request-target.js";

/** A response of a scripted answer. At most one of the members from `json` on counts, the first that is set. */
export interface Reply {
  /** Status code. The default is 200, or 204 without a body. */
  status?: number;
  /** Headers. The content type has a default for each kind of body. */
  headers?: Readonly<Record<string, string>>;
  /** Body that is sent as JSON. */
  json?: unknown;
  /** Messages that are sent as a stream of JSON lines, such as progress, events or statistics, each as soon as it is there. */
  messages?: Iterable<object> | AsyncIterable<object>;
  /** Body. */
  body?: string | Uint8Array;
  /** Takes the connection as a stream of bytes, with status 101 if the client asks for an upgrade. It is closed afterwards. */
  connection?: (connection: Duplex) => void | Promise<void>;
}

/** A request that a scripted answer responds to. */
export interface ScriptedRequest {
  /** HTTP method. */
  readonly method: string;
  /** Path without the API version, decoded. */
  readonly path: string;
  /** API version in the path; undefined without one. */
  readonly version: string | undefined;
  /** What stands in place of the placeholders of the path, by name. */
  readonly params: Readonly<Record<string, string>>;
  /** The query. */
  readonly query: URLSearchParams;
  /** Headers by name in lower case. */
  readonly headers: NodeJS.Dict<string | string[]>;
  /** Aborts when the client is gone before the response has ended. */
  readonly signal: AbortSignal;
  /** Reads the body as JSON; undefined if there is none. */
  json(): Promise<unknown>;
  /** Reads the body. */
  body(): Promise<Buffer>;
}

/** Which requests get a scripted answer, and which. */
export interface AnswerScript extends RequestFilter {
  /** How many requests get it. By default all that are selected. */
  times?: number;
  /** The response; or a function that returns it, or undefined to let the engine respond. */
  reply: Reply | ((request: ScriptedRequest) => Reply | undefined | Promise<Reply | undefined>);
}

/** A scripted answer that is in force. */
export interface Answer {
  /** How many requests it has responded to. */
  readonly count: number;
  /** Ends it. */
  remove(): void;
}

class ActiveAnswer implements Answer {
  count = 0;
  readonly #script: Readonly<AnswerScript>;
  readonly #matches: RequestPredicate;
  readonly #pattern: RegExp | undefined;
  readonly #onRemove: (answer: ActiveAnswer) => void;

  constructor(script: Readonly<AnswerScript>, onRemove: (answer: ActiveAnswer) => void) {
    this.#script = script;
    this.#matches = compileFilter(script);
    const { path = script.operation && operations[script.operation].split(" ")[1] } = script;
    this.#pattern = typeof path === "string" ? compilePath(path) : path;
    this.#onRemove = onRemove;
  }

  remove(): void {
    this.#onRemove(this);
  }

  selects(target: RequestTarget): boolean {
    return this.count < (this.#script.times ?? Infinity) && this.#matches(target);
  }

  /** Responds to a request. Returns false if the engine is to respond. */
  async respond(call: Call): Promise<boolean> {
    const target = targetOf(call.request);
    const params = { ...this.#pattern?.exec(target.path)?.groups };
    const { upgrade } = call;
    const { query, version = "" } = target;
    const exchange = new Exchange(call.request, call.response, { version, params, query, upgrade });
    const { reply } = this.#script;
    this.count += 1;
    const response = typeof reply === "function" ? await reply(scripted(exchange, target)) : reply;
    if (response) await send(exchange, response);
    else this.count -= 1;
    return response !== undefined;
  }
}

function scripted(exchange: Exchange, { method, path, version, query }: RequestTarget): ScriptedRequest {
  const { request, params, signal } = exchange;
  return {
    method,
    path,
    version,
    params,
    query,
    signal,
    headers: request.headers,
    json: () => exchange.body(),
    body: () => buffer(request),
  };
}

async function send(exchange: Exchange, reply: Reply): Promise<void> {
  const { response, request, signal } = exchange;
  const { status = 200, json, messages, body, connection } = reply;
  const type = Object.entries(reply.headers ?? {}).find(([name]) => name.toLowerCase() === "content-type")?.[1];
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  if (json !== undefined) exchange.json(json, status);
  else if (messages) {
    exchange.stream(type ?? "application/json", status);
    for await (const message of messages) {
      if (signal.aborted) return;
      await exchange.write(encodeJsonMessage(message));
    }
    response.end();
  } else if (body !== undefined) {
    const headers = {
      "content-type": type ?? (typeof body === "string" ? "text/plain; charset=utf-8" : "application/octet-stream"),
      "content-length": Buffer.byteLength(body),
    };
    response.writeHead(status, headers).end(request.method === "HEAD" ? undefined : body);
  } else if (connection) {
    response.removeHeader("content-type");
    const hijacked = exchange.hijack(type ?? "application/vnd.docker.raw-stream");
    hijacked.on("error", () => hijacked.destroy()); // the client is gone
    await connection(hijacked);
    hijacked.end();
  } else exchange.empty(reply.status ?? 204);
}

/**
 * Scripted answers, for routes that the engine does not have, such as those of swarm mode and plugins, and in place of those that it
 * has: `engine.answers`.
 *
 * @example
 * ```ts
 * engine.answers.add({ operation: "ServiceList", reply: { json: [] } });
 * engine.answers.add({
 *   method: "GET",
 *   path: "/services/{id}",
 *   reply: ({ params }) => ({ status: 404, json: { message: `service ${params.id} not found` } }),
 * });
 * ```
 *
 * @category Embedded engine
 */
export class Answers {
  #active: ActiveAnswer[] = [];

  /** Responds to requests from now on. If several answers select a request, it gets the one that was added last. */
  add(script: Readonly<AnswerScript>): Answer {
    const answer = new ActiveAnswer(script, (removed) => {
      this.#active = this.#active.filter((active) => active !== removed);
    });
    this.#active.unshift(answer);
    return answer;
  }

  /** Removes all answers. */
  clear(): void {
    this.#active = [];
  }

  /** @internal Responds to a request. Returns false if the engine is to respond. */
  async respond(call: Call): Promise<boolean> {
    const target = targetOf(call.request);
    for (const answer of this.#active) if (answer.selects(target) && (await answer.respond(call))) return true;
    return false;
  }
}
