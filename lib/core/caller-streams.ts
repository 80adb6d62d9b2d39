import type { Readable, Writable } from "node:stream";
import { DockerError } from "../errors/docker-error.js";
import type { Exchange, HeardStreams } from "../transport/exchange.js";
import { type ByteSink, failureOfSink, leaveSink, outputClosed, outputFailure, writableOf } from "../wire/byte-sink.js";
import { type ByteSource, inputFailure, isBroken, leaveSource, readableOf } from "../wire/byte-source.js";
import { allowListeners, ignoreErrors, ignoreLateError } from "../wire/quiet.js";
import type { CallOptions } from "./call-options.js";
import { type Field, isStreamField, type StreamTaker, type Taken } from "./fields/fields.js";

/** A method whose options hold streams. */
export interface StreamMethod {
  /** Name of the method. */
  readonly name: string;
  /** The options; others than streams are ignored. */
  readonly fields: Readonly<Record<string, Field<never>>>;
}

const STREAMS: unique symbol = Symbol("streams");

/** The settings of a call whose streams have listeners. The symbol survives copies of the settings. */
type HeardCall = CallOptions & { [STREAMS]?: CallerStreams | undefined };

/** One stream, and what hears it. */
interface Heard {
  readonly stream: Readable | Writable;
  readonly onError: (cause: unknown) => void;
  readonly onClose: () => void;
  /** Releases a stream that the call did not use. */
  readonly leave: () => void;
  isHandedOver: boolean;
}

/**
 * The caller's streams of one call. A stream that fails before the call reads or writes it would end the process, because nobody
 * listens to it yet: these have listeners from the moment of the call until it ends, and end its requests.
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
   * Called before the first request. Streams that have failed end that request.
   *
   * @throws {@link InvalidOptionError} when an option is not a stream.
   */
  check(): void {
    if (this.#invalid) throw this.#invalid;
  }

  /** Takes the streams of the options, and returns the options with streams of Node.js in their place. */
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
    return taken as Taken<O>; // every stream has been taken
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
      // the caller's own stream stays as it is
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

  /** Ends an exchange when a stream fails. */
  join(exchange: Exchange): void {
    exchange.streams = this;
    this.#exchanges.add(exchange);
    exchange.addCleanup(() => this.#exchanges.delete(exchange));
    if (this.#failure) exchange.fail(this.#failure);
  }

  /** Leaves the failures of a stream, or of all streams, to those who read and write it from now on. */
  handOver(stream?: unknown): void {
    for (const heard of this.#heard.values()) {
      if (heard.isHandedOver || (stream !== undefined && heard.stream !== stream)) continue;
      heard.isHandedOver = true;
      // the stream keeps an error listener, even after the reader or writer ends
      heard.stream.on("error", ignoreErrors).off("error", heard.onError).off("close", heard.onClose);
    }
  }

  /** Destroys all streams. */
  destroy(): void {
    this.handOver();
    for (const { stream } of this.#heard.values()) stream.destroy();
  }

  /** Called when the call is over. */
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

/** Returns the streams that a call's requests end with. */
export const streamsOf = (call: HeardCall | undefined): CallerStreams | undefined => call?.[STREAMS];

/** Returns the settings of a call for a request that must not end early: neither by the signal nor with a stream. */
export const uninterrupted = (call: CallOptions): HeardCall => ({ ...call, signal: undefined, [STREAMS]: undefined });

/** Returns the settings of a call whose requests end when one of the streams fails. */
export const heardCall = (call: CallOptions | undefined, streams: CallerStreams): HeardCall => ({ ...call, [STREAMS]: streams });
