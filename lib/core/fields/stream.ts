import type { Readable, Writable } from "node:stream";
import { type ByteSink, SINK } from "../../wire/byte-sink.js";
import { type ByteSource, isByteStream, SOURCE } from "../../wire/byte-source.js";
import type { NotSentField } from "./field.js";

/** Receives the caller's streams of a call. */
export interface StreamTaker {
  /** Takes a source of bytes, and returns it as a stream of Node.js. */
  source(option: string, source: ByteSource): Readable;
  /** Takes a destination for bytes, and returns it as a stream of Node.js. */
  sink(option: string, sink: ByteSink): Writable;
}

/** An option with the caller's streams, which have listeners from the moment of the call. */
export interface StreamField extends NotSentField {
  /** Passes the streams of the option on, and returns its value with streams of Node.js in their place. */
  readonly take: (streams: StreamTaker, option: string, value: unknown) => unknown;
}

/** Whether the metadata of an option is that of one with streams of the caller. */
export const isStreamField = (field: object | undefined): field is StreamField =>
  field !== undefined && "take" in field && typeof field.take === "function";

/** Options with streams of Node.js in place of the caller's sources and destinations. */
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

/** The content of a file: a string or bytes stay as they are. */
export const fileContent: StreamField = {
  ...source,
  take: (streams, option, value) =>
    typeof value === "string" || ArrayBuffer.isView(value) ? value : streams.source(option, value as ByteSource), // as above
};

/** A body of any kind: only streams are taken. */
export const anyBody: StreamField = {
  ...source,
  take: (streams, option, value) => (isByteStream(value) ? streams.source(option, value) : value),
};

/** Entries of an archive, some of which have a stream as their content. */
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
