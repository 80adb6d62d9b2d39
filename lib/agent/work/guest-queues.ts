import PQueue from "p-queue";
import { RpcError } from "../rpc/rpc-error.js";

/** How many calls run at once, and how many wait. */
export interface QueueLimits {
  /** The most calls that run at once. */
  readonly concurrent: number;
  /** The most calls that wait for one of these. */
  readonly waiting: number;
  /** The most calls that wait for one guest. */
  readonly waitingPerGuest: number;
}

/** Seconds after which a refused caller may try again. */
const RETRY_AFTER = 1;

/** Runs calls: those about one guest one after the other, others side by side up to a limit. */
export class GuestQueues {
  readonly #limits: QueueLimits;
  readonly #guests = new Map<string, PQueue>();
  readonly #all: PQueue;

  constructor(limits: QueueLimits) {
    this.#limits = limits;
    this.#all = new PQueue({ concurrency: limits.concurrent });
  }

  /** The number of calls that wait. */
  get waiting(): number {
    return [...this.#guests.values()].reduce((sum, { size }) => sum + size, this.#all.size);
  }

  /**
   * Runs a call when its turn comes.
   *
   * @param guest - the guest whose calls it must not overlap.
   * @throws an error that says when to try again if too many calls wait, and the reason of the signal if it is aborted meanwhile.
   */
  async run<T>(guest: string | undefined, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (guest === undefined) return this.#runAny(signal, work);
    let queue = this.#guests.get(guest);
    if (!queue) this.#guests.set(guest, (queue = new PQueue({ concurrency: 1 })));
    if (queue.size >= this.#limits.waitingPerGuest)
      throw new RpcError("busy", `${queue.size} calls about the guest ${guest} are waiting`, { retryAfter: RETRY_AFTER });
    try {
      return await enqueue(queue, signal, () => this.#runAny(signal, work));
    } finally {
      if (queue.size === 0 && queue.pending === 0) this.#guests.delete(guest);
    }
  }

  async #runAny<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (this.#all.size >= this.#limits.waiting)
      throw new RpcError("busy", `${this.#all.size} calls are waiting`, { retryAfter: RETRY_AFTER });
    return enqueue(this.#all, signal, work);
  }
}

/**
 * Runs work when its turn comes, unless a signal takes it out of the queue before. Work that has begun keeps its place until it has
 * ended, since what it cleans up after an abort must not overlap what comes next.
 */
async function enqueue<T>(queue: PQueue, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  if (queue.size === 0 && queue.pending < queue.concurrency) return queue.add(work);
  const waiting = new AbortController();
  const leave = (): void => waiting.abort(signal.reason);
  signal.addEventListener("abort", leave, { once: true });
  const begin = (): Promise<T> => {
    signal.removeEventListener("abort", leave);
    return work();
  };
  try {
    return await queue.add(begin, { signal: waiting.signal });
  } finally {
    signal.removeEventListener("abort", leave);
  }
}
