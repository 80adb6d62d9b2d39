import { createHash } from "node:crypto";
import PQueue from "p-queue";
import { clearTimeout, setTimeout } from "../wire/clock.js";
import type { JobBackEnd } from "./back-end.js";
import { InvalidJobError, JobCompletedError, JobError, JobQueueFullError } from "./errors.js";
import { RequestIdentifier } from "./request-identifier.js";
import type { JobRequest } from "./requests/request.js";
import { collect, type JobResult } from "./response/collect.js";
import { Outcome } from "./response/outcome.js";
import { Transitions } from "./transitions.js";

/** How many requests are remembered. */
const REMEMBERED = 1_000;

/** How many requests of each kind run at once. */
const WORKERS = 2;

/** Options of a {@link Dispatcher}. @category Jobs */
export interface DispatcherOptions {
  /** Where the jobs run. */
  backEnd: JobBackEnd;
  /** How many requests wait that need nothing from the engine. 10 by default. */
  fastQueue?: number | undefined;
  /** How many other requests wait. 1 by default, as in geard. */
  slowQueue?: number | undefined;
  /** Decides whether the source of an environment may be read. Every source may by default. */
  mayFetch?: ((url: URL) => boolean) | undefined;
  /** The clock of the throttle, in milliseconds. */
  now?: (() => number) | undefined;
  /** Called with errors that a job threw when its response had begun: nobody else hears of them. */
  onFault?: ((error: unknown, request: JobRequest<object | undefined>) => void) | undefined;
}

/** Options of {@link Dispatcher.run}. @category Jobs */
export interface RunOptions {
  /** Identity of the request. A new one by default. */
  id?: RequestIdentifier | undefined;
  /** Name of the caller. */
  user?: string | undefined;
  /** Ends the waiting. The job goes on. */
  signal?: AbortSignal | undefined;
  /**
   * Receives the output as it comes, and is not in the result then. Return a promise to slow the job down until it resolves. It must
   * not throw or reject.
   */
  onOutput?: ((chunk: Uint8Array) => Promise<void> | undefined) | undefined;
}

/** A request that is remembered. */
interface Entry {
  readonly name: string;
  readonly join: JobRequest["join"];
  /** A digest of what was asked for. */
  readonly digest: string;
  /** What others join. Output of requests that nobody joins is not kept. */
  readonly outcome: Outcome | undefined;
}

/**
 * Runs requests: two at a time that wait for the engine, and two that do not. A second request with the same identifier does not
 * run again, as long as the first is among the last 1,000.
 *
 * @example
 * ```ts
 * const dispatcher = new Dispatcher({ backEnd: engineBackEnd({ client }) });
 * await dispatcher.run(installContainerRequest({ id: "web-1", image: "nginx", ports: [{ internal: 80 }], started: true }));
 * ```
 *
 * @category Jobs
 */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #transitions: Transitions;
  readonly #queues = { fast: new PQueue({ concurrency: WORKERS }), slow: new PQueue({ concurrency: WORKERS }) };
  readonly #entries = new Map<string, Entry>();
  readonly #closing = new AbortController();
  #isClosing = false;

  /** @param options - where the jobs run, and how many may wait. */
  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#transitions = new Transitions(options.now);
  }

  /** The number of requests that wait. */
  get waiting(): number {
    return this.#queues.fast.size + this.#queues.slow.size;
  }

  /**
   * Runs a request, and waits for the end of its response.
   *
   * @throws {@link InvalidJobError} if the request is invalid, or if its identifier belongs to a request that differs,
   * {@link JobCompletedError} if it has run before, {@link JobQueueFullError} if too many wait, or the {@link JobError} of the job.
   */
  async run<Data extends object | undefined>(
    request: JobRequest<Data>,
    { id, user, signal = new AbortController().signal, onOutput }: RunOptions = {},
  ): Promise<JobResult<Data>> {
    signal.throwIfAborted();
    const outcome = this.dispatch(request, { id, user, isStreamed: onOutput !== undefined });
    return collect<Data>(outcome, { onOutput }, signal);
  }

  /**
   * Begins a request, or joins the one that has its identifier. The outcome is that of both.
   *
   * @throws what {@link run} throws before the job begins.
   * @internal
   */
  dispatch(
    request: JobRequest<object | undefined>,
    {
      id = new RequestIdentifier(),
      user,
      isStreamed,
    }: { id?: RequestIdentifier | undefined; user?: string | undefined; isStreamed: boolean },
  ): Outcome {
    request.check();
    const key = id.toString();
    const { name, join } = request;
    const digest = createHash("sha256").update(JSON.stringify(request.options)).digest("base64");
    const known = this.#entries.get(key);
    if (known && known.join !== "again") {
      if (known.name !== name || known.digest !== digest)
        throw new InvalidJobError(`the request identifier ${key} belongs to another request`);
      if (known.outcome) return known.outcome;
      throw new JobCompletedError();
    }
    const outcome = new Outcome(isStreamed);
    this.#enqueue(request, outcome, id, user);
    this.#remember(key, { name, join, digest, outcome: join === "attach" ? outcome : undefined });
    return outcome;
  }

  /**
   * Ends in order: nothing new is begun, and what runs is waited for.
   *
   * @param grace - how long jobs may take to end, in milliseconds. They are aborted after it. 5,000 by default.
   */
  async close(grace = 5_000): Promise<void> {
    this.#isClosing = true;
    const { fast, slow } = this.#queues;
    const timer = setTimeout(() => this.#closing.abort(), grace);
    await Promise.all([fast.onIdle(), slow.onIdle()]);
    clearTimeout(timer);
    this.#closing.abort();
  }

  #enqueue(request: JobRequest<object | undefined>, outcome: Outcome, id: RequestIdentifier, user: string | undefined): void {
    const { backEnd, fastQueue = 10, slowQueue = 1, mayFetch = () => true } = this.#options;
    const queue = request.isFast ? this.#queues.fast : this.#queues.slow;
    const isBusy = queue.pending >= WORKERS;
    if (this.#isClosing || (isBusy && queue.size >= (request.isFast ? fastQueue : slowQueue))) throw new JobQueueFullError();
    const context = { id, user, backEnd, mayFetch, transitions: this.#transitions, signal: this.#closing.signal };
    void queue.add(async () => {
      try {
        await request.execute(outcome, context);
      } catch (error) {
        this.#options.onFault?.(error, request);
      }
      if (!outcome.hasBegun) outcome.failure(new JobError("This job ended without an answer."));
      outcome.end();
    });
  }

  #remember(key: string, entry: Entry): void {
    this.#entries.set(key, entry);
    if (this.#entries.size <= REMEMBERED) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}
