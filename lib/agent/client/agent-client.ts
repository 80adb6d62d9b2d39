import type { IncomingMessage } from "node:http";
import { createInterface } from "node:readline";
import { AbortError } from "../../index.js";
import { readText, type ServiceClientOptions, ServiceConnection } from "../../service/service-connection.js";
import { startTimer } from "../../service/start-timer.js";
import { clearTimeout } from "../../wire/clock.js";
import type { AgentCallOptions } from "./call-options.js";
import { AgentAccessError, AgentConnectionError, type AgentFailure, AgentProtocolError, callError } from "./errors.js";
import { type AgentMethods, type Job, METHOD_NAMES } from "./types.js";

/** The name of a method in {@link AgentClient}. @category Agent */
export type AgentMethodName = keyof AgentMethods;

/** The parameters of a method. @category Agent */
export type AgentParams<M extends AgentMethodName> = Parameters<AgentMethods[M]>[0];

/** The result of a method. @category Agent */
export type AgentResult<M extends AgentMethodName> = Awaited<ReturnType<AgentMethods[M]>>;

/** A response of JSON-RPC 2.0. */
interface Answer {
  result?: unknown;
  error?: AgentFailure;
}

/**
 * Calls an agent: each of its methods is a method here, with typed parameters and results.
 *
 * @example
 * ```ts
 * await using agent = new AgentClient({ endpoint: "tcp://10.0.0.7:30001", token });
 * await agent.createContainer({ guest: { id: "web", image: "nginx" } });
 * await agent.startContainer({ guest: { id: "web" } });
 * ```
 *
 * @category Agent
 */
export class AgentClient {
  /** The agent. */
  readonly endpoint: string;
  readonly #connection: ServiceConnection;
  #lastId = 0;

  /**
   * @param options - where the agent is, `tcp://127.0.0.1:30001` by default, and who calls it.
   * @throws {@link InvalidOptionError} when the endpoint is invalid.
   */
  constructor(options: ServiceClientOptions = {}) {
    this.#connection = new ServiceConnection("tcp://127.0.0.1:30001", options);
    this.endpoint = this.#connection.endpoint;
  }

  /**
   * Calls a method by its name.
   *
   * @throws {@link AgentCallError} when the agent answers with a failure, {@link AgentAccessError} when it refuses the caller, and
   * {@link AgentConnectionError} when it is not reachable.
   */
  async call<M extends AgentMethodName>(
    method: M,
    params: AgentParams<M>,
    options: AgentCallOptions = {},
  ): Promise<AgentResult<M>> {
    const name = METHOD_NAMES[method];
    const { signal, done } = limited(options);
    try {
      const response = await this.#post(name, params, options, signal, {});
      return this.#resultOf(name, await this.#read(name, response)) as AgentResult<M>;
    } catch (error) {
      throw signal?.aborted ? aborted(name, error) : error;
    } finally {
      done();
    }
  }

