import { EventEmitter, once } from "node:events";
import type { StreamName } from "../../wire/frames.js";
import { LogFiles, type LogPosition } from "./log-files.js";
import type { LogLimits } from "./log-limits.js";
import { parseRfc3339, rfc3339 } from "./record.js";

/** A line of a container's log, or a part of a line that is longer than 16 KiB. */
export interface LogEntry {
  /** The stream it was written to. */
  readonly stream: StreamName;
  /** The text, with the line ending if it has one. */
  readonly data: Buffer;
  /** Time in nanoseconds since 1970. */
  readonly time: bigint;
}

/** Which entries of a log to read. */
export interface LogQuery {
  /** The streams. */
  readonly streams: ReadonlySet<StreamName>;
  /** Entries from this time on, in nanoseconds since 1970. */
  readonly since?: bigint | undefined;
  /** Entries up to this time. */
  readonly until?: bigint | undefined;
  /** Only the last entries. */
  readonly tail?: number | undefined;
}

/** The longest part of a line in one entry, in bytes: that of Docker. */
const LONGEST_PART = 16 * 1024;

const NEWLINE = 0x0a;

/**
 * The log of a container: files with a JSON document per line, in the format of Docker's `json-file` driver.
 *
 * Entries are written synchronously: what a client has seen is in the file, even if the engine is killed.
 */
export class ContainerLog {
  readonly #files: LogFiles;
  readonly #grown = new EventEmitter();
  readonly #rests: Record<StreamName, Buffer> = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  /** The time of the first part of a line whose end has not come yet: all its parts have it, so that clients can join them. */
  readonly #lineTimes: Record<StreamName, bigint | undefined> = { stdout: undefined, stderr: undefined };
  #isOpen = false;

  constructor(path: string) {
    this.#files = new LogFiles(path);
    this.#grown.setMaxListeners(0);
  }

  /** Path of the newest file. */
  get path(): string {
    return this.#files.path;
  }

  /** Sets how much of it is kept from now on. */
  limit(limits: LogLimits): void {
    this.#files.limits = limits;
  }

  /** Begins a run of the container. Followers wait for its output. */
  begin(): void {
    this.#isOpen = true;
  }

  /** Ends a run: writes what is left of lines without an end, and lets followers end. */
  end(time: bigint): void {
    for (const stream of ["stdout", "stderr"] as const) {
      const rest = this.#rests[stream];
      if (rest.length > 0) this.#writePart(stream, rest, time);
      this.#rests[stream] = Buffer.alloc(0);
      this.#lineTimes[stream] = undefined;
    }
    this.#isOpen = false;
    this.#files.close();
    this.#grown.emit("grown");
  }

  /** Adds output. */
  append(stream: StreamName, chunk: Buffer, time: bigint): void {
    let bytes = this.#rests[stream].length === 0 ? chunk : Buffer.concat([this.#rests[stream], chunk]);
    for (;;) {
      const newline = bytes.indexOf(NEWLINE);
      const length = newline === -1 || newline >= LONGEST_PART ? LONGEST_PART : newline + 1;
      if (length > bytes.length || (newline === -1 && length === bytes.length)) break;
      this.#writePart(stream, bytes.subarray(0, length), time);
      bytes = bytes.subarray(length);
    }
    this.#rests[stream] = Buffer.from(bytes);
    this.#grown.emit("grown");
  }

  #writePart(stream: StreamName, data: Buffer, now: bigint): void {
    const time = this.#lineTimes[stream] ?? now;
    this.#lineTimes[stream] = data.at(-1) === NEWLINE ? undefined : time;
    this.#write({ stream, data, time });
  }

  #write({ stream, data, time }: LogEntry): void {
    // bytes that are not UTF-8 are kept too: latin1 marks them
    const text = data.toString();
    const isText = Buffer.from(text).equals(data);
    const log = isText ? text : data.toString("latin1");
    const entry = { log, stream, time: rfc3339(time), ...(isText ? {} : { latin1: true }) };
    this.#files.write(Buffer.from(`${JSON.stringify(entry)}\n`));
  }

  /** Removes the files, with their folder. */
  remove(): void {
    this.#files.remove();
  }

  /**
   * Reads entries, oldest first.
   *
   * @param follow - ends the reading of entries to come; without it, only those that exist are read.
   */
  async *read(query: LogQuery, follow?: AbortSignal): AsyncGenerator<LogEntry> {
    const position = this.#files.begin();
    try {
      yield* this.#tail(position, query);
      for (;;) {
        const isOpen = this.#isOpen;
        const { written } = this.#files;
        for await (const entry of this.#from(position)) {
          if (query.until !== undefined && entry.time > query.until) return;
          if (isWanted(entry, query)) yield entry;
        }
        if (!follow || follow.aborted || !isOpen) return;
        if (this.#files.written > written) continue;
        // the wait fails when the reader is gone, which ends the loop
        if (this.#isOpen) await once(this.#grown, "grown", { signal: follow }).catch(() => undefined);
      }
    } finally {
      this.#files.end(position);
    }
  }

  /** Reads the last of the entries that exist, if the query asks for them, and moves the position behind them. */
  async *#tail(position: LogPosition, query: LogQuery): AsyncGenerator<LogEntry> {
    const { tail } = query;
    if (tail === undefined) return;
    const entries: LogEntry[] = [];
    for await (const entry of this.#from(position)) {
      if (!isWanted(entry, query)) continue;
      entries.push(entry);
      if (entries.length > tail) entries.shift();
    }
    yield* entries;
  }

  /** Reads the complete entries from a position on, which moves along. What a crash has cut off is lost, but not what comes after it. */
  async *#from(position: LogPosition): AsyncGenerator<LogEntry> {
    for await (const line of this.#files.lines(position)) {
      const entry = parseEntry(line);
      if (entry) yield entry;
    }
  }
}

function isWanted({ stream, time }: LogEntry, { streams, since, until }: LogQuery): boolean {
  return streams.has(stream) && (since === undefined || time >= since) && (until === undefined || time <= until);
}

function parseEntry(line: Buffer): LogEntry | undefined {
  try {
    const { log, stream, latin1, time } = JSON.parse(line.toString()) as {
      log: string;
      stream: StreamName;
      latin1?: boolean;
      time: string;
    };
    return { stream, data: Buffer.from(log, latin1 ? "latin1" : "utf8"), time: parseRfc3339(time) };
  } catch {
    return undefined;
  }
}
