import { EventEmitter, once } from "node:events";
import { closeSync, fstatSync, mkdirSync, openSync, readSync, rmSync, statSync, writeSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import type { StreamName } from "../../wire/frames.js";
import { rfc3339 } from "./record.js";

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
 * The log of a container: a file with a JSON document per line, in the format of Docker's `json-file` driver.
 *
 * Entries are written synchronously: what a client has seen is in the file, even if the engine is killed.
 */
export class ContainerLog {
  readonly #path: string;
  readonly #grown = new EventEmitter();
  readonly #rests: Record<StreamName, Buffer> = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  /** The time of the first part of a line whose end has not come yet: all its parts have it, so that clients can join them. */
  readonly #lineTimes: Record<StreamName, bigint | undefined> = { stdout: undefined, stderr: undefined };
  #file: number | undefined;
  #isOpen = false;

  constructor(path: string) {
    this.#path = path;
    this.#grown.setMaxListeners(0);
  }

  /** Path of the file. */
  get path(): string {
    return this.#path;
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
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
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
    if (this.#file === undefined) {
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
      this.#file = openSync(this.#path, "a+", 0o600);
      endLine(this.#file);
    }
    // bytes that are not UTF-8 are kept too: latin1 marks them
    const text = data.toString();
    const isText = Buffer.from(text).equals(data);
    const log = isText ? text : data.toString("latin1");
    const entry = { log, stream, time: rfc3339(time), ...(isText ? {} : { latin1: true }), nano: String(time) };
    writeSync(this.#file, `${JSON.stringify(entry).replace(unicodeLineEnds, escaped)}\n`);
  }

  /** Removes the file, with its folder. */
  remove(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
    rmSync(dirname(this.#path), { recursive: true, force: true });
  }

  /** The size of the file in bytes. */
  get size(): number {
    return statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0;
  }

  /**
   * Reads entries, oldest first.
   *
   * @param follow - ends the reading of entries to come; without it, only those that exist are read.
   */
  async *read(query: LogQuery, follow?: AbortSignal): AsyncGenerator<LogEntry> {
    const { tail } = query;
    let position = 0;
    if (tail !== undefined) {
      const entries: LogEntry[] = [];
      for await (const { entry, end } of this.#from(0)) {
        position = end;
        if (!isWanted(entry, query)) continue;
        entries.push(entry);
        if (entries.length > tail) entries.shift();
      }
      yield* entries;
    }
    for (;;) {
      const isOpen = this.#isOpen;
      for await (const { entry, end } of this.#from(position)) {
        position = end;
        if (query.until !== undefined && entry.time > query.until) return;
        if (isWanted(entry, query)) yield entry;
      }
      if (!follow || follow.aborted || !isOpen) return;
      if (this.size > position) continue;
      // the wait fails when the reader is gone, which ends the loop
      if (this.#isOpen) await once(this.#grown, "grown", { signal: follow }).catch(() => undefined);
    }
  }

  /** Reads the complete entries from a position in the file on. */
  async *#from(start: number): AsyncGenerator<{ entry: LogEntry; end: number }> {
    if (this.size <= start) return;
    const file = await open(this.#path, "r");
    try {
      let end = start;
      for await (const line of file.readLines({ start, autoClose: false })) {
        end += Buffer.byteLength(line) + 1;
        const entry = parseEntry(line);
        if (entry) yield { entry, end };
        else if (end > this.size) return; // the last line is still being written
        // what a crash has cut off is lost, but not what comes after it
      }
    } finally {
      await file.close();
    }
  }
}

/** What some versions of Node.js take for the end of a line, besides the line feed. JSON does not escape it. */
const unicodeLineEnds = /[\u0085\u2028\u2029]/g;

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** Ends the last line of a file, if a crash has cut it off: what is written next must not belong to it. */
function endLine(file: number): void {
  const { size } = fstatSync(file);
  const last = Buffer.alloc(1, NEWLINE);
  if (size > 0) readSync(file, last, 0, 1, size - 1);
  if (last[0] !== NEWLINE) writeSync(file, "\n");
}

function isWanted({ stream, time }: LogEntry, { streams, since, until }: LogQuery): boolean {
  return streams.has(stream) && (since === undefined || time >= since) && (until === undefined || time <= until);
}

function parseEntry(line: string): LogEntry | undefined {
  try {
    const { log, stream, latin1, nano } = JSON.parse(line) as { log: string; stream: StreamName; latin1?: boolean; nano: string };
    return { stream, data: Buffer.from(log, latin1 ? "latin1" : "utf8"), time: BigInt(nano) };
  } catch {
    return undefined;
  }
}
