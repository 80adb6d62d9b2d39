import type { Readable } from "node:stream";
import { setImmediate } from "../../wire/clock.js";
import type { StreamName } from "../../wire/frames.js";

/** A client that reads the output of a process. */
export interface OutputSink {
  /** Takes output. The process waits until the promise resolves. */
  write(stream: StreamName, chunk: Buffer): Promise<void>;
  /** There is no more output. */
  end(): void;
}

/** Passes the output of a process to all clients that are attached, at the pace of the slowest. */
export class OutputHub {
  readonly #sinks = new Set<OutputSink>();

  /** Adds a client. Returns a function that removes it. */
  attach(sink: OutputSink): () => void {
    this.#sinks.add(sink);
    return () => this.#sinks.delete(sink);
  }

  /** Passes output to all clients. */
  async write(stream: StreamName, chunk: Buffer): Promise<void> {
    await Promise.all([...this.#sinks].map((sink) => sink.write(stream, chunk)));
  }

  /**
   * Reads a stream to its end.
   *
   * @param onChunk - called with each chunk before the clients get it.
   */
  async pump(stream: StreamName, output: Readable, onChunk?: (chunk: Buffer) => void): Promise<void> {
    for await (const chunk of output as AsyncIterable<Buffer>) {
      onChunk?.(chunk);
      await this.write(stream, chunk);
      // output that nobody waits for must not keep the engine from anything else
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Ends the streams of all clients and forgets them. */
  end(): void {
    for (const sink of this.#sinks) sink.end();
    this.#sinks.clear();
  }
}
