import { ApiError } from "../errors/api-error.js";
import { AbortError, ClientClosedError, ProtocolError } from "../errors/connection-errors.js";
import type { Exchange } from "../transport/exchange.js";
import { monotonicTime, sleep } from "../wire/clock.js";

/** Status from which an engine, or a proxy whose engine is gone, reports a failure of its own. */
const SERVER_FAILURE = 500;

/** How long a process may seem to run after its output has ended, in milliseconds: Podman notices the end of a process late. */
const PATIENCE = 2000;

/**
 * Confirms that output has ended because its process has. An engine that is killed, and a proxy that gives up, close a hijacked
 * connection in the same way.
 *
 * @param exchange - the exchange of the output.
 * @param running - asks the engine what still runs, for the message; undefined if the process has ended.
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
    // it has been removed, or a proxy permits no inspection
    if (error instanceof ApiError && error.status < SERVER_FAILURE) return;
    throw cutOff("the engine no longer answers", error);
  }
  if (process !== undefined) throw cutOff(`${process} is still running`);
}
