import type { EventMessage } from "../../types/event.js";

/** Limits of a buffer: the number of events, and the total number of bytes that the engine sent for them. */
const LONGEST_BUFFER = 10_000;
const LARGEST_BUFFER = 32 * 1024 * 1024;

/** An event, and the number of bytes that the engine sent for it. */
interface Sized {
  readonly event: EventMessage;
  readonly size: number;
}

/** A queue of events for a slow reader. */
export class EventBuffer {
  #reading: Sized[] = [];
  #next = 0;
  #waiting: Sized[] = [];
  #bytes = 0;

  /** The number of buffered events. */
  get length(): number {
    return this.#reading.length - this.#next + this.#waiting.length;
  }

  /** Whether the writer should pause or drop events. */
  get isFull(): boolean {
    return this.length >= LONGEST_BUFFER || this.#bytes >= LARGEST_BUFFER;
  }

  /** Whether a paused writer may resume. */
  get hasRoom(): boolean {
    return this.length <= LONGEST_BUFFER / 2 && this.#bytes <= LARGEST_BUFFER / 2;
  }

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

  clear(): void {
    this.#reading = [];
    this.#waiting = [];
    this.#next = 0;
    this.#bytes = 0;
  }
}
