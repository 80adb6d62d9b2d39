import type { Readable, Writable } from "node:stream";
import { DockerError } from "../errors/docker-error.js";
import type { Exchange, HeardStreams } from "../transport/exchange.js";
import { type ByteSink, failureOfSink, leaveSink, outputClosed, outputFailure, writableOf } from "../wire/byte-sink.js";
import { type ByteSource, inputFailure, isBroken, leaveSource, readableOf } from "../wire/byte-source.js";
import { allowListeners, ignoreErrors, ignoreLateError } from "../wire/quiet.js";
import type { CallOptions } from "./call-options.js";
import { type Field, isStreamField, type StreamTaker, type Taken } from "./fields/fields.js";

/** A method whose options contain streams. */
export interface StreamMethod {
  /** Name of the method. */
  readonly name: string;
  /** Metadata of the options. All but the streams are ignored. */
  readonly fields: Readonly<Record<string, Field<never>>>;
}

const STREAMS: unique symbol = Symbol("streams");

/** The settings of a call, with its streams. Spreading the settings also copies the symbol. */
type HeardCall = CallOptions & { [STREAMS]?: CallerStreams | undefined };

/** A stream, with the listeners on it. */
interface Heard {
  readonly stream: Readable | Writable;
  readonly onError: (cause: unknown) => void;
  readonly onClose: () => void;
  /** Releases a stream that the call did not use. */
  readonly leave: () => void;
  isHandedOver: boolean;
}

/**
 * The streams that the caller passed to one call. They have listeners from the start of the call to its end: a stream that fails
 * before the call reads or writes it would otherwise crash the process. A failure ends the requests of the call.
 */
export class CallerStreams implements HeardStreams, StreamTaker {
  readonly #where: { operation: string; endpoint: string };
  readonly #heard = new Map<unknown, Heard>();
  readonly #exchanges = new Set<Exchange>();
  #failure: DockerError | undefined;
  #invalid: DockerError | undefined;

  constructor(operation: string, endpoint: string) {
    this.#where = { operation, endpoint };
  }

  /**
   * Called before the first request. A stream that has already failed makes that request fail.
   *
   * @throws {@link InvalidOptionError} when an option is not a stream.
   */
  check(): void {
    if (this.#invalid) throw this.#invalid;
  }

  /** Registers the streams in the options, and returns the options with Node.js streams in their place. */
  take<O extends object>(fields: StreamMethod["fields"], options: O): Taken<O> {
    let taken = options;
    // untyped callers can pass anything
    for (const [option, value] of Object.entries<unknown>((options as O | null) ?? {})) {
      const field = Object.hasOwn(fields, option) ? fields[option] : undefined;
      if (value === undefined || !isStreamField(field)) continue;
      try {
        taken = { ...taken, [option]: field.take(this, option, value) };
      } catch (error) {
        if (!(error instanceof DockerError)) throw error;
        this.#invalid ??= error;
      }
    }
    return taken as Taken<O>; // every stream has been replaced
  }

  source(option: string, source: ByteSource): Readable {
    const known = this.#heard.get(source);
    if (known) return known.stream as Readable; // sources are readable
    const stream = readableOf(source, option, this.#where);
    const fail = (cause: unknown) => this.#fail(inputFailure(cause, this.#where));
    this.#hear(source, {
      stream,
      onError: fail,
      onClose: () => {
        if (!stream.readableEnded) fail(undefined);
      },
      // the caller's own stream is left untouched
      leave: () => {
        if (stream !== source) leaveSource(stream);
      },
      isHandedOver: false,
    });
    if (isBroken(stream)) fail(stream.errored ?? undefined);
    return stream;
  }

  sink(option: string, sink: ByteSink): Writable {
    const known = this.#heard.get(sink);
    if (known) return known.stream as Writable; // sinks are writable
    const stream = writableOf(sink, option, this.#where);
    this.#hear(sink, {
      stream,
      onError: (cause) => this.#fail(outputFailure(cause, this.#where)),
      onClose: () => this.#fail(outputClosed(this.#where)),
      leave: () => leaveSink(stream),
      isHandedOver: false,
    });
    const failure = failureOfSink(stream, this.#where);
    if (failure) this.#fail(failure);
    return stream;
  }

  /** Registers an exchange, which ends when a stream fails. */
  join(exchange: Exchange): void {
    exchange.streams = this;
    this.#exchanges.add(exchange);
    exchange.addCleanup(() => this.#exchanges.delete(exchange));
    if (this.#failure) exchange.fail(this.#failure);
  }

  /** Stops watching a stream, or all streams: the code that reads or writes it handles its failures from now on. */
  handOver(stream?: unknown): void {
    for (const heard of this.#heard.values()) {
      if (heard.isHandedOver || (stream !== undefined && heard.stream !== stream)) continue;
      heard.isHandedOver = true;
      // keeps an error listener on the stream even after its reader or writer has finished
      heard.stream.on("error", ignoreErrors).off("error", heard.onError).off("close", heard.onClose);
    }
  }

  /** Destroys all streams. */
  destroy(): void {
    this.handOver();
    for (const { stream } of this.#heard.values()) stream.destroy();
  }

  /** Removes all listeners. Called when the call has ended. */
  release(): void {
    const unused = [...this.#heard.values()].filter((heard) => !heard.isHandedOver);
    this.handOver();
    for (const { leave } of unused) leave();
    for (const { stream } of this.#heard.values()) {
      stream.off("error", ignoreErrors);
      allowListeners(stream, -2);
      ignoreLateError(stream);
    }
  }

  #hear(given: unknown, heard: Heard): void {
    this.#heard.set(given, heard);
    allowListeners(heard.stream, 2);
    heard.stream.on("error", heard.onError).on("close", heard.onClose);
  }

  #fail(failure: DockerError): void {
    this.#failure ??= failure;
    for (const exchange of [...this.#exchanges]) exchange.fail(this.#failure);
  }
}

/** Returns the streams whose failure ends the requests of a call. */
export const streamsOf = (call: HeardCall | undefined): CallerStreams | undefined => call?.[STREAMS];

/** Returns call settings for a request that neither the signal nor a failed stream may end. */
export const uninterrupted = (call: CallOptions): HeardCall => ({ ...call, signal: undefined, [STREAMS]: undefined });

/** Returns call settings for requests that end when one of the streams fails. */
export const heardCall = (call: CallOptions | undefined, streams: CallerStreams): HeardCall => ({ ...call, [STREAMS]: streams });
