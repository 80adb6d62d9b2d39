import { Writable } from "node:stream";

/** The part of a terminal that progress needs: lines that wrap and scroll, and a movable cursor. */
export class Screen extends Writable {
  readonly isTTY = true;
  readonly columns: number;
  readonly rows: number;
  /** How many lines were wider than the terminal. */
  wraps = 0;
  readonly #gone: string[] = [];
  #lines: string[][] = [[]];
  #row = 0;
  #column = 0;

  constructor(columns: number, rows: number) {
    super({ decodeStrings: false });
    this.columns = columns;
    this.rows = rows;
  }

  /** Every line without trailing spaces, including the lines that have scrolled off the screen. */
  get lines(): string[] {
    return [...this.#gone, ...this.#lines.map((line) => line.join("").trimEnd())];
  }

  override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: () => void): void {
    // eslint-disable-next-line no-control-regex -- terminals are controlled by escape sequences
    for (const [token] of chunk.toString().matchAll(/\u001b\[[\d;]*[A-Za-z]|[^]/gu)) this.#take(token);
    done();
  }

  #take(token: string): void {
    if (token === "\n") this.#newline();
    else if (token === "\r") this.#column = 0;
    else if (token.length > 1 && token.startsWith("\u001b")) this.#control(token);
    else this.#print(token);
  }

  #newline(): void {
    this.#column = 0;
    this.#row += 1;
    if (this.#row >= this.rows) {
      this.#gone.push((this.#lines.shift() ?? []).join("").trimEnd());
      this.#row -= 1;
    }
    this.#lines[this.#row] ??= [];
  }

  #print(character: string): void {
    if (this.#column >= this.columns) {
      this.wraps += 1;
      this.#newline();
    }
    const line = (this.#lines[this.#row] ??= []);
    while (line.length < this.#column) line.push(" ");
    line[this.#column] = character;
    this.#column += 1;
  }

  #control(token: string): void {
    const count = Number(token.slice(2, -1) || 0);
    const line = (this.#lines[this.#row] ??= []);
    switch (token.at(-1)) {
      case "A":
        this.#row = Math.max(0, this.#row - Math.max(1, count));
        break;
      case "B":
        this.#row = Math.min(this.rows - 1, this.#row + Math.max(1, count));
        break;
      case "K":
        if (count === 2) this.#lines[this.#row] = [];
        else line.length = Math.min(line.length, this.#column);
        break;
      default:
        throw new Error(`the screen does not know ${JSON.stringify(token)}`);
    }
  }
}
