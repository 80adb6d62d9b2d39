import { AbortError, TimeoutError } from "../errors/connection-errors.js";
import type { DockerError } from "../errors/docker-error.js";
import { forget, listen } from "../transport/exchange.js";
import { clearTimeout, setTimeout, sleep } from "../wire/clock.js";
import { handled } from "../wire/quiet.js";
import type { CallOptions } from "./call-options.js";
import { validTimeout } from "./request.js";

/** The time limit of an operation that sends several requests, combined with the caller's signal. */
export class Deadline implements Disposable {
  /** Rejects when the time is up or the caller aborts. */
  readonly exceeded: Promise<never>;
  readonly #controller = new AbortController();
  readonly #timeout: number;
  readonly #caller: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout | undefined;
  #timedOut = false;

  /**
   * @param timeout - milliseconds; 0 for no limit.
   * @param caller - the caller's signal.
   */
  constructor(timeout: number, caller: AbortSignal | undefined) {
    this.#timeout = timeout;
    this.#caller = caller;
    const { signal } = this.#controller;
    const exceeded = new Promise<never>((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(this.error({})), { once: true });
    });
    this.exceeded = handled(exceeded);
    if (timeout > 0) this.#timer = setTimeout(this.#onTimeout, timeout);
    if (caller?.aborted) this.#onAbort();
    else if (caller) listen(caller, this.#onAbort);
  }

  /** Aborted when the time is up or the caller aborts. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether the time ran out before the caller aborted. */
  get timedOut(): boolean {
    return this.#timedOut;
  }

  /**
   * Returns a {@link TimeoutError} or an {@link AbortError}, depending on what ended the operation.
   *
   * @param where - the operation.
   * @param note - text to append to the message.
   */
  error(where: { operation?: string; endpoint?: string }, note?: string): DockerError {
    if (this.#timedOut) return new TimeoutError("total", this.#timeout, where, note);
    const message = `${where.operation ?? "the call"} was aborted`;
    return new AbortError(note === undefined ? message : `${message}: ${note}`, { ...where, cause: this.#caller?.reason });
  }

  /** Removes the timer and the listener on the caller's signal. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    if (this.#caller) forget(this.#caller, this.#onAbort);
  }

  readonly #onTimeout = (): void => {
    this.#timedOut = !this.#controller.signal.aborted;
    this.#controller.abort();
  };

  readonly #onAbort = (): void => this.#controller.abort(this.#caller?.reason);
}

/**
 * Runs an operation that makes several calls. The caller's total timeout applies to all of them together.
 *
 * @param name - name of the operation.
 * @param call - the caller's settings.
 * @param run - makes the calls, with the settings passed to it.
 */
export async function boundedCall<T>(
  name: string,
  call: CallOptions | undefined,
  run: (call: CallOptions) => Promise<T>,
): Promise<T> {
  const total = validTimeout("timeout", call?.timeout ?? call?.timeouts?.total ?? 0);
  if (total === 0) return run(call ?? {});
  using deadline = new Deadline(total, call?.signal);
  try {
    return await run({ ...call, signal: deadline.signal, timeout: 0 });
  } catch (error) {
    throw error instanceof AbortError && deadline.timedOut ? deadline.error({ operation: name }) : error;
  }
}

/**
 * Waits between two calls of an operation.
 *
 * @param name - name of the operation.
 * @param milliseconds - how long to wait.
 * @param call - the caller's settings.
 * @throws {@link AbortError} when the call is aborted.
 */
export async function pause(name: string, milliseconds: number, { signal }: CallOptions): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch {
    // the timer fails only when its signal is aborted
    throw new AbortError(`${name} was aborted`, { cause: signal?.reason, operation: name });
  }
}
