import { monotonicTime } from "../wire/clock.js";
import { fail, FAILURES } from "./errors.js";
import type { JobContainerState } from "./models.js";

/** What is done with a container. @category Jobs */
export type Direction = "start" | "stop" | "restart";

/** How long a container rests between two transitions of one direction, in milliseconds. */
const WINDOW = 400;

/** What happens when a container is asked for a transition. */
type Decision = "do" | "already" | "throttled" | "absent";

/** What each direction does, by the state of the container. */
const decisions: Record<Direction, Record<JobContainerState, Decision>> = {
  start: { created: "do", exited: "do", running: "already", restarting: "already", paused: "already", removing: "absent" },
  stop: { created: "already", exited: "already", running: "do", restarting: "do", paused: "do", removing: "already" },
  restart: { created: "do", exited: "do", running: "do", restarting: "throttled", paused: "do", removing: "absent" },
};

const throttled = { start: FAILURES.startThrottled, stop: FAILURES.stopThrottled, restart: FAILURES.restartThrottled };

/**
 * Decides whether containers may be started, stopped or restarted: not when they are already, nor within 400 ms after the same was
 * done before.
 *
 * @category Jobs
 */
export class Transitions {
  readonly #now: () => number;
  readonly #ends = new Map<string, number>();
  readonly #running = new Map<string, Direction>();

  /** @param now - the clock, in milliseconds. */
  constructor(now: () => number = () => monotonicTime()) {
    this.#now = now;
  }

  /** What is being done with a container. */
  pending(id: string): Direction | undefined {
    return this.#running.get(id);
  }

  /**
   * Does a transition, if the state of the container allows it.
   *
   * @returns whether it was done; false if the container is in the state already, or about to be.
   * @throws {@link JobNotFoundError} if the container does not exist, {@link JobThrottledError} if it is too early, or what `work`
   * throws.
   */
  async run(id: string, direction: Direction, state: JobContainerState | undefined, work: () => Promise<void>): Promise<boolean> {
    const decision = this.#decide(id, direction, state);
    if (decision === "absent") throw fail(FAILURES.containerNotFound);
    if (decision === "already") return false;
    const wait = decision === "throttled" ? WINDOW : this.#wait(id, direction);
    if (wait > 0) throw fail(throttled[direction], undefined, { retryAfter: Math.ceil(wait), container: id });
    this.#running.set(id, direction);
    try {
      await work();
    } finally {
      this.#running.delete(id);
    }
    this.#forget();
    this.#ends.set(`${direction} ${id}`, this.#now());
    return true;
  }

  #decide(id: string, direction: Direction, state: JobContainerState | undefined): Decision {
    const pending = this.#running.get(id);
    if (pending !== undefined) return direction === pending && direction !== "restart" ? "already" : "throttled";
    return state === undefined ? "absent" : decisions[direction][state];
  }

  #wait(id: string, direction: Direction): number {
    const end = this.#ends.get(`${direction} ${id}`);
    return end === undefined ? 0 : end + WINDOW - this.#now();
  }

  #forget(): void {
    const now = this.#now();
    for (const [key, end] of this.#ends) if (end + WINDOW <= now) this.#ends.delete(key);
  }
}
