const RULE = "-".repeat(20);

/** How many lines are shown around the failed one, each counted together with the round that adds it. */
const AROUND_ONE = 4;
const AROUND_SEVERAL = 2;

/**
 * Returns the lines of a Dockerfile where a build failed, and some around them, as the docker command prints them.
 *
 * @param file - the name of the Dockerfile.
 * @param content - its content.
 * @param first - the first line, starting at 1.
 * @param last - the last line.
 */
export function sourceExcerpt(file: string, content: string, first: number, last: number): string {
  const lines = content.split("\n");
  if (lines.at(-1) === "") lines.pop();
  let [start, end] = [Math.max(1, first), Math.min(last, lines.length)];
  const most = end > start ? AROUND_SEVERAL : AROUND_ONE;
  for (let counted = 0; counted < most; counted++) {
    if (start > 1) {
      start -= 1;
      counted += 1;
    }
    if (end < lines.length) {
      end += 1;
      counted += 1;
    }
  }
  const shown = lines.slice(start - 1, end).map((text, index) => {
    const line = start + index;
    return ` ${String(line).padStart(3)} | ${line >= first && line <= last ? ">>>" : "   "} ${text}`;
  });
  return [`${file}:${first}`, RULE, ...shown, RULE].join("\n");
}
