/** Lines that differ: those from `from` up to `to` of the old file become those of the new file. */
export interface Hunk {
  readonly old: readonly [from: number, to: number];
  readonly new: readonly [from: number, to: number];
}

/** Returns for each diagonal how far a search came, step by step, until both ends are reached. */
function search(a: readonly string[], b: readonly string[]): Map<number, number>[] {
  const steps: Map<number, number>[] = [];
  let reached = new Map<number, number>([[1, 0]]);
  for (let distance = 0; ; distance++) {
    const next = new Map<number, number>();
    for (let diagonal = -distance; diagonal <= distance; diagonal += 2) {
      const [below = -1, above = -1] = [reached.get(diagonal - 1), reached.get(diagonal + 1)];
      let x = diagonal === -distance || (diagonal !== distance && below < above) ? above : below + 1;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++;
      next.set(diagonal, x);
      if (x >= a.length && x - diagonal >= b.length) {
        steps.push(next);
        return steps;
      }
    }
    steps.push(next);
    reached = next;
  }
}

/** Returns the pairs of equal lines, in order, by the shortest way from one list to the other. */
function commonLines(a: readonly string[], b: readonly string[]): (readonly [number, number])[] {
  const steps = search(a, b);
  const pairs: (readonly [number, number])[] = [];
  let x = a.length;
  let y = b.length;
  for (let distance = steps.length - 1; distance > 0; distance--) {
    const before = steps[distance - 1];
    const diagonal = x - y;
    const [below = -1, above = -1] = [before?.get(diagonal - 1), before?.get(diagonal + 1)];
    const previous = diagonal === -distance || (diagonal !== distance && below < above) ? diagonal + 1 : diagonal - 1;
    const fromX = before?.get(previous) ?? 0;
    const fromY = fromX - previous;
    while (x > fromX && y > fromY) pairs.push([--x, --y]);
    x = fromX;
    y = fromY;
  }
  while (x > 0 && y > 0) pairs.push([--x, --y]);
  return pairs.reverse();
}

/** Returns where two lists of lines differ. */
export function differences(a: readonly string[], b: readonly string[]): Hunk[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const [oldPart, newPart] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const hunks: Hunk[] = [];
  let [x, y] = [0, 0];
  for (const [i, j] of [...commonLines(oldPart, newPart), [oldPart.length, newPart.length] as const]) {
    if (i > x || j > y) hunks.push({ old: [x + start, i + start], new: [y + start, j + start] });
    [x, y] = [i + 1, j + 1];
  }
  return hunks;
}

const rangeText = (from: number, count: number): string => {
  if (count === 1) return String(from + 1);
  return `${count === 0 ? from : from + 1},${count}`;
};

/**
 * Returns the differences in the unified format, as lines with their ends.
 *
 * @param context - the number of equal lines that are shown around.
 */
export function unified(a: readonly string[], b: readonly string[], hunks: readonly Hunk[], context: number): string {
  let text = "";
  for (let at = 0; at < hunks.length;) {
    let end = at + 1;
    while (end < hunks.length && (hunks[end]?.old[0] ?? 0) - (hunks[end - 1]?.old[1] ?? 0) <= 2 * context) end++;
    const group = hunks.slice(at, end);
    at = end;
    const [first, last] = [group[0], group.at(-1)];
    if (!first || !last) break;
    const start = Math.max(first.old[0] - context, 0);
    const stop = Math.min(last.old[1] + context, a.length);
    const newStart = first.new[0] - (first.old[0] - start);
    const newStop = last.new[1] + (stop - last.old[1]);
    text += `@@ -${rangeText(start, stop - start)} +${rangeText(newStart, newStop - newStart)} @@\n`;
    const put = (mark: string, lines: readonly string[]): void => {
      for (const line of lines) text += line.endsWith("\n") ? mark + line : `${mark}${line}\n\\ No newline at end of file\n`;
    };
    let position = start;
    for (const hunk of group) {
      put(" ", a.slice(position, hunk.old[0]));
      put("-", a.slice(...hunk.old));
      put("+", b.slice(...hunk.new));
      position = hunk.old[1];
    }
    put(" ", a.slice(position, stop));
  }
  return text;
}
