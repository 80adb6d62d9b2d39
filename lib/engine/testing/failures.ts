import { once } from "node:events";
import { STATUS_CODES } from "node:http";
import { encodeJsonMessage } from "../../wire/json-messages.js";
import type { Clock } from "../clock.js";
import { EngineError } from "../engine-error.js";
import type { Call } from "../server/http-server.js";
import { cutBody, malformBody } from "./failing-body.js";
import { compileFilter, type FilteredRequest, type RequestFilter, type RequestPredicate } from "./request-filter.js";

/**
 * Which requests fail, and how: with one of the members from `status` on, or only after a `delay`.
 *
 * Without a method, path and operation, all requests fail.
 */
export interface FailurePlan extends RequestFilter {
  /** Number of the first selected request that fails, from 1. With it, `times` is 1 by default. The default is 1. */
  nth?: number;
  /** How many requests fail. By default all that are selected. */
  times?: number;
  /** Time before the failure in milliseconds; without another member, before the operation. It follows the engine's clock. */
  delay?: number;
  /** Headers of the response with `status`. */
  headers?: Readonly<Record<string, string>>;
  /** Message of the response with `status`. The default is the name of the status, such as `Internal Server Error`. */
  message?: string;
  /** Status code of the response, from 400 to 599. The operation is not carried out. */
  status?: number;
  /** Responds with the status 200 and a stream of progress that consists of this error. The operation is not carried out. */
  streamError?: string;
  /**
   * Closes the connection in place of a response: `before` the operation is carried out, or `after`. A long operation, such as a
   * build, is then carried out until its response would begin.
   */
  disconnect?: "before" | "after";
  /** Does not respond, and does not carry the operation out until the plan is removed. */
  hang?: true;
  /**
   * Closes the connection after this number of bytes of the body, also that of a stream or of a hijacked connection. 0 is after the
   * headers of a stream. A shorter body arrives whole.
   */
  dropAfter?: number;
  /** Sends nothing more after this number of bytes of the body; otherwise like `dropAfter`. */
  hangAfter?: number;
  /**
   * Overwrites the body after this number of bytes: with an unknown stream in the heads of frames, and with what is not JSON. Its
   * length and the ends of its lines remain.
   */
  malformedAfter?: number;
}

/** The members of a plan that exclude each other. */
const effects = ["status", "streamError", "disconnect", "hang", "dropAfter", "hangAfter", "malformedAfter"] as const;

/** A failure plan that is in force. */
export interface Failure {
  /** The plan. */
  readonly plan: Readonly<FailurePlan>;
  /** How many requests it has selected, whether they failed or not. */
  readonly selected: number;
  /** How many requests it has made fail. */
  readonly failed: number;
  /** Waits until it has made this number of requests fail. The default is 1. It resolves when the request has come. */
  waitFor(count?: number): Promise<void>;
  /** Ends it. Requests that it holds with `hang` are carried out. */
  remove(): void;
}

class ActiveFailure implements Failure {
  readonly plan: Readonly<FailurePlan>;
  selected = 0;
  failed = 0;
  readonly #matches: RequestPredicate;
  readonly #first: number;
  readonly #last: number;
  readonly #removed = new AbortController();
  readonly #waiting = new Set<() => void>();
  readonly #onRemove: (failure: ActiveFailure) => void;

  constructor(plan: Readonly<FailurePlan>, onRemove: (failure: ActiveFailure) => void) {
    this.plan = { ...plan };
    this.#matches = compileFilter(plan);
    this.#first = plan.nth ?? 1;
    this.#last = this.#first + (plan.times ?? (plan.nth === undefined ? Infinity : 1)) - 1;
    this.#onRemove = onRemove;
  }

