import { setMaxListeners } from "node:events";
import type { OpenResponse } from "../../core/request.js";
import { AbortError, ClientClosedError } from "../../errors/connection-errors.js";
import type { EventMessage } from "../../types/event.js";
import { EventBuffer } from "./event-buffer.js";
import { EventSource, type EventsWindow } from "./event-source.js";

/**
 * Runs an event stream for one reader.
 *
 * Engines silently drop events if a client reads too slowly, so this function reads all events immediately and queues them.
 *
 * @param signal - the reader's signal. Aborting it ends the stream with an error.
 * @param opened - called when the engine has started to respond.
 * @param operation - the name of the method, for errors.
 */
export async function* eventQueue(
  open: (window: EventsWindow, signal: AbortSignal) => Promise<OpenResponse>,
  window: EventsWindow,
  closing: AbortSignal,
  signal: AbortSignal | undefined,
  opened: () => void = () => undefined,
  operation = "streamEvents",
): AsyncGenerator<EventMessage, void, void> {
  const state: { ended: boolean; failure?: Error } = { ended: false };
  const buffer = new EventBuffer();
  let wakeReader: (() => void) | undefined;
  let wakeSource: (() => void) | undefined;
  const source = new EventSource(
    open,
    window,
    {
      opened,
      event: (event, repeated, size) => {
        if (repeated) return;
        buffer.push(event, size);
        wakeReader?.();
      },
      pause: () => (buffer.isFull ? new Promise<void>((resolve) => (wakeSource = resolve)) : undefined),
    },
    closing,
  );
  const running = source
    .run()
    .catch((error: unknown) => {
      state.failure = error as Error; // `open` rejects only with errors
    })
    .finally(() => {
      state.ended = true;
      wakeReader?.();
    });
  const onAbort = () => source.stop();
  if (signal) {
    // the signal may be shared by any number of streams
    setMaxListeners(0, signal);
    signal.addEventListener("abort", onAbort);
  }
  try {
    while (!state.ended || buffer.length > 0) {
      if (signal?.aborted) break;
      const event = buffer.shift();
      if (event !== undefined) {
        yield event;
        if (buffer.hasRoom) wakeSource?.();
      } else {
        await new Promise<void>((resolve) => (wakeReader = resolve));
      }
    }
    if (signal?.aborted) throw new AbortError(`${operation} was aborted`, { cause: signal.reason, operation });
    if (state.failure !== undefined) throw state.failure;
    if (closing.aborted) throw new ClientClosedError(`${operation} failed: the client is closed`, { operation });
  } finally {
    signal?.removeEventListener("abort", onAbort);
    source.stop();
    wakeSource?.();
    await running;
  }
}
