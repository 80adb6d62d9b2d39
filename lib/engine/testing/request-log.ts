import { monotonicTime } from "../../wire/clock.js";
import type { Call } from "../server/http-server.js";
import { publicBody, publicHeaders, publicText } from "./credentials.js";
import type { OperationName } from "./operations.js";
import { compileFilter, operationOf, type RequestFilter } from "./request-filter.js";
import { targetOf } from "./request-target.js";

/** The number of requests that a log keeps. */
const KEPT = 10_000;

/** A request that an engine has got. */
export interface LoggedRequest {
  /** Number of the request, from 1. */
  readonly number: number;
  /** HTTP method. */
  readonly method: string;
  /** Path without the API version, decoded. */
  readonly path: string;
  /** API version in the path; undefined without one. */
  readonly version: string | undefined;
  /** Name of the operation in the reference of the Engine API; undefined if it has none. */
  readonly operation: OperationName | undefined;
  /** Values of the query by name. Of repeated names, the last one counts. */
  readonly query: Readonly<Record<string, string>>;
  /** Headers by name in lower case. Those with credentials have the value `[removed]`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Status code of the response; undefined while there is none, and if the connection was closed without one. */
  readonly status: number | undefined;
  /** Time from the request to the end of the response, in milliseconds; undefined while it lasts. */
  readonly duration: number | undefined;
  /** Body of the request, without credentials; empty unless bodies are kept. On a hijacked connection, with the input. */
  readonly requestBody: Buffer;
  /** Body of the response as it was sent, without credentials; empty unless bodies are kept. */
  readonly responseBody: Buffer;
}

/** Called with a request. If it returns a promise, the engine waits for it. */
export type RequestHook = (request: LoggedRequest) => void | Promise<void>;

/** The first bytes of a body. */
class KeptBody {
  readonly #limit: number;
  readonly #parts: Buffer[] = [];
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(part: Uint8Array): void {
    if (this.#size >= this.#limit) return;
    // parts may be views of buffers that are used again
    const kept = Buffer.from(part.subarray(0, this.#limit - this.#size));
    this.#parts.push(kept);
    this.#size += kept.length;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

class Entry implements LoggedRequest {
  readonly number: number;
  readonly method: string;
  readonly path: string;
  readonly version: string | undefined;
  readonly operation: OperationName | undefined;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  status: number | undefined;
  duration: number | undefined;
  readonly #began = monotonicTime();
  readonly #input: KeptBody;
  readonly #output: KeptBody;

  constructor(number: number, { request }: Call, limit: number) {
    const { method, path, version, query } = targetOf(request);
    this.number = number;
    this.method = method;
    this.path = path;
    this.version = version;
    this.operation = operationOf({ method, path });
    this.query = Object.fromEntries([...query].map(([name, value]) => [name, publicText(value)]));
    this.headers = publicHeaders(request.headers);
    this.#input = new KeptBody(limit);
    this.#output = new KeptBody(limit);
  }

  get requestBody(): Buffer {
    return publicBody(this.#input.bytes());
  }

  get responseBody(): Buffer {
    return publicBody(this.#output.bytes());
  }

  keepBodies({ request, response }: Call): void {
    request.onBody = (part) => this.#input.add(part);
    response.onBody = (part) => this.#output.add(part);
  }

  end(status: number | undefined): void {
    this.status = status;
    this.duration = monotonicTime() - this.#began;
  }
}

/**
 * The requests that an engine has got, and hooks that are called with them: `engine.requests`. It keeps the last 10,000 requests.
 *
 * @category Embedded engine
 */
export class RequestLog {
  /**
   * How much is kept of the body of each request and of each response, in bytes. The default is 0: bodies are not kept. It applies
   * to the requests that follow.
   */
  bodyLimit = 0;
  readonly #entries: Entry[] = [];
  readonly #watchers = new Set<(request: LoggedRequest) => void>();
  readonly #startHooks = new Set<RequestHook>();
  readonly #endHooks = new Set<RequestHook>();
  #count = 0;

  /** Returns the requests that a filter selects, in the order in which they came. By default all. */
  list(filter: RequestFilter = {}): LoggedRequest[] {
    return this.#entries.filter(compileFilter(filter));
  }

  /**
   * Waits for requests, also for those that have come already.
   *
   * @param filter - selects the requests.
   * @param count - how many are waited for. The default is 1.
   * @returns the last of them, as soon as it has come.
   */
  waitFor(filter: RequestFilter, count = 1): Promise<LoggedRequest> {
    const matches = compileFilter(filter);
    const found = this.#entries.filter(matches);
    const last = found[count - 1];
    if (last) return Promise.resolve(last);
    let missing = count - found.length;
    return new Promise((resolve) => {
      const watcher = (request: LoggedRequest): void => {
        if (!matches(request)) return;
        missing -= 1;
        if (missing > 0) return;
        this.#watchers.delete(watcher);
        resolve(request);
      };
      this.#watchers.add(watcher);
    });
  }

  /**
   * Calls a function with each request before the engine carries it out.
   *
   * @param hook - the function. The engine waits for the promise that it returns; if it throws, the response has the status 500.
   * @returns a function that removes the hook.
   */
  onStart(hook: RequestHook): () => void {
    this.#startHooks.add(hook);
    return () => void this.#startHooks.delete(hook);
  }

  /**
   * Calls a function with each request after its response has ended, or its connection was closed.
   *
   * @param hook - the function. What it throws is ignored.
   * @returns a function that removes the hook.
   */
  onEnd(hook: RequestHook): () => void {
    this.#endHooks.add(hook);
    return () => void this.#endHooks.delete(hook);
  }

  /** Forgets the requests. Hooks and {@link bodyLimit} remain. */
  clear(): void {
    this.#entries.length = 0;
  }

  /** @internal Forgets everything, also the hooks. */
  reset(): void {
    this.clear();
    this.bodyLimit = 0;
    this.#count = 0;
    this.#startHooks.clear();
    this.#endHooks.clear();
  }

  /** @internal Logs a request, and calls the hooks. */
  async begin(call: Call): Promise<LoggedRequest> {
    this.#count += 1;
    const entry = new Entry(this.#count, call, this.bodyLimit);
    this.#entries.push(entry);
    if (this.#entries.length > KEPT) this.#entries.shift();
    if (this.bodyLimit > 0) entry.keepBodies(call);
    const { response } = call;
    const ended = (): void => {
      if (entry.duration !== undefined) return;
      const isAnswered = response.headersSent || response.statusCode === 101;
      entry.end(isAnswered && !response.isLost ? response.statusCode : undefined);
      for (const hook of this.#endHooks)
        void Promise.resolve(entry)
          .then(hook)
          .catch(() => undefined); // as documented
    };
    response.once("finish", ended).once("close", ended);
    for (const watcher of this.#watchers) watcher(entry);
    for (const hook of [...this.#startHooks]) await hook(entry);
    return entry;
  }
}