  waitFor(count = 1): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (this.failed < count) return;
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
      check();
    });
  }

  remove(): void {
    this.#onRemove(this);
    this.#removed.abort();
  }

  /** Counts a request. Returns whether it fails. */
  applies(request: FilteredRequest): boolean {
    if (!this.#matches(request)) return false;
    this.selected += 1;
    return this.selected >= this.#first && this.selected <= this.#last;
  }

  /**
   * Makes a request fail.
   *
   * @returns whether the engine carries the operation out.
   * @throws an {@link EngineError} for a status.
   */
  async fail({ request, response }: Call, clock: Clock): Promise<boolean> {
    this.failed += 1;
    for (const check of this.#waiting) check();
    const { plan } = this;
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    if (plan.delay) await clock.sleep(plan.delay, gone.signal).catch(() => undefined); // the client is gone
    if (plan.hang && !this.#removed.signal.aborted) {
      const { signal } = gone;
      await once(this.#removed.signal, "abort", { signal }).catch(() => undefined); // the client is gone
    }
    if (gone.signal.aborted || request.socket.destroyed) return false;
    if (plan.status !== undefined) {
      for (const [name, value] of Object.entries(plan.headers ?? {})) response.setHeader(name, value);
      throw new EngineError(plan.status, plan.message ?? STATUS_CODES[plan.status] ?? String(plan.status));
    }
    if (plan.streamError !== undefined) {
      const { streamError: message } = plan;
      response.writeHead(200, { "content-type": "application/json" });
      response.end(encodeJsonMessage({ errorDetail: { message }, error: message }));
      if (!request.complete) response.once("finish", () => request.socket.destroySoon());
      return false;
    }
    if (plan.disconnect === "before") {
      request.socket.destroy();
      return false;
    }
    response.isLost = plan.disconnect === "after";
    if (plan.dropAfter !== undefined) response.filter = cutBody(plan.dropAfter, "close");
    if (plan.hangAfter !== undefined) response.filter = cutBody(plan.hangAfter, "hold");
    if (plan.malformedAfter !== undefined) response.filter = malformBody(plan.malformedAfter);
    return true;
  }
}

/**
 * The failures of an engine: `engine.failures`.
 *
 * @example
 * ```ts
 * engine.failures.add({ operation: "ContainerStart", times: 1, status: 500, message: "no space left on device" });
 * engine.failures.add({ method: "GET", path: "/events", dropAfter: 0 });
 * ```
 *
 * @category Embedded engine
 */
export class Failures {
  #active: ActiveFailure[] = [];

  /**
   * Makes requests fail from now on. If several plans select a request, all count it, and the one that was added last decides.
   *
   * @throws a `TypeError` for a plan that contradicts itself: two kinds of failure, a status below 400, or a number out of range.
   */
  add(plan: Readonly<FailurePlan>): Failure {
    checkPlan(plan);
    const failure = new ActiveFailure(plan, (removed) => {
      this.#active = this.#active.filter((active) => active !== removed);
    });
    this.#active.unshift(failure);
    return failure;
  }

  /** Removes all plans. */
  clear(): void {
    for (const failure of this.#active) failure.remove();
  }

  /** @internal Counts a request. Returns the failure that it gets. */
  find(request: FilteredRequest): ActiveFailure | undefined {
    return this.#active.filter((failure) => failure.applies(request))[0];
  }
}

function checkPlan(plan: Readonly<FailurePlan>): void {
  const [one, other] = effects.filter((name) => plan[name] !== undefined);
  if (other) throw new TypeError(`a failure cannot have both ${one} and ${other}`);
  if (!one && plan.delay === undefined) throw new TypeError(`a failure needs one of ${effects.join(", ")} or delay`);
  if ((plan.message !== undefined || plan.headers) && plan.status === undefined)
    throw new TypeError("message and headers of a failure need a status");
  const { status, nth, times, dropAfter, hangAfter, malformedAfter, delay } = plan;
  if (status !== undefined && !(Number.isInteger(status) && status >= 400 && status <= 599))
    throw new TypeError(`the status ${status} is no failure: use engine.answers for other responses`);
  for (const [name, value] of Object.entries({ nth, times }))
    if (value !== undefined && !(value >= 1)) throw new TypeError(`${name} must be at least 1, not ${value}`);
  for (const [name, value] of Object.entries({ dropAfter, hangAfter, malformedAfter, delay }))
    if (value !== undefined && !(value >= 0)) throw new TypeError(`${name} must not be negative, as ${value} is`);
}
