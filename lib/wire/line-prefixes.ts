import { type FrameDecoder, type FrameSink, SYSTEM_ERROR } from "./frames.js";

/** The prefixes that an engine writes before each line of a log. */
export interface LinePrefixes {
  /** Whether lines start with their timestamp. */
  readonly timestamps?: boolean | undefined;
  /** Whether lines start with attributes, after the timestamp. */
  readonly details?: boolean | undefined;
}

/** Docker stores a long line in parts of this size, in bytes, and repeats the exact prefix of the line before each part. */
const PART = 16_384;

/** The maximum length of a prefix, in bytes. */
const LONGEST_PREFIX = 16_384;

/** The length of the longest timestamp and the space after it, in bytes. */
const LONGEST_TIMESTAMP = 36;

/** Number of bytes that are examined at a time. */
const STEP = 64;

const NEWLINE = 0x0a;

const timestamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(?:Z|[+-]\d\d:\d\d) /;

/**
 * Only Podman has timestamps in whole seconds. It stores a long line in parts of any size, each with the time at which it was
 * read.
 */
const hasWholeSeconds = (prefix: string): boolean => timestamp.test(prefix) && timestamp.exec(prefix)?.[1] === undefined;

/** Returns the length of the prefix at the start of a text: 0 if there is none, undefined if more text is needed to decide. */
function prefixLength(text: string, { timestamps = false, details = false }: LinePrefixes): number | undefined {
  let end = 0;
  if (timestamps) {
    const found = timestamp.exec(text);
    if (!found) return text.length >= LONGEST_TIMESTAMP || text.includes("\n") ? 0 : undefined;
    end = found[0].length;
    // Podman has no details
    if (found[1] === undefined) return end;
  }
  if (!details) return end;
  const space = text.indexOf(" ", end);
  const newline = text.indexOf("\n", end);
  if (newline >= 0 && (space < 0 || newline < space)) return 0;
  if (space >= 0) return space + 1;
  return text.length > LONGEST_PREFIX ? 0 : undefined;
}

/** Removes the repeated prefixes within the lines of one stream. */
class Lines {
  readonly #prefixes: LinePrefixes;
  readonly #framed: boolean;
  /** The prefix of the line that is being read; empty if it has none. */
  #prefix = "";
  /** The number of bytes of that line after its prefix. */
  #length = 0;
  #isOpen = false;
  /** Text that may be the start of a prefix; undefined while content is being read. */
  #seen: string | undefined;
  /** Whether that prefix would be within a line, so that `#seen` is held back. */
  #continues = false;

  /** @param framed - whether the start of each part is known, because each part is a frame. */
  constructor(prefixes: LinePrefixes, framed: boolean) {
    this.#prefixes = prefixes;
    this.#framed = framed;
    if (!framed) this.#startLine();
  }

  read(data: Buffer, starts: boolean, emit: (data: Buffer) => void): void {
    if (this.#framed && starts) {
      this.flush(emit);
      if (this.#isOpen) this.#startPart();
      else this.#startLine();
    }
    let from = 0;
    let at = 0;
    while (at < data.length) {
      if (this.#seen === undefined) {
        at = this.#framed ? this.#readFrame(data, at) : this.#readTerminal(data, at);
        continue;
      }
      const earlier = this.#seen.length;
      const text = this.#seen + data.toString("latin1", at, at + STEP);
      const length = this.#continues ? this.#repeatedLength(text) : prefixLength(text, this.#prefixes);
      const next = length === undefined ? Math.min(data.length, at + STEP) : length === 0 ? at : at + length - earlier;
      if (!this.#continues) {
        this.#isOpen = true;
        this.#prefix = text.slice(0, length ?? 0);
      } else if (length === 0) {
        this.flush(emit);
      } else {
        if (at > from) emit(data.subarray(from, at));
        from = next;
      }
      this.#seen = length === undefined ? text : undefined;
      at = next;
    }
    if (at > from) emit(from === 0 ? data : data.subarray(from));
  }

  /** Passes on data that has been held back. */
  flush(emit: (data: Buffer) => void): void {
    if (this.#continues && this.#seen) emit(Buffer.from(this.#seen, "latin1"));
    this.#seen = undefined;
  }

  #startLine(): void {
    this.#prefix = "";
    this.#length = 0;
    this.#isOpen = false;
    this.#seen = "";
    this.#continues = false;
  }

  #startPart(): void {
    const mayRepeat = this.#length % PART === 0 || (this.#framed && hasWholeSeconds(this.#prefix));
    this.#seen = mayRepeat && this.#prefix !== "" ? "" : undefined;
    this.#continues = true;
  }

  /** Like {@link prefixLength}, for a prefix within a line. */
  #repeatedLength(text: string): number | undefined {
    if (text.startsWith(this.#prefix)) return this.#prefix.length;
    if (this.#framed && hasWholeSeconds(this.#prefix)) return prefixLength(text, this.#prefixes);
    return this.#prefix.startsWith(text) ? undefined : 0;
  }

  /** Reads content up to the end of a piece of a frame. */
  #readFrame(data: Buffer, at: number): number {
    this.#length += data.length - at;
    this.#isOpen = data[data.length - 1] !== NEWLINE;
    return data.length;
  }

  /** Reads content up to the end of a line, or of a part of a line. */
  #readTerminal(data: Buffer, at: number): number {
    const part = Math.min(data.length, at + PART - (this.#length % PART));
    const newline = data.subarray(at, part).indexOf(NEWLINE);
    if (newline >= 0) {
      this.#startLine();
      return at + newline + 1;
    }
    this.#length += part - at;
    if (this.#length % PART === 0) this.#startPart();
    return part;
  }
}

/**
 * Joins the parts in which engines store long lines, by removing the timestamp and the details before every part except the
 * first. Text that may or may not be a prefix is kept.
 */
export class LongLineDecoder implements FrameDecoder {
  readonly #inner: FrameDecoder;
  readonly #linesOf: (stream: number) => Lines;
  readonly #streams = new Map<number, Lines>();

  /**
   * @param inner - the decoder of the connection.
   * @param framed - whether it reads frames.
   * @param prefixes - the prefixes that were requested.
   */
  constructor(inner: FrameDecoder, framed: boolean, prefixes: LinePrefixes) {
    this.#inner = inner;
    this.#linesOf = (stream) => {
      let lines = this.#streams.get(stream);
      if (!lines) this.#streams.set(stream, (lines = new Lines(prefixes, framed)));
      return lines;
    };
  }

  decode(chunk: Buffer, sink: FrameSink): void {
    this.#inner.decode(chunk, (stream, data, starts = false) => {
      if (stream === SYSTEM_ERROR) sink(stream, data);
      else this.#linesOf(stream).read(data, starts, (kept) => sink(stream, kept));
    });
  }

  flush(sink: FrameSink): void {
    for (const [stream, lines] of this.#streams) lines.flush((kept) => sink(stream, kept));
  }

  end(): void {
    this.#inner.end();
  }
}
