import { Readable } from "node:stream";
import type { DockerErrorDetails } from "../errors/docker-error.js";
import { InputStreamError, InvalidOptionError } from "../errors/usage-errors.js";
import { ignoreErrors } from "./quiet.js";
import { isBytes, isError } from "./realm.js";

/** The members of a `ReadableStream` that the client uses. @category Streams */
export interface WebReadable {
  /** Locks the stream to a reader. */
  getReader(): {
    /** Rejects when the stream fails. */
    readonly closed: Promise<unknown>;
    /** Reads the next piece. */
    read(): Promise<{
      /** Whether the stream has ended. */
      done: boolean;
      /** The piece. */
      value?: string | Uint8Array | undefined;
    }>;
    /** Ends the stream early. */
    cancel(reason?: unknown): Promise<void>;
  };
}

/** The members of a `Blob` that the client uses. @category Streams */
export interface WebBlob {
  /** Length in bytes. */
  readonly size: number;
  /** Returns the content as a `ReadableStream`. */
  stream(): unknown;
}

/**
 * Bytes from the caller: a `Readable`, a `ReadableStream`, a `Blob`, a string (sent as UTF-8), bytes, or an iterable of strings and
 * bytes, such as an async generator.
 *
 * @category Streams
 */
export type ByteSource =
  Readable | WebReadable | WebBlob | string | Uint8Array | AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;

/** The description of a {@link ByteSource}, for errors. */
export const SOURCE = "a Readable, a ReadableStream, a Blob, a string, bytes or an iterable of those";

/** Streams that the client created from other sources. */
const converted = new WeakSet<Readable>();

/** Whether a value has these methods. This test also recognizes instances from other realms and packages. */
export const has = (value: unknown, ...methods: readonly PropertyKey[]): boolean =>
  typeof value === "object" &&
  value !== null &&
  methods.every((name) => typeof (value as Record<PropertyKey, unknown>)[name] === "function");

const isWebReadable = (value: unknown): value is WebReadable => has(value, "getReader");
const isBlob = (value: unknown): value is WebBlob => has(value, "stream", "arrayBuffer");

/** Whether a value is a stream of bytes, as opposed to a string, bytes or a list. */
export const isByteStream = (value: unknown): value is Exclude<ByteSource, string | Uint8Array> =>
  value instanceof Readable ||
  has(value, "on", "pipe") ||
  isWebReadable(value) ||
  isBlob(value) ||
  has(value, Symbol.asyncIterator);

/** Returns bytes as a buffer over the same memory. */
const bufferOf = (bytes: string | Uint8Array): Buffer =>
  typeof bytes === "string" ? Buffer.from(bytes) : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** A `Readable` that reads a `ReadableStream`. It fails as soon as that stream fails, and cancels it when destroyed. */
class WebSource extends Readable {
  readonly #reader: ReturnType<WebReadable["getReader"]>;

  constructor(stream: WebReadable) {
    super();
    this.#reader = stream.getReader();
    this.#reader.closed.catch(this.#fail);
  }

  override _read(): void {
    this.#reader.read().then(({ done, value }) => this.push(done ? null : value), this.#fail);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#reader.cancel(error ?? undefined).catch(ignoreErrors);
    done(error);
  }

  readonly #fail = (reason: unknown): void => {
    this.destroy(isError(reason) ? reason : new Error(String(reason), { cause: reason }));
  };
}

function convert(source: unknown): Readable | undefined {
  if (isWebReadable(source)) return new WebSource(source);
  if (isBlob(source)) return convert(source.stream());
  if (typeof source === "string" || isBytes(source)) return Readable.from([bufferOf(source)], { objectMode: false });
  // streams from other packages
  if (has(source, "on", "pipe")) return new Readable().wrap(source as NodeJS.ReadableStream);
  if (has(source, Symbol.asyncIterator) || has(source, Symbol.iterator)) {
    return Readable.from(source as AsyncIterable<unknown> | Iterable<unknown>, { objectMode: false });
  }
  return undefined;
}

/**
 * Returns the caller's bytes as a stream.
 *
 * @param option - the name of the option, for the error.
 * @throws {@link InvalidOptionError} when it is not a source of bytes, or is a `ReadableStream` that is locked.
 */
export function readableOf(source: ByteSource, option: string, details: DockerErrorDetails): Readable {
  if (source instanceof Readable) return source;
  const name = details.operation ?? "the call";
  let stream: Readable | undefined;
  try {
    stream = convert(source);
  } catch (cause) {
    throw new InvalidOptionError(option, `${name}: option "${option}" is a locked stream`, { ...details, cause });
  }
  if (!stream) throw new InvalidOptionError(option, `${name}: option "${option}" must be ${SOURCE}`, details);
  converted.add(stream);
  return stream.on("error", ignoreErrors);
}

/**
 * Releases a stream when the rest of it is not needed: pauses the caller's own stream, or destroys one that the client created.
 */
export function leaveSource(stream: Readable): void {
  if (converted.has(stream)) stream.destroy();
  else stream.pause();
}

/** Returns the error for a caller's stream that failed, or was closed before its end. */
export function inputFailure(cause: unknown, { operation, endpoint }: DockerErrorDetails): InputStreamError {
  const message = `the input stream of ${operation ?? "the call"} failed before it ended`;
  return new InputStreamError(message, { cause, operation, endpoint });
}

/** Whether a stream can no longer be read to its end. */
export const isBroken = (stream: Readable): boolean => Boolean(stream.errored) || (stream.destroyed && !stream.readableEnded);

/** Receives the bytes of a stream. */
interface ByteReader {
  /** Receives a chunk, which is not empty. Returns whether the reader can accept more now. */
  chunk(bytes: Buffer): boolean;
  /** Called when the stream has ended. */
  end(): void;
  /** Called when the stream fails, is closed before its end, or yields a value that is neither a string nor bytes. */
  fail(cause: unknown): void;
}

/**
 * Reads a caller's stream. If the stream yielded objects, `pipe` would throw an error that nobody can catch.
 *
 * @returns a function that resumes reading after the reader was full, and a function that stops it for good.
 */
export function readBytes(source: Readable, reader: ByteReader): { resume: () => void; stop: () => void } {
  let isOver = false;
  const finish = (then: () => void) => {
    if (isOver) return;
    stop();
    then();
  };
  const fail = (cause: unknown) => finish(() => reader.fail(cause));
  const onData = (data: unknown) => {
    if (typeof data !== "string" && !isBytes(data)) {
      fail(new TypeError(`the stream yields ${typeof data}s, which are neither bytes nor strings`));
      return;
    }
    const chunk = bufferOf(data);
    if (chunk.length > 0 && !reader.chunk(chunk)) source.pause();
  };
  const onEnd = () => finish(() => reader.end());
  const onClose = () => {
    if (!source.readableEnded) fail(undefined);
  };
  const stop = () => {
    isOver = true;
    source.off("data", onData).off("end", onEnd).off("error", fail).off("close", onClose);
  };
  if (isBroken(source)) fail(source.errored ?? undefined);
  else if (source.readableEnded) onEnd();
  else source.on("error", fail).on("close", onClose).on("end", onEnd).on("data", onData).resume();
  return {
    resume: () => {
      if (!isOver) source.resume();
    },
    stop,
  };
}
