import type { OpenResponse } from "../core/request.js";
import { AbortError } from "../errors/connection-errors.js";
import type { EventMessage } from "../types/event.js";
import { EventSource, type EventsWindow } from "./event-source.js";

/** Events that may wait for a slow reader. */
const LONGEST_QUEUE = 10_000;

/**
 * Runs a stream of events for one reader.
 *
 * Engines drop events for a client that does not read, without a word. That is why they are read as they come, and wait here.
 *
 * @param signal - the reader's own; ends the stream with an error.
 */
export async function* eventQueue(
  open: (window: EventsWindow, signal: AbortSignal) => Promise<OpenResponse>,
  window: EventsWindow,
  closing: AbortSignal,
  signal: AbortSignal | undefined,
): AsyncGenerator<EventMessage, void, void> {
  let queue: EventMessage[] = [];
  let wakeReader: (() => void) | undefined;
  let wakeSource: (() => void) | undefined;
  let ended = false;
  let failure: unknown;
  const source = new EventSource(
    open,
    window,
    {
      opened: () => undefined,
      event: (event, repeated) => {
        if (!repeated) queue.push(event);
      },
      pause: () => {
        wakeReader?.();
        if (queue.length < LONGEST_QUEUE) return undefined;
        return new Promise<void>((resolve) => (wakeSource = resolve));
      },
    },
    closing,
  );
  const running = source
    .run()
    .catch((error: unknown) => {
      failure = error;
    })
    .finally(() => {
      ended = true;
      wakeReader?.();
    });
  const onAbort = () => source.stop();
  signal?.addEventListener("abort", onAbort);
  try {
    while (!ended || queue.length > 0) {
      if (queue.length === 0) {
        await new Promise<void>((resolve) => (wakeReader = resolve));
        continue;
      }
      const events = queue;
      queue = [];
      yield* events;
      wakeSource?.();
    }
    if (signal?.aborted) throw new AbortError("streamEvents was aborted", { cause: signal.reason, operation: "streamEvents" });
    if (failure !== undefined) throw failure;
  } finally {
    signal?.removeEventListener("abort", onAbort);
    source.stop();
    wakeSource?.();
    await running;
  }
}
