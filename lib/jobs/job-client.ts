import type { IncomingMessage } from "node:http";
import { AbortError } from "../index.js";
import { type ServiceClientOptions, ServiceConnection } from "../service/service-connection.js";
import type { RunOptions } from "./dispatcher.js";
import { JobError, jobError, type JobErrorData, JobFailure, JobQueueFullError } from "./errors.js";
import { ROUTES } from "./http/routes.js";
import { fromWire, toWire } from "./http/wire.js";
import { RequestIdentifier } from "./request-identifier.js";
import { PENDING_PORTS } from "./requests/install-container.js";
import type { JobRequest } from "./requests/request.js";
import type { JobResult } from "./response/collect.js";
import type { PendingValue } from "./response/job-response.js";
import { parsePortPairs, PortMapping } from "./values/ports.js";

/** The kinds of failures by HTTP status. */
const FAILURE: Readonly<Record<number, JobFailure>> = {
  400: JobFailure.InvalidRequest,
  404: JobFailure.NotFound,
  406: JobFailure.NotAcceptable,
  409: JobFailure.AlreadyExists,
  429: JobFailure.RateLimit,
};

/**
 * Sends requests to a server of jobs. It is used as a {@link Dispatcher} is.
 *
 * @example
 * ```ts
 * await using jobs = new JobClient({ endpoint: "tcp://10.0.0.7:43273", token });
 * const { data } = await jobs.run(listContainersRequest());
 * ```
 *
 * @category Jobs
 */
export class JobClient {
  /** The server. */
  readonly endpoint: string;
  readonly #connection: ServiceConnection;

  /** @throws {@link InvalidOptionError} when the endpoint is invalid. */
  constructor(options: ServiceClientOptions = {}) {
    this.#connection = new ServiceConnection("tcp://127.0.0.1:43273", options);
    this.endpoint = this.#connection.endpoint;
  }

  /**
   * Runs a request on the server, and waits for the end of its response. `user` is who the token belongs to.
   *
   * @throws what {@link Dispatcher.run} throws, or a {@link JobError} if the server is not reachable or refuses the caller.
   */
  async run<Data extends object | undefined>(
    request: JobRequest<Data>,
    { id = new RequestIdentifier(), signal = new AbortController().signal, onOutput }: RunOptions = {},
  ): Promise<JobResult<Data>> {
    request.check();
    signal.throwIfAborted();
    let response: IncomingMessage | undefined;
    try {
      response = await this.#send(request, id, onOutput !== undefined, signal);
      return await this.#read<Data>(request, response, onOutput);
    } catch (error) {
      if (signal.aborted) throw new AbortError(`${request.name}: the request was aborted`, { cause: error });
      if (error instanceof JobError) throw error;
      const message = `${request.name}: the connection to ${this.endpoint} failed: ${(error as Error).message}`;
      throw new JobError(message, { cause: error });
    } finally {
      response?.destroy();
    }
  }

  /** Closes the connections. */
  close(): Promise<void> {
    this.#connection.close();
    return Promise.resolve();
  }

  /** Like {@link close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #send(
    { name, options }: JobRequest<object | undefined>,
    id: RequestIdentifier,
    isStreamed: boolean,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const route = ROUTES.find((each) => each.name === name);
    if (!route) throw new JobError(`no job matches the request ${name}`);
    const given = options as Readonly<Record<string, string | boolean | undefined>>; // those in the path and in the query are
    const sent = new Set<string>();
    const path = route.path.replace(/:(\w+)/g, (_, option: string) => {
      sent.add(option);
      return encodeURIComponent(String(given[option]));
    });
    const query = new URLSearchParams();
    for (const [option, key] of Object.entries(route.query ?? {})) {
      sent.add(option);
      if (given[option] !== undefined) query.set(key, String(given[option]));
    }
    const rest = Object.fromEntries(Object.entries(given).filter(([option]) => !sent.has(option)));
    return this.#connection.send({
      method: route.method,
      path: query.size > 0 ? `${path}?${query.toString()}` : path,
      headers: {
        Accept: `application/json;${isStreamed ? "stream" : "text"}=true`,
        "If-Match": "api=1",
        "X-Request-Id": id.toString(),
      },
      body: Object.keys(rest).length > 0 ? JSON.stringify(toWire(rest)) : undefined,
      signal,
    });
  }

  async #read<Data extends object | undefined>(
    request: JobRequest<Data>,
    response: IncomingMessage,
    onOutput: RunOptions["onOutput"],
  ): Promise<JobResult<Data>> {
    const { statusCode = 0, headers } = response;
    const chunks: Buffer[] = [];
    for await (const chunk of response as AsyncIterable<Buffer>) {
      if (statusCode === 202 && onOutput) await onOutput(chunk);
      else chunks.push(chunk);
    }
    const body = Buffer.concat(chunks);
    if (statusCode === 200)
      return { success: "ok", pending: pendingOf(headers), data: parse(body) as Data, output: Buffer.alloc(0) };
    if (statusCode === 202 || statusCode === 204) {
      const success = statusCode === 202 ? "accepted" : "ok";
      return { success, pending: pendingOf(headers), data: undefined as Data, output: body };
    }
    throw this.#errorOf(request.name, statusCode, body.toString());
  }

  #errorOf(name: string, status: number, text: string): JobError {
    if (status === 503) return new JobQueueFullError(text);
    const { message, data } = failureOf(text);
    if (message === undefined || !(status === 500 || status in FAILURE))
      return new JobError(`${name}: ${this.endpoint} answered ${status} ${JSON.stringify(text.slice(0, 200))}`);
    return jobError(FAILURE[status] ?? JobFailure.Error, message, { data });
  }
}

function failureOf(text: string): { message?: string; data?: JobErrorData } {
  try {
    return fromWire(JSON.parse(text)) as { message?: string; data?: JobErrorData };
  } catch {
    return {};
  }
}

function parse(body: Buffer): unknown {
  return fromWire(JSON.parse(body.toString()));
}

function pendingOf(headers: IncomingMessage["headers"]): ReadonlyMap<string, PendingValue> {
  const ports = headers[`x-${PENDING_PORTS.toLowerCase()}`];
  return new Map(typeof ports === "string" ? [[PENDING_PORTS, new PortMapping(parsePortPairs(ports))]] : []);
}
