/** A message about the progress of a load, pull or push, as the engine streams it. */
export interface ProgressMessage {
  /** What happens. */
  readonly status?: string;
  /** The layer or the tag that it happens to. */
  readonly id?: string;
  /** How far it is. Empty without numbers. */
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
  /** The same, drawn. */
  readonly progress?: string;
  /** Text that is printed unchanged. */
  readonly stream?: string;
  /** Data for programs. */
  readonly aux?: unknown;
}

/** Receives the messages of an operation. */
export type ReportProgress = (message: ProgressMessage) => void;

const BAR = 50;

/** The least number of bytes between two messages. */
const STEP = 512 * 1024;

const units = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

/** Formats a number of bytes with four significant digits, such as `1.984MB`. */
function humanSize(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${Number(size.toPrecision(4))}${units[unit] ?? ""}`;
}

/** Draws a progress bar as Docker does. */
function drawProgress(current: number, total: number): string {
  if (total <= 0) return humanSize(current).padStart(8);
  const done = Math.min(BAR, Math.floor(Math.floor((current / total) * 100) / 2));
  const numbers = humanSize(current).padStart(8) + (current > total ? "" : `/${humanSize(total)}`);
  return `[${"=".repeat(done)}>${" ".repeat(BAR - done)}] ${numbers}`;
}

/** Returns the message about a transfer. */
export const transferMessage = (status: string, id: string, current: number, total: number): ProgressMessage => ({
  status,
  progressDetail: { current, ...(total > 0 && { total }) },
  progress: drawProgress(current, total),
  id,
});

/**
 * Passes content on and reports how much has passed: now and then, and at the end.
 *
 * @param source - the content.
 * @param report - receives the number of bytes.
 */
export async function* counted(
  source: AsyncIterable<Buffer>,
  report: (current: number) => void,
): AsyncGenerator<Buffer, void, undefined> {
  let current = 0;
  let reported = 0;
  for await (const chunk of source) {
    current += chunk.length;
    yield chunk;
    if (current - reported < STEP) continue;
    report(current);
    reported = current;
  }
  if (current > reported) report(current);
}

/** Returns the 12 characters of a digest or ID that Docker shows. */
export const shortId = (id: string): string => id.replace(/^sha256:/, "").slice(0, 12);
