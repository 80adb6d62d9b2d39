import type { Writable } from "node:stream";
import type { ProgressDetail, ProgressMessage } from "../types/progress.js";

const BAR = 50;

/** The widest terminal that has no room for bars. In columns. */
const NARROW = 110;

const units = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

/** Writes a number of bytes in decimal units with four significant digits at most. */
function bytes(count: number): string {
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${Number(value.toPrecision(4))}${units[unit] ?? ""}`;
}

/** Draws how far a step has come, as the docker command does: a bar where there is room and a total, and the figures. */
export function drawProgress(detail: ProgressDetail, columns: number): string {
  const { current = 0, total = 0, units: counted, hidecounts = false } = detail;
  if (current <= 0 && total <= 0) return "";
  const amount = counted ? String(current) : bytes(current).padStart(8);
  const suffix = counted ? ` ${counted}` : "";
  if (total <= 0) return `${amount}${suffix}`;
  const figures = `${amount}${current > total ? "" : `/${counted ? String(total) : bytes(total)}`}${suffix}`;
  const done = Math.min(Math.floor(Math.floor((current / total) * 100) / 2), BAR);
  const bar = columns > NARROW ? `[${"=".repeat(done)}>${" ".repeat(BAR - done)}] ` : "";
  return `${bar}${hidecounts ? "" : figures}`;
}

/** A stream that is a terminal. */
interface Terminal extends Writable {
  readonly columns?: number;
  readonly rows?: number;
}

/**
 * Makes text of progress messages. On a terminal every step has a line of its own, with a bar, that is drawn over as the
 * step goes on; elsewhere steps are told once and bars are left out.
 */
export class ProgressDisplay {
  readonly #output: Terminal;
  readonly #isTerminal: boolean;
  /** The line of each step, counted from the first line of the drawing. */
  readonly #lines = new Map<string, number>();

  /** @param output - where the text goes; a terminal when its `isTTY` is true. */
  constructor(output: Writable) {
    this.#output = output;
    this.#isTerminal = (output as { isTTY?: boolean }).isTTY === true; // terminals have it, other streams do not
  }

  /** Makes the text of a message; none when there is nothing to be shown. */
  render(message: ProgressMessage): string {
    const { id, stream, status, progressDetail, error, errorDetail } = message;
    // a failure is the caller's to report: the operation rejects with it
    if (error !== undefined || errorDetail !== undefined) return "";
    if (stream !== undefined) {
      this.#lines.clear();
      return stream;
    }
    if (status === undefined) return "";
    const columns = this.#output.columns ?? 200;
    const bar = progressDetail ? drawProgress(progressDetail, columns) : "";
    if (!this.#isTerminal) return bar === "" ? `${id ? `${id}: ` : ""}${status}\n` : "";
    const text = `${id ? `${id}: ` : ""}${status}${bar === "" ? "" : ` ${bar}`}`;
    // a step that has neither an id nor a measure is told like any other text
    if (!id || (!progressDetail && !this.#lines.has(id))) {
      this.#lines.clear();
      return `${text}\n`;
    }
    // a line that wraps would be two
    return this.#draw(id, text.slice(0, columns - 1));
  }

  #draw(id: string, text: string): string {
    const line = this.#lines.get(id);
    if (line === undefined) {
      this.#lines.set(id, this.#lines.size);
      return `${text}\n`;
    }
    const up = this.#lines.size - line;
    // what has been scrolled out of the terminal cannot be drawn over
    if (up >= (this.#output.rows ?? Infinity)) return "";
    return `\u001B[${up}A\r\u001B[2K${text}\r\u001B[${up}B`;
  }
}
