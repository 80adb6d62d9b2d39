import { createHook } from "node:async_hooks";
import { getEventListeners } from "node:events";
import { Readable, type Stream, Writable } from "node:stream";
import { onTestFinished } from "vitest";
import { listenerCounts } from "./streams.js";

/** What a call has left behind. */
export interface Leaks {
  /** Number of listeners on the caller's signal. */
  signal: number;
  /** Numbers of listeners on the caller's streams, by option and event. */
  streams: Record<string, Record<string, number>>;
  /** For each timer that still runs, the line of the package that started it. */
  timers: string[];
}

export const none: Leaks = { signal: 0, streams: {}, timers: [] };

/** A frame of a stack within the package. */
const own = /\/lib\/[a-z-]+\/.*:\d+:\d+/;

/** Counts the timers that the package starts, including those that do not keep the process alive. */
export function timersOfPackage(): () => string[] {
  const running = new Map<number, string>();
  const hook = createHook({
    init(id, kind) {
      if (kind !== "Timeout") return;
      const line = (new Error("here").stack ?? "").split("\n").find((one) => own.test(one));
      if (line !== undefined) running.set(id, line.trim());
    },
    destroy: (id) => void running.delete(id),
  });
  hook.enable();
  onTestFinished(() => void hook.disable());
  return () => [...running.values()];
}

function input(isFinite: boolean): Readable {
  const stream = new Readable({ read: () => undefined });
  stream.push(Buffer.alloc(1024));
  if (isFinite) stream.push(null);
  return stream;
}

const output = () => new Writable({ write: (_chunk, _encoding, done) => done() });

/** A caller with a signal and streams, which remembers what calls leave on them. */
export class Caller {
  readonly #abort = new AbortController();
  readonly #streams: { option: string; stream: Stream; before: Record<string, number> }[] = [];
  readonly #timers = timersOfPackage();

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  abort(): void {
    this.#abort.abort();
  }

  /**
   * Returns a stream for an option.
   *
   * @param option - the name of the option, which shows the direction.
   * @param isFinite - whether an input ends.
   */
  stream(option: string, isFinite: boolean): Stream {
    const stream = option.startsWith("input") ? input(isFinite) : output();
    this.#streams.push({ option, stream, before: listenerCounts(stream) });
    return stream;
  }

  /** Returns what is left now. Destroyed streams do not count, because a listener must catch their late errors. */
  leaks(): Leaks {
    const usable = this.#streams.filter(({ stream }) => !(stream as Readable | Writable).destroyed);
    const left = usable.map(({ option, stream, before }) => {
      const more = Object.entries(listenerCounts(stream)).filter(([event, count]) => count !== (before[event] ?? 0));
      return [option, Object.fromEntries(more)] as const;
    });
    return {
      signal: getEventListeners(this.signal, "abort").length,
      streams: Object.fromEntries(left.filter(([, more]) => Object.keys(more).length > 0)),
      timers: this.#timers(),
    };
  }
}
