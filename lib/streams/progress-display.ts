import type { Writable } from "node:stream";
import type { ProgressDetail, ProgressMessage } from "../types/progress.js";

const BAR = 50;

/** The width, in columns, up to which a terminal has no room for bars. */
const NARROW = 110;

const units = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

/** Formats a number of bytes in decimal units with at most four significant digits. */
function bytes(count: number): string {
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${Number(value.toPrecision(4))}${units[unit] ?? ""}`;
}

/** Draws the progress of a step as the docker command does: the figures, and a bar if there is a total and enough room. */
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

/** A terminal stream. */
interface Terminal extends Writable {
  readonly columns?: number;
  readonly rows?: number;
}

/**
 * Formats progress messages. On a terminal every step has its own line with a bar, which is redrawn as the step advances;
 * elsewhere each step is written once, without bars.
 */
export class ProgressDisplay {
  readonly #output: Terminal;
  readonly #isTerminal: boolean;
  /** The line of each step, counted from the first line drawn. */
  readonly #lines = new Map<string, number>();

  /** @param output - the destination; a terminal if its `isTTY` is true. */
  constructor(output: Writable) {
    this.#output = output;
    this.#isTerminal = (output as { isTTY?: boolean }).isTTY === true; // only terminals have it
  }

  /** Formats a message; returns an empty string if there is nothing to show. */
  render(message: ProgressMessage): string {
    const { id, stream, status, progressDetail, error, errorDetail } = message;
    // the operation rejects with the failure, so the caller reports it
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
    // a message without an ID or figures is plain text
    if (!id || (!progressDetail && !this.#lines.has(id))) {
      this.#lines.clear();
      return `${text}\n`;
    }
    // a wrapped line would occupy two lines
    return this.#draw(id, text.slice(0, columns - 1));
  }

  #draw(id: string, text: string): string {
    const line = this.#lines.get(id);
    if (line === undefined) {
      this.#lines.set(id, this.#lines.size);
      return `${text}\n`;
    }
    const up = this.#lines.size - line;
    // lines that have scrolled out of the terminal cannot be redrawn
    if (up >= (this.#output.rows ?? Infinity)) return "";
    return `\u001B[${up}A\r\u001B[2K${text}\r\u001B[${up}B`;
  }
}
