import { clearLine, moveCursor } from "node:readline";
import type { Writable } from "node:stream";
import type { ProgressDetail, ProgressMessage } from "../types/progress.js";

const BAR = 50;
const NARROW = 110;

const units = ["B", "kB", "MB", "GB", "TB"] as const;

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

/** Draws how far a step has come: a bar where there is room and a total, and the figures. */
export function drawProgress(detail: ProgressDetail, columns: number): string {
  const { current = 0, total = 0, units: counted } = detail;
  if (current <= 0 && total <= 0) return "";
  const amount = (count: number) => (counted ? String(count) : bytes(count));
  const suffix = counted ? ` ${counted}` : "";
  if (total <= 0 || current > total) return `${amount(current)}${suffix}`;
  const figures = detail.hidecounts ? "" : `${amount(current)}/${amount(total)}${suffix}`;
  if (columns < NARROW) return figures;
  const done = Math.floor((current / total) * BAR);
  const bar = done >= BAR ? "=".repeat(BAR) : `${"=".repeat(done)}>`;
  return `[${bar.padEnd(BAR)}] ${figures}`.trimEnd();
}

/** A stream that is a terminal. */
interface Terminal extends Writable {
  readonly columns?: number;
}

/**
 * Writes progress messages as text. On a terminal every step has a line of its own, with a bar, that is drawn over as the
 * step goes on; elsewhere steps are told once and bars are left out.
 */
export class ProgressDisplay {
  readonly #output: Terminal;
  readonly #isTerminal: boolean;
  /** The line of each step, counted from the first line of the drawing. */
  readonly #lines = new Map<string, number>();

  /** @param output - where to write; a terminal when its `isTTY` is true. */
  constructor(output: Writable) {
    this.#output = output;
    this.#isTerminal = (output as { isTTY?: boolean }).isTTY === true; // terminals have it, other streams do not
  }

  /** Writes a message. */
  write(message: ProgressMessage): void {
    const { id, stream, progressDetail, error, errorDetail } = message;
    // a failure is the caller's to report: the operation rejects with it
    if (error !== undefined || errorDetail !== undefined) return;
    if (stream !== undefined) {
      this.#lines.clear();
      this.#output.write(stream);
      return;
    }
    const { status } = message;
    if (status === undefined) return;
    const columns = this.#output.columns ?? 200;
    const bar = progressDetail ? drawProgress(progressDetail, columns) : "";
    if (!this.#isTerminal) {
      if (bar === "") this.#output.write(`${id ? `${id}: ` : ""}${status}\n`);
      return;
    }
    const text = `${id ? `${id}: ` : ""}${status}${bar === "" ? "" : ` ${bar}`}`;
    // a step that has neither an id nor a measure is told like any other text
    if (!id || (!progressDetail && !this.#lines.has(id))) {
      this.#lines.clear();
      this.#output.write(`${text}\n`);
    } else {
      this.#draw(id, text.slice(0, columns - 1));
    }
  }

  #draw(id: string, text: string): void {
    const line = this.#lines.get(id);
    if (line === undefined) {
      this.#lines.set(id, this.#lines.size);
      this.#output.write(`${text}\n`);
      return;
    }
    const up = this.#lines.size - line;
    moveCursor(this.#output, 0, -up);
    clearLine(this.#output, 0);
    this.#output.write(`\r${text}\r`);
    moveCursor(this.#output, 0, up);
  }
}