  /**
   * Calls a method and yields its progress: lines of a log, events, messages of a pull. Returns the result. Leaving the loop aborts
   * the call.
   */
  async *stream<M extends AgentMethodName>(
    method: M,
    params: AgentParams<M>,
    options: AgentCallOptions = {},
  ): AsyncGenerator<unknown, AgentResult<M>, void> {
    const name = METHOD_NAMES[method];
    const { signal, done } = limited(options);
    let response: IncomingMessage | undefined;
    try {
      response = await this.#post(name, params, options, signal, { Accept: "text/event-stream" });
      if (!response.headers["content-type"]?.startsWith("text/event-stream"))
        return this.#resultOf(name, await this.#read(name, response)) as AgentResult<M>;
      let event = "";
      for await (const line of createInterface({ input: response, crlfDelay: Infinity })) {
        if (line.startsWith("event: ")) event = line.slice("event: ".length);
        if (!line.startsWith("data: ")) continue;
        const data = JSON.parse(line.slice("data: ".length)) as unknown;
        if (event === "result") return this.#resultOf(name, data as Answer) as AgentResult<M>;
        yield data;
      }
      throw new AgentConnectionError(`${name}: the stream of ${this.endpoint} ended before its result`, this.#details(name));
    } catch (error) {
      throw signal?.aborted ? aborted(name, error) : error;
    } finally {
      done();
      response?.destroy();
    }
  }

  /** Starts a method as a job, which continues without its caller, and returns the job. */
  async startJob<M extends AgentMethodName>(method: M, params: AgentParams<M>, options: AgentCallOptions = {}): Promise<Job> {
    const asked = { ...(params as object), async: true } as AgentParams<M>; // every method takes it
    const { job } = (await this.call(method, asked, options)) as unknown as { job: Job };
    return job;
  }

  /**
   * Waits for the end of a job.
   *
   * @param id - ID of the job.
   * @returns the result of the job's method.
   * @throws {@link AgentCallError} when the job failed or was canceled.
   */
  async waitForJob(id: string, options: AgentCallOptions = {}): Promise<unknown> {
    for (;;) {
      const { job } = await this.call("waitJob", { id, timeout: 30 }, options);
      if (job.error) throw callError(job.method, job.error, this.endpoint);
      if (job.state === "done") return job.result;
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

  async #post(
    method: string,
    params: unknown,
    { idempotencyKey }: AgentCallOptions,
    signal: AbortSignal | undefined,
    headers: Record<string, string>,
  ): Promise<IncomingMessage> {
    signal?.throwIfAborted();
    const body = JSON.stringify({ jsonrpc: "2.0", method, params, id: ++this.#lastId });
    try {
      return await this.#connection.send({
        method: "POST",
        path: "/_mistify_RPC_",
        headers: { ...(idempotencyKey !== undefined && { "Idempotency-Key": idempotencyKey }), ...headers },
        body,
        signal,
      });
    } catch (error) {
      throw new AgentConnectionError(`${method}: the agent at ${this.endpoint} is not reachable: ${(error as Error).message}`, {
        ...this.#details(method),
        cause: error,
      });
    }
  }

  async #read(method: string, response: IncomingMessage): Promise<Answer> {
    let text: string;
    try {
      text = await readText(response);
    } catch (error) {
      throw new AgentConnectionError(`${method}: the connection to ${this.endpoint} broke before the answer`, {
        ...this.#details(method),
        cause: error,
      });
    }
    const { statusCode = 0 } = response;
    if (statusCode === 401 || statusCode === 403)
      throw new AgentAccessError(`${method}: the agent at ${this.endpoint} refuses the caller: ${text}`, this.#details(method));
    try {
      if (statusCode === 200) return JSON.parse(text) as Answer;
    } catch {
      // reported below
    }
    throw new AgentProtocolError(
      `${method}: ${this.endpoint} answers ${statusCode} ${JSON.stringify(text.slice(0, 200))}, not as an agent`,
      this.#details(method),
    );
  }

  #resultOf(method: string, { result, error }: Answer): unknown {
    if (error) throw callError(method, error, this.endpoint);
    return result;
  }

  #details(operation: string): { operation: string; endpoint: string } {
    return { operation, endpoint: this.endpoint };
  }
}

export interface AgentClient extends AgentMethods {}

for (const name of Object.keys(METHOD_NAMES) as AgentMethodName[]) {
  const value = function (this: AgentClient, params: unknown, options?: AgentCallOptions): Promise<unknown> {
    return this.call(name, params ?? {}, options); // the interface types them
  };
  Object.defineProperty(AgentClient.prototype, name, { value, writable: true, configurable: true });
}

/** Returns a signal that the caller's one and the timeout abort, if there is either, and a function that ends the timeout. */
function limited({ signal, timeout }: AgentCallOptions): { signal: AbortSignal | undefined; done: () => void } {
  if (timeout === undefined) return { signal, done: () => undefined };
  const controller = new AbortController();
  const timer = startTimer(() => controller.abort(), timeout);
  return {
    signal: signal ? AbortSignal.any([signal, controller.signal]) : controller.signal,
    done: () => clearTimeout(timer),
  };
}

function aborted(method: string, cause: unknown): Error {
  return new AbortError(`${method}: the call was aborted or took too long`, { operation: method, cause });
}
