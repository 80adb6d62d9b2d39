import { setImmediate } from "../../wire/clock.js";
import type { Clock } from "../clock.js";

/** How often the event loop turns before time moves on, so that what was due can take effect. */
const TURNS = 20;

/** Someone who waits for a point in time. */
interface Sleeper {
  /** Nanoseconds since 1970; undefined waits for ever. */
  readonly due: bigint | undefined;
  readonly milliseconds: number;
  wake(): void;
}

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** Returns milliseconds as nanoseconds, exact to a microsecond. */
const nanoseconds = (milliseconds: number): bigint => BigInt(Math.round(milliseconds * 1000)) * 1000n;

/**
 * A clock that stands still until a test advances it. An engine with it has no real timeouts: `sleep` in containers, health checks,
 * the grace period of `stop`, the delays of restart policies and failure plans, and all timestamps follow it. Connections do not.
 *
 * @example
 * ```ts
 * const clock = new ManualClock();
 * const engine = await EmbeddedEngine.start({ clock });
 * // … start a container with the command `sleep 3600`
 * await clock.untilSleeping(3_600_000);
 * await clock.advance(3_600_000);
 * ```
 *
 * @category Embedded engine
 */
export class ManualClock implements Clock {
  #now: bigint;
  readonly #sleepers = new Set<Sleeper>();
  readonly #watchers = new Set<() => void>();

  /** @param start - the time at the beginning. The default is the real time. */
  constructor(start: Date = new Date()) {
    this.#now = BigInt(start.getTime()) * 1_000_000n;
  }

  /** Returns its time in nanoseconds since 1970. */
  now(): bigint {
    return this.#now;
  }

  /** Its time. */
  get date(): Date {
    return new Date(Number(this.#now / 1_000_000n));
  }

  /** How long each of those who wait has still to wait, in milliseconds, ascending. */
  get sleeping(): number[] {
    const left = [...this.#sleepers].map(({ due }) => (due === undefined ? Infinity : Number(due - this.#now) / 1_000_000));
    return left.sort((one, other) => one - other);
  }

  /** Waits until the clock has been advanced by this number of milliseconds, as {@link Clock.sleep} documents it. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const due = milliseconds === Infinity ? undefined : this.#now + nanoseconds(milliseconds);
      if (due !== undefined && due <= this.#now) {
        resolve();
        return;
      }
      const forget = (): void => {
        this.#sleepers.delete(sleeper);
        signal?.removeEventListener("abort", abort);
      };
      const sleeper: Sleeper = {
        due,
        milliseconds,
        wake: () => {
          forget();
          resolve();
        },
      };
      const abort = (): void => {
        forget();
        reject(signal?.reason as Error);
      };
      signal?.addEventListener("abort", abort, { once: true });
      this.#sleepers.add(sleeper);
      for (const watcher of this.#watchers) watcher();
    });
  }

  /**
   * Moves time on. Those who wait wake in the order in which they are due, each at its time, and those who start to wait meanwhile
   * take part.
   *
   * @param milliseconds - how far.
   * @returns when what was due has had time to take effect in this process. What depends on a connection or a file may follow.
   */
  async advance(milliseconds: number): Promise<void> {
    if (!(milliseconds >= 0)) throw new TypeError(`time cannot be advanced by ${milliseconds} ms`);
    const end = this.#now + nanoseconds(milliseconds);
    await this.#settle();
    for (let next = this.#next(end); next; next = this.#next(end)) {
      if (next.due !== undefined && next.due > this.#now) this.#now = next.due;
      next.wake();
      await this.#settle();
    }
    if (end > this.#now) this.#now = end;
  }

  /**
   * Moves time on until a promise is settled, from one who waits to the next, as fast as possible.
   *
   * @returns what the promise resolves to.
   */
  async advanceUntil<T>(promise: Promise<T>): Promise<T> {
    const outcome = { isSettled: false };
    const settle = (): void => {
      outcome.isSettled = true;
    };
    const settled = promise.then(settle, settle);
    for (;;) {
      await this.#settle();
      if (outcome.isSettled) return promise;
      const next = this.#next();
      if (next?.due !== undefined) await this.advance(Number(next.due - this.#now) / 1_000_000);
      else await Promise.race([settled, this.#anotherSleeper()]);
    }
  }

  /**
   * Waits, in real time, until something in the engine waits for the clock.
   *
   * @param milliseconds - how long it must wait in all, such as 10,000 for the default grace period of `stop`. By default any time.
   */
  async untilSleeping(milliseconds?: number): Promise<void> {
    const matches = (sleeper: Sleeper): boolean => milliseconds === undefined || sleeper.milliseconds === milliseconds;
    while (![...this.#sleepers].some(matches)) await this.#anotherSleeper();
  }

  /** Returns who is due first, of those who are due until then. */
  #next(end?: bigint): Sleeper | undefined {
    let first: Sleeper | undefined;
    for (const sleeper of this.#sleepers) {
      const { due } = sleeper;
      if (due === undefined || (end !== undefined && due > end)) continue;
      if (first?.due === undefined || due < first.due) first = sleeper;
    }
    return first;
  }

  #anotherSleeper(): Promise<void> {
    return new Promise((resolve) => {
      const watcher = (): void => {
        this.#watchers.delete(watcher);
        resolve();
      };
      this.#watchers.add(watcher);
    });
  }

  async #settle(): Promise<void> {
    for (let count = 0; count < TURNS; count += 1) await turn();
  }
}
