import type { Readable, Writable } from "node:stream";
import { type ByteSink, SINK } from "../../wire/byte-sink.js";
import { type ByteSource, isByteStream, SOURCE } from "../../wire/byte-source.js";
import type { NotSentField } from "./field.js";

/** Receives the streams that the caller passes to a call. */
export interface StreamTaker {
  /** Registers a source of bytes, and returns it as a Node.js stream. */
  source(option: string, source: ByteSource): Readable;
  /** Registers a destination for bytes, and returns it as a Node.js stream. */
  sink(option: string, sink: ByteSink): Writable;
}

/** An option that contains streams of the caller. They have error listeners from the start of the call. */
export interface StreamField extends NotSentField {
  /** Registers the streams in the option's value, and returns the value with Node.js streams in their place. */
  readonly take: (streams: StreamTaker, option: string, value: unknown) => unknown;
}

/** Whether an option contains streams of the caller, according to its metadata. */
export const isStreamField = (field: object | undefined): field is StreamField =>
  field !== undefined && "take" in field && typeof field.take === "function";

/** Options with Node.js streams in place of the caller's sources and destinations. */
export type Taken<O> = {
  [K in keyof O]: ByteSource extends NonNullable<O[K]>
    ? Readable | Extract<O[K], undefined>
    : ByteSink extends NonNullable<O[K]>
      ? Writable | Extract<O[K], undefined>
      : O[K];
};

/** Bytes that the method reads. */
export const source: StreamField = {
  in: "notSent",
  key: "",
  encoding: "input-stream",
  expects: SOURCE,
  take: (streams, option, value) => streams.source(option, value as ByteSource), // checked there
};

/** A destination that the method writes to. */
export const sink: StreamField = {
  in: "notSent",
  key: "",
  encoding: "output-stream",
  expects: SINK,
  take: (streams, option, value) => streams.sink(option, value as ByteSink), // checked there
};

/** The content of a file: a stream, or a string or bytes, which remain unchanged. */
export const fileContent: StreamField = {
  ...source,
  take: (streams, option, value) =>
    typeof value === "string" || ArrayBuffer.isView(value) ? value : streams.source(option, value as ByteSource), // as above
};

/** A body of any type. Only a stream is registered. */
export const anyBody: StreamField = {
  ...source,
  take: (streams, option, value) => (isByteStream(value) ? streams.source(option, value) : value),
};

/** Entries of an archive. The content of each may be a stream. */
export const packedEntries: StreamField = {
  ...source,
  take: (streams, option, value) =>
    Array.isArray(value)
      ? value.map((entry: unknown, index) => {
          const held = (entry as { content?: unknown } | null)?.content;
          return isByteStream(held)
            ? { ...(entry as object), content: streams.source(`${option}[${index}].content`, held) }
            : entry;
        })
      : value,
};
