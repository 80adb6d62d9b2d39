import { AbortError, TimeoutError } from "../../errors/connection-errors.js";
import type { DockerError } from "../../errors/docker-error.js";

/** What bounds a call that is made of several requests: a time, and the caller's signal. */
export class Bounds implements Disposable {
  /** Rejects when the time is up or the caller has given up. */
  readonly exceeded: Promise<never>;
  readonly #controller = new AbortController();
  readonly #timeout: number;
  readonly #caller: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout | undefined;

  /**
   * @param timeout - milliseconds; 0 for no end.
   * @param caller - the caller's signal.
   */
  constructor(timeout: number, caller: AbortSignal | undefined) {
    this.#timeout = timeout;
    this.#caller = caller;
    const { signal } = this.#controller;
    this.exceeded = new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(this.error({}))));
    // nobody may be waiting for it at the time
    this.exceeded.catch(() => undefined);
    if (timeout > 0) this.#timer = setTimeout(this.#exceed, timeout);
    if (caller?.aborted) this.#exceed();
    else caller?.addEventListener("abort", this.#exceed, { once: true });
  }

  /** Is aborted when the time is up or the caller has given up. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /**
   * Makes the error that tells what was exceeded.
   *
   * @param where - the call.
   * @param note - what else is to be said.
   */
  error(where: { operation?: string; endpoint?: string }, note?: string): DockerError {
    if (!this.#caller?.aborted) return new TimeoutError("total", this.#timeout, where, note);
    const text = `${where.operation ?? "the call"} was aborted`;
    return new AbortError(note === undefined ? text : `${text}: ${note}`, { ...where, cause: this.#caller.reason });
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#caller?.removeEventListener("abort", this.#exceed);
  }

  readonly #exceed = (): void => this.#controller.abort();
}
