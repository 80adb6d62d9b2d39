import { AbortError } from "../errors/connection-errors.js";

/** Creates the error for a caller whose signal is aborted during a credential lookup. */
export function abortErrorOf(signal: AbortSignal): AbortError {
  return new AbortError("the credential lookup was aborted", { cause: signal.reason });
}

interface Run<T> {
  readonly result: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

/**
 * Lets concurrent callers with the same key share one run. If a caller is aborted, the run continues for the others; when no
 * caller is left, the run itself is aborted. Results are not cached.
 */
export class SharedRuns<T> {
  readonly #runs = new Map<string, Run<T>>();

  /**
   * Joins the current run for a key, or starts one.
   *
   * @param key - identifies the run.
   * @param start - starts a run. Its signal is aborted when no caller waits for it any longer.
   * @param signal - the caller's signal.
   * @throws {@link AbortError} when the caller's signal is aborted.
   */
  async run(key: string, start: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (signal?.aborted) throw abortErrorOf(signal);
    const run = this.#runs.get(key) ?? this.#start(key, start);
    run.waiting++;
    try {
      return await waitFor(run.result, signal);
    } finally {
      if (--run.waiting === 0) {
        this.#runs.delete(key);
        run.controller.abort();
      }
    }
  }

  #start(key: string, start: (signal: AbortSignal) => Promise<T>): Run<T> {
    const controller = new AbortController();
    const run: Run<T> = { result: start(controller.signal), controller, waiting: 0 };
    this.#runs.set(key, run);
    return run;
  }
}

function waitFor<T>(result: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return result;
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      reject(abortErrorOf(signal));
    };
    const settled = (): Promise<T> => {
      signal.removeEventListener("abort", leave);
      return result;
    };
    signal.addEventListener("abort", leave, { once: true });
    result.then(settled, settled).then(resolve, reject);
  });
}
