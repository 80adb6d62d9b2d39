/** What a log with lines of consecutive numbers has lost. */
export interface LineCount {
  /** The whole lines. */
  readonly lines: number;
  /** The places at which numbers are missing. */
  readonly gaps: number;
  /** The lines that are missing, those included of which only a part is there. */
  readonly lost: number;
  /** The bytes of the largest gap. */
  readonly widest: number;
  /** Lines that are there twice or in another order. */
  readonly misplaced: number;
}

/** Formats the line with a number, as {@link countLines} expects it. */
export const numberedLine = (number: number | string): string => `line ${number} of many`;

const whole = /^line (\d+) of many$/;

/** Counts the lines of a log that begins with number 1 and has no gap at its end. */
export function countLines(log: string): LineCount {
  let [last, lines, gaps, lost, widest, misplaced] = [0, 0, 0, 0, 0, 0];
  for (const line of log.split("\n")) {
    const number = Number(whole.exec(line)?.[1]);
    if (Number.isNaN(number)) continue; // a part of a line, whose number is missing then
    lines += 1;
    if (number <= last) misplaced += 1;
    else if (number > last + 1) {
      const missing = number - last - 1;
      gaps += 1;
      lost += missing;
      widest = Math.max(widest, missing * (numberedLine(number).length + 1));
    }
    last = Math.max(last, number);
  }
  return { lines, gaps, lost, widest, misplaced };
}
