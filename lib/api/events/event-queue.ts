import { setMaxListeners } from "node:events";
import type { OpenResponse } from "../../core/request.js";
import { AbortError, ClientClosedError } from "../../errors/connection-errors.js";
import type { EventMessage } from "../../types/event.js";
import { EventSource, type EventsWindow } from "./event-source.js";

/** Events queued for a slow reader before the engine is held back. */
const LONGEST_QUEUE = 10_000;

/**
 * Runs a stream of events for one reader.
 *
 * Engines silently drop events for a client that does not read, so events are read as they come and queued here.
 *
 * @param signal - the reader's signal; ends the stream with an error.
 * @param opened - called when the engine has started to respond.
 */
export async function* eventQueue(
  open: (window: EventsWindow, signal: AbortSignal) => Promise<OpenResponse>,
  window: EventsWindow,
  closing: AbortSignal,
  signal: AbortSignal | undefined,
  opened: () => void = () => undefined,
): AsyncGenerator<EventMessage, void, void> {
  const state: { reading: EventMessage[]; waiting: EventMessage[]; ended: boolean; failure?: Error } = {
    reading: [],
    waiting: [],
    ended: false,
  };
  let next = 0;
  let wakeReader: (() => void) | undefined;
  let wakeSource: (() => void) | undefined;
  const length = () => state.reading.length - next + state.waiting.length;
  const source = new EventSource(
    open,
    window,
    {
      opened,
      event: (event, repeated) => {
        if (repeated) return;
        state.waiting.push(event);
        wakeReader?.();
      },
      pause: () => (length() < LONGEST_QUEUE ? undefined : new Promise<void>((resolve) => (wakeSource = resolve))),
    },
    closing,
  );
  const running = source
    .run()
    .catch((error: unknown) => {
      state.failure = error as Error; // what open throws
    })
    .finally(() => {
      state.ended = true;
      wakeReader?.();
    });
  const onAbort = () => source.stop();
  if (signal) {
    // one signal may end any number of streams
    setMaxListeners(0, signal);
    signal.addEventListener("abort", onAbort);
  }
  try {
    while (!state.ended || length() > 0) {
      if (signal?.aborted) break;
      const event = state.reading[next];
      if (event !== undefined) {
        next += 1;
        yield event;
        if (length() <= LONGEST_QUEUE / 2) wakeSource?.();
      } else if (state.waiting.length > 0) {
        state.reading = state.waiting;
        state.waiting = [];
        next = 0;
      } else {
        await new Promise<void>((resolve) => (wakeReader = resolve));
      }
    }
    const operation = "streamEvents";
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
