import { Readable, Writable } from "node:stream";
import { Changes } from "../../changes.js";
import type { TerminalSize } from "../executor.js";
import { Descriptor, DescriptorError } from "./descriptor.js";
import { DescriptorReadable } from "./descriptor-streams.js";
import { Pipe } from "./pipe.js";

/** The control characters of a terminal with usual settings. */
const control = {
  interrupt: 0x03,
  endOfInput: 0x04,
  backspace: 0x08,
  killLine: 0x15,
  eraseWord: 0x17,
  suspend: 0x1a,
  quit: 0x1c,
};
const erase = 0x7f;

/** The signals that control characters send. */
const signals: Readonly<Record<number, string>> = {
  [control.interrupt]: "SIGINT",
  [control.quit]: "SIGQUIT",
  [control.suspend]: "SIGTSTP",
};

/** Typed lines that were not read. An empty one is the end of input that ^D makes; what is typed afterwards can still be read. */
class TypedLines extends Descriptor {
  readonly #lines: Buffer[] = [];
  readonly #changes = new Changes();
  #ended = false;

  deliver(line: Buffer): void {
    this.#lines.push(line);
    this.#changes.wake();
  }

  end(): void {
    this.#ended = true;
    this.#changes.wake();
  }

  protected override async pull(signal?: AbortSignal): Promise<Buffer | undefined> {
    for (;;) {
      signal?.throwIfAborted();
      const line = this.#lines.shift();
      if (line) return line.length > 0 ? line : undefined;
      if (this.#ended) return undefined;
      await this.#changes.wait(signal);
    }
  }

  override async write(): Promise<void> {
    await Promise.reject(new DescriptorError("EBADF"));
  }

  protected override close(): void {
    this.end();
  }
}

/** The side of a terminal that processes read and write. */
class Slave extends Descriptor {
  readonly #terminal: Terminal;
  readonly #lines: Descriptor;
  readonly #output: Descriptor;

  constructor(terminal: Terminal, lines: Descriptor, output: Descriptor) {
    super();
    this.#terminal = terminal;
    this.#lines = lines;
    this.#output = output;
  }

  override get terminal(): TerminalSize {
    return this.#terminal.size;
  }

  protected override async pull(signal?: AbortSignal): Promise<Buffer | undefined> {
    return this.#lines.read(signal);
  }

  override async write(data: Uint8Array, signal?: AbortSignal): Promise<void> {
    await this.#output.write(this.#terminal.cooked(data), signal);
  }

  protected override close(): void {
    this.#lines.release();
    this.#output.release();
  }
}

/**
 * A terminal with a line discipline: it echoes what is typed, edits lines, sends signals for control characters and ends printed
 * lines with CR and LF.
 */
export class Terminal {
  /** Its size. */
  size: TerminalSize;
  /** Whether it echoes what is typed. */
  echo = true;
  /** Whether input is edited and delivered line by line. */
  canonical = true;
  /** Called with the signal that a control character or a change of size sends to the processes of the terminal. */
  onSignal: (signal: string) => void = () => undefined;
  /** The side that processes read and write. */
  readonly slave: Descriptor;
  /** What is typed. */
  readonly input: Writable;
  /** What is shown. */
  readonly output: Readable;
  readonly #typed = new TypedLines();
  readonly #shown = new Pipe();
  #line: number[] = [];

  constructor(size: TerminalSize) {
    this.size = size;
    this.slave = new Slave(this, this.#typed, this.#shown.writer);
    this.output = new DescriptorReadable(this.#shown.reader, undefined, () => this.#shown.reader.release());
    this.input = new Writable({
      write: (chunk: Buffer, _encoding, callback) => {
        this.#type(chunk).then(
          () => callback(),
          () => callback(),
        );
      },
      final: (callback) => {
        this.#flush();
        this.#typed.end();
        callback();
      },
    });
    this.input.on("error", () => undefined);
  }

  /** Changes the size and notifies the processes. */
  resize(size: TerminalSize): void {
    if (size.rows === this.size.rows && size.columns === this.size.columns) return;
    this.size = size;
    this.onSignal("SIGWINCH");
  }

  /** Returns output as it is shown. */
  cooked(data: Uint8Array): Buffer {
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    return bytes.includes(0x0a) ? Buffer.from(bytes.toString("latin1").replaceAll("\n", "\r\n"), "latin1") : bytes;
  }

  async #type(data: Buffer): Promise<void> {
    let echoed = "";
    for (const typed of data) echoed += this.#character(typed === 0x0d ? 0x0a : typed);
    if (this.echo && echoed !== "") await this.#shown.writer.write(this.cooked(Buffer.from(echoed, "latin1")));
  }

  /** Handles a character and returns what is shown for it. */
  #character(code: number): string {
    if (!this.canonical) {
      this.#typed.deliver(Buffer.from([code]));
      return String.fromCharCode(code);
    }
    const signal = signals[code];
    if (signal !== undefined) {
      this.#line = [];
      this.onSignal(signal);
      return `^${String.fromCharCode(code + 64)}`;
    }
    if (code === control.endOfInput) {
      this.#flush(true);
      return "";
    }
    if (code === control.killLine || code === control.eraseWord || code === control.backspace || code === erase)
      return this.#erase(code);
    this.#line.push(code);
    if (code === 0x0a) this.#flush();
    return code < 0x20 && code !== 0x0a && code !== 0x09 ? `^${String.fromCharCode(code + 64)}` : String.fromCharCode(code);
  }

  #erase(code: number): string {
    const line = this.#text();
    let kept = "";
    if (code === control.eraseWord) kept = line.replace(/\S*\s*$/, "");
    else if (code !== control.killLine) kept = Array.from(line).slice(0, -1).join("");
    this.#line = [...Buffer.from(kept)];
    // a character of several bytes is shown in one column
    return "\b \b".repeat(Array.from(line).length - Array.from(kept).length);
  }

  #text(): string {
    return Buffer.from(this.#line).toString();
  }

  #flush(evenEmpty = false): void {
    if (this.#line.length === 0 && !evenEmpty) return;
    this.#typed.deliver(Buffer.from(this.#line));
    this.#line = [];
  }
}
