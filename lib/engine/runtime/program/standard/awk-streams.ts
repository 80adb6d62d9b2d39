import { PassThrough, type Readable } from "node:stream";
import type { OpenFile } from "../../../files/tree.js";
import type { ChildProcess } from "../program.js";
import { type Command, Failure, reasonOf } from "./command.js";
import { Output, textOf } from "./output.js";

/** Splits input into records. */
export class RecordReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #text = "";
  #at = 0;
  #isEnded = false;

  constructor(chunks: AsyncIterator<Buffer>) {
    this.#chunks = chunks;
  }

  /**
   * Returns the next record without its separator, or undefined at the end.
   *
   * @param separator - a character, an empty string for paragraphs, or a regular expression.
   */
  async next(separator: string | RegExp): Promise<string | undefined> {
    if (separator === "") return await this.#paragraph();
    for (;;) {
      const found = this.#find(separator);
      if (found) {
        const record = this.#text.slice(this.#at, found.start);
        this.#at = found.end;
        return record;
      }
      if (this.#isEnded) return this.#rest();
      await this.#more();
    }
  }

  #find(separator: string | RegExp): { start: number; end: number } | undefined {
    if (typeof separator === "string") {
      const start = this.#text.indexOf(separator, this.#at);
      return start < 0 ? undefined : { start, end: start + separator.length };
    }
    const pattern = new RegExp(separator.source, "g");
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    // a match at the end of what is there may become longer
    if (!match || match[0] === "" || (!this.#isEnded && pattern.lastIndex === this.#text.length)) return undefined;
    return { start: match.index, end: pattern.lastIndex };
  }

  async #paragraph(): Promise<string | undefined> {
    for (;;) {
      while (this.#text[this.#at] === "\n") this.#at++;
      const end = this.#text.indexOf("\n\n", this.#at);
      if (end >= 0) {
        const record = this.#text.slice(this.#at, end);
        this.#at = end + 2;
        return record;
      }
      if (this.#isEnded) return this.#rest()?.replace(/\n$/, "");
      await this.#more();
    }
  }

  #rest(): string | undefined {
    if (this.#at >= this.#text.length) return undefined;
    const record = this.#text.slice(this.#at);
    this.#at = this.#text.length;
    return record;
  }

  async #more(): Promise<void> {
    const next = await this.#chunks.next();
    if (next.done) this.#isEnded = true;
    else this.#text = this.#text.slice(this.#at) + next.value.toString("latin1");
    if (!next.done) this.#at = 0;
  }
}

/** An output of an awk program. */
interface Target {
  write(bytes: string): Promise<void>;
  close(): Promise<number>;
}

/** The files and commands that an awk program reads and writes, by their names. */
export class AwkStreams {
  readonly #command: Command;
  readonly #targets = new Map<string, Target>();
  readonly #readers = new Map<string, { reader: RecordReader; close: () => Promise<number> }>();

  constructor(command: Command) {
    this.#command = command;
  }

  /** Writes to a file (`>` and `>>`) or a command (`|`). */
  async write(operator: string, name: string, bytes: string): Promise<void> {
    if (name === "/dev/stdout" || name === "-") this.#command.out.putBytes(bytes);
    else if (name === "/dev/stderr") this.#command.warn(textOf(bytes));
    else {
      let target = this.#targets.get(name);
      if (!target) {
        target = operator === "|" ? await this.#pipe(name) : await this.#file(name, operator);
        this.#targets.set(name, target);
      }
      await target.write(bytes);
    }
  }

  async #file(name: string, operator: string): Promise<Target> {
    let file: OpenFile;
    try {
      file = await this.#command.files.open(this.#command.path(textOf(name)), operator === ">>" ? "a" : "w");
    } catch (error) {
      throw new Failure(`can't redirect to '${name}': ${reasonOf(error)}`, 2);
    }
    return {
      write: (bytes) => file.write(Buffer.from(bytes, "latin1")),
      close: async () => {
        await file.close();
        return 0;
      },
    };
  }

  async #pipe(command: string): Promise<Target> {
    const stdin = new PassThrough();
    const child = await this.#shell(command, { stdin });
    const output = new Output(stdin, this.#command.context.signal);
    return {
      write: async (bytes) => {
        output.putBytes(bytes);
        await output.flush();
      },
      close: async () => {
        stdin.end();
        return typeof child === "number" ? child : await child.exited;
      },
    };
  }

  async #shell(command: string, options: { stdin?: Readable; stdout?: PassThrough }): Promise<ChildProcess | number> {
    return await this.#command.start(["sh", "-c", textOf(command)], options);
  }

  /** Runs a command, and returns its exit code. */
  async system(command: string): Promise<number> {
    await this.#command.out.flush();
    const child = await this.#shell(command, {});
    return typeof child === "number" ? child : await child.exited;
  }

  /** Returns what reads a file or the output of a command; undefined for a file that cannot be opened. */
  async reader(from: "file" | "command", name: string): Promise<RecordReader | undefined> {
    const known = this.#readers.get(name);
    if (known) return known.reader;
    if (from === "file") {
      const path = textOf(name);
      if (path !== "-" && (await this.#command.statusOf(path))?.kind === undefined) return undefined;
      const source = await this.#command.open(path);
      const reader = new RecordReader(this.#command.chunks(source));
      this.#readers.set(name, { reader, close: () => Promise.resolve(0) });
      return reader;
    }
    await this.#command.out.flush();
    const stdout = new PassThrough();
    const child = await this.#shell(name, { stdout });
    const exited = typeof child === "number" ? Promise.resolve(child) : child.exited;
    void exited.then(() => stdout.end());
    const reader = new RecordReader(this.#command.chunks(stdout));
    this.#readers.set(name, { reader, close: () => exited });
    return reader;
  }

  /** Closes a file or command. Returns its exit code, or -1 if it is not open. */
  async close(name: string): Promise<number> {
    const stream = this.#targets.get(name) ?? this.#readers.get(name);
    this.#targets.delete(name);
    this.#readers.delete(name);
    return stream ? await stream.close() : -1;
  }

  /** Closes all that is written. */
  async closeAll(): Promise<void> {
    for (const name of [...this.#targets.keys()]) await this.close(name);
  }
}
