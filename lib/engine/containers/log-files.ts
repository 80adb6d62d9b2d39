import {
  closeSync,
  createReadStream,
  createWriteStream,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { basename, dirname } from "node:path";
import { pipeline } from "node:stream";
import { pipeline as piped } from "node:stream/promises";
import { createGunzip, createGzip, gunzipSync, gzipSync } from "node:zlib";
import { type LogLimits, UNLIMITED } from "./log-limits.js";

/** Where a reader is. It moves while it reads. */
export interface LogPosition {
  /** The file, by its number: later files have higher ones. */
  file: number;
  /** The byte in it. */
  offset: number;
}

/** The largest file that is compressed at once, in bytes: the engine does nothing else meanwhile. */
const LARGEST_AT_ONCE = 1024 * 1024;

/** How much of removed files is kept in memory for those who still read, in bytes. Those who are further behind lose lines, as on Docker. */
const MOST_KEPT = 16 * 1024 * 1024;

const NEWLINE = 0x0a;

/**
 * The files of a log: the newest one at its path, the complete ones at the path with `.1`, `.2`… or `.1.gz`, `.2.gz`…, as `json-file` of
 * Docker keeps them.
 */
export class LogFiles {
  /** The path of the newest file. */
  readonly path: string;
  /** How much is kept. */
  limits: LogLimits = UNLIMITED;
  /** The number of bytes that were written. */
  written = 0;
  #file: number | undefined;
  #size = 0;
  /** The number of the newest file. */
  #newest = 0;
  #isCompressing = false;
  readonly #readers = new Set<LogPosition>();
  /** Files that were removed while somebody had not read them, by their numbers. */
  readonly #kept = new Map<number, Buffer>();

  constructor(path: string) {
    this.path = path;
  }

  /** Adds a line to the newest file, or to a new one if it is complete. */
  write(line: Buffer): void {
    const { size } = this.limits;
    let file = this.#file ?? this.#open();
    if (size !== undefined && this.#size >= size && !this.#isCompressing) {
      this.#rotate();
      file = this.#open();
    }
    writeSync(file, line);
    this.#size += line.length;
    this.written += line.length;
  }

  #open(): number {
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    const file = openSync(this.path, "a+", 0o600);
    endLine(file);
    this.#size = fstatSync(file).size;
    this.#file = file;
    return file;
  }

  /** Closes the newest file until the next line. */
  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  /** Removes the files, with their folder. */
  remove(): void {
    this.close();
    rmSync(dirname(this.path), { recursive: true, force: true });
  }

  /** Makes room at the path: moves every file to the next place, and removes the last one. */
  #rotate(): void {
    this.close();
    const { files, compress } = this.limits;
    this.#drop(files - 1);
    for (let place = files - 1; place > 0; place -= 1) {
      const from = this.#at(place - 1);
      if (from !== undefined) renameSync(from, this.#place(place) + (from.endsWith(".gz") ? ".gz" : ""));
    }
    this.#newest += 1;
    if (compress) this.#compress();
  }

  /** Removes the file that has no place any more. */
  #drop(place: number): void {
    const path = this.#at(place);
    if (path === undefined) return;
    const number = this.#newest - place;
    const behind = [...this.#readers].map(({ file }) => file);
    if (behind.some((file) => file <= number) && statSync(path).size <= MOST_KEPT) {
      const data = readFileSync(path);
      this.#kept.set(number, path.endsWith(".gz") ? gunzipSync(data) : data);
    }
    let room = MOST_KEPT;
    for (const [other, { length }] of [...this.#kept].reverse()) {
      room -= length;
      if (room < 0 || other < Math.min(...behind)) this.#kept.delete(other);
    }
    for (const suffix of ["", ".gz"]) rmSync(this.#place(place) + suffix, { force: true });
  }

  #compress(): void {
    const source = this.#place(1);
    const target = `${source}.gz`;
    const temporary = `${target}.tmp`;
    const finish = (): void => {
      renameSync(temporary, target);
      rmSync(source);
    };
    if (this.#size <= LARGEST_AT_ONCE) {
      writeFileSync(temporary, gzipSync(readFileSync(source)), { mode: 0o600 });
      finish();
      return;
    }
    this.#isCompressing = true;
    void piped(createReadStream(source), createGzip(), createWriteStream(temporary, { mode: 0o600 }))
      .then(finish)
      // the log may have been removed meanwhile; on a full disk, the file stays as it is
      .catch(() => rmSync(temporary, { force: true }))
      .finally(() => (this.#isCompressing = false));
  }

  /** The path of a place, without the suffix of compressed files. */
  #place(place: number): string {
    return place === 0 ? this.path : `${this.path}.${place}`;
  }

  /** The path of the file at a place, if there is one. While a file is being compressed, it is the one that is whole. */
  #at(place: number): string | undefined {
    const path = this.#place(place);
    return [path, `${path}.gz`].find((one) => statSync(one, { throwIfNoEntry: false }) !== undefined);
  }

  /** Begins to read at the oldest file. What the reader has not read is kept for it until {@link end}. */
  begin(): LogPosition {
    const prefix = `${basename(this.path)}.`;
    let names: string[] = [];
    if (statSync(dirname(this.path), { throwIfNoEntry: false })) names = readdirSync(dirname(this.path));
    const places = names.flatMap((name) => (name.startsWith(prefix) ? [Number.parseInt(name.slice(prefix.length), 10)] : []));
    const position = { file: this.#newest - Math.max(0, ...places), offset: 0 };
    this.#readers.add(position);
    return position;
  }

  /** Ends the reading. */
  end(position: LogPosition): void {
    this.#readers.delete(position);
    if (this.#readers.size === 0) this.#kept.clear();
  }

  /** Reads the complete lines, without their ends, that exist from a position on. */
  async *lines(position: LogPosition): AsyncGenerator<Buffer> {
    for (;;) {
      // what is written while it is read may be in a later file already
      const isNewest = position.file === this.#newest;
      let rest: Buffer[] = [];
      for await (const chunk of this.#chunks(position)) {
        let start = 0;
        for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
          const line = Buffer.concat([...rest, chunk.subarray(start, end)]);
          rest = [];
          start = end + 1;
          position.offset += line.length + 1;
          yield line;
        }
        if (start < chunk.length) rest.push(chunk.subarray(start));
      }
      if (isNewest) return;
      position.file += 1;
      position.offset = 0;
    }
  }

  /** Reads a file from a position on. It stays open if it is moved or removed meanwhile. */
  #chunks({ file, offset }: LogPosition): Iterable<Buffer> | AsyncIterable<Buffer> {
    const kept = this.#kept.get(file);
    if (kept) return [kept.subarray(offset)];
    const path = this.#at(this.#newest - file);
    if (path === undefined) return [];
    // opened at once: in a moment, another file may be at the path
    const fd = openSync(path, "r");
    if (!path.endsWith(".gz")) return createReadStream(path, { fd, start: offset }) as AsyncIterable<Buffer>;
    const unpacked = createGunzip();
    pipeline(createReadStream(path, { fd }), unpacked, () => undefined); // the reader gets the error
    return from(unpacked, offset);
  }
}

/** Yields chunks from a byte on. */
async function* from(chunks: AsyncIterable<Buffer>, offset: number): AsyncGenerator<Buffer> {
  let skipped = offset;
  for await (const chunk of chunks) {
    if (skipped < chunk.length) yield chunk.subarray(skipped);
    skipped = Math.max(0, skipped - chunk.length);
  }
}

/** Ends the last line of a file, if a crash has cut it off: what is written next must not belong to it. */
function endLine(file: number): void {
  const { size } = fstatSync(file);
  const last = Buffer.alloc(1, NEWLINE);
  if (size > 0) readSync(file, last, 0, 1, size - 1);
  if (last[0] !== NEWLINE) writeSync(file, "\n");
}
