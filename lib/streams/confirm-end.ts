import { ApiError } from "../errors/api-error.js";
import { AbortError, ClientClosedError, ProtocolError } from "../errors/connection-errors.js";
import type { Exchange } from "../transport/exchange.js";
import { monotonicTime, sleep } from "../wire/clock.js";

/** The lowest status of a response from a failed engine, or from a proxy that cannot reach its engine. */
const SERVER_FAILURE = 500;

/**
 * How long an engine may report a process as running after its output has ended, in milliseconds. Podman notices the end late.
 */
const PATIENCE = 2000;

/**
 * Confirms that output has ended because its process has ended. A hijacked connection closes in the same way when an engine is
 * killed or a proxy times out.
 *
 * @param exchange - the exchange of the output.
 * @param running - asks the engine whether the process is still running. Returns its description for the message; undefined if it
 * has ended.
 * @throws {@link ProtocolError} when the process still runs, or the engine no longer answers.
 */
export async function confirmEnd({ operation, endpoint }: Exchange, running: () => Promise<string | undefined>): Promise<void> {
  const cutOff = (reason: string, cause?: unknown) =>
    new ProtocolError(`the stream of ${operation} was cut off: ${reason}`, { cause, operation, endpoint });
  const since = monotonicTime();
  let process: string | undefined;
  try {
    process = await running();
    for (let pause = 20; process !== undefined && monotonicTime() - since < PATIENCE; pause *= 2) {
      await sleep(pause);
      process = await running();
    }
  } catch (error) {
    if (error instanceof AbortError || error instanceof ClientClosedError) throw error;
    // the container has been removed, or a proxy does not allow it to be inspected
    if (error instanceof ApiError && error.status < SERVER_FAILURE) return;
    throw cutOff("the engine no longer answers", error);
  }
  if (process !== undefined) throw cutOff(`${process} is still running`);
}
