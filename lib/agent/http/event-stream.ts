import type { ServerResponse } from "node:http";
import { clearTimeout, setTimeout } from "../../wire/clock.js";
import { writeBounded } from "./bounded-write.js";

/** How often a comment is sent on a silent stream, in milliseconds. */
const HEARTBEAT = 15_000;

/** Server-sent events as the response to a call. */
export class EventStream {
  readonly #response: ServerResponse;
  #heartbeat: NodeJS.Timeout | undefined;

  constructor(response: ServerResponse) {
    this.#response = response;
    response.writeHead(200, {
      "Content-Type": "text/event-stream; charset=utf-8",
      "Cache-Control": "no-store",
      "X-Accel-Buffering": "no",
      "X-Content-Type-Options": "nosniff",
    });
    response.flushHeaders();
    this.#beat();
    response.once("close", () => clearTimeout(this.#heartbeat));
  }

  /** Sends an event. `data` is one line. */
  send(event: string, data: string): void {
    writeBounded(this.#response, `event: ${event}\ndata: ${data}\n\n`);
  }

  /** Ends the stream. */
  end(): void {
    clearTimeout(this.#heartbeat);
    this.#response.end();
  }

  /** Sends a comment now and then, which proxies take for activity. */
  #beat(): void {
    this.#heartbeat = setTimeout(() => {
      writeBounded(this.#response, ":\n\n");
      this.#beat();
    }, HEARTBEAT);
  }
}
