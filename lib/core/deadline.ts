import { setTimeout as delay } from "node:timers/promises";
import { AbortError, TimeoutError } from "../errors/connection-errors.js";
import type { CallOptions } from "./call-options.js";
import { validTimeout } from "./request.js";

/**
 * Runs an operation that consists of several calls, with the caller's total timeout bounding all of them together.
 *
 * @param name - name of the operation.
 * @param call - the caller's settings.
 * @param run - makes the calls, with the settings that it is given.
 */
export async function boundedCall<T>(
  name: string,
  call: CallOptions | undefined,
  run: (call: CallOptions) => Promise<T>,
): Promise<T> {
  const total = validTimeout("timeout", call?.timeout ?? call?.timeouts?.total ?? 0);
  if (total === 0) return run(call ?? {});
  const out = new AbortController();
  const timer = setTimeout(() => out.abort(new TimeoutError("total", total, { operation: name })), total);
  const signal = call?.signal ? AbortSignal.any([call.signal, out.signal]) : out.signal;
  try {
    return await run({ ...call, signal, timeout: 0 });
  } catch (error) {
    if (error instanceof AbortError && out.signal.aborted && !call?.signal?.aborted) throw out.signal.reason;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Waits between two of the calls of an operation, unless it is aborted.
 *
 * @param name - name of the operation.
 * @throws {@link AbortError} when it is.
 */
export async function pause(name: string, milliseconds: number, { signal }: CallOptions): Promise<void> {
  try {
    await delay(milliseconds, undefined, { signal });
  } catch {
    // the only reason for it to fail
    throw new AbortError(`${name} was aborted`, { cause: signal?.reason, operation: name });
  }
}
