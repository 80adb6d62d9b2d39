import type { EventMessage } from "../../types/event.js";

/** The number of events, and of their bytes as sent, that a buffer holds before it is full. */
const LONGEST_BUFFER = 10_000;
const LARGEST_BUFFER = 32 * 1024 * 1024;

/** An event with the number of bytes that the engine sent for it. */
interface Sized {
  readonly event: EventMessage;
  readonly size: number;
}

/** Events that wait for a slow reader. */
export class EventBuffer {
  #reading: Sized[] = [];
  #next = 0;
  #waiting: Sized[] = [];
  #bytes = 0;

  /** The number of events. */
  get length(): number {
    return this.#reading.length - this.#next + this.#waiting.length;
  }

  /** Whether the writer should wait, or drop events. */
  get isFull(): boolean {
    return this.length >= LONGEST_BUFFER || this.#bytes >= LARGEST_BUFFER;
  }

  /** Whether a writer that waits may go on. */
  get hasRoom(): boolean {
    return this.length <= LONGEST_BUFFER / 2 && this.#bytes <= LARGEST_BUFFER / 2;
  }

  /** Adds an event. */
  push(event: EventMessage, size: number): void {
    this.#waiting.push({ event, size });
    this.#bytes += size;
  }

  /** Removes and returns the first event. */
  shift(): EventMessage | undefined {
    if (this.#next >= this.#reading.length) {
      this.#reading = this.#waiting;
      this.#waiting = [];
      this.#next = 0;
    }
    const first = this.#reading[this.#next];
    if (first === undefined) return undefined;
    this.#next += 1;
    this.#bytes -= first.size;
    return first.event;
  }

  /** Removes all events. */
  clear(): void {
    this.#reading = [];
    this.#waiting = [];
    this.#next = 0;
    this.#bytes = 0;
  }
}
