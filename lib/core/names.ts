/** Groups of names that mean the same thing in the options of different methods and of other clients. */
const synonyms: readonly (readonly string[])[] = [
  ["id", "container", "name", "containerid"],
  ["image", "repository", "name", "repo", "fromimage", "images", "names"],
  ["command", "cmd", "args"],
  ["path", "resource", "file", "src", "source", "dest"],
  ["tag", "tags", "name"],
  ["env", "environment", "environ"],
  ["workingdir", "workdir", "cwd"],
  ["auth", "authconfig", "credentials"],
  ["hostconfig", "host"],
  ["driveropts", "options", "opts"],
];

const plain = (name: string): string => name.toLowerCase().replaceAll(/[-_]/g, "");

/** Returns the number of edits that turn one name into the other: letters inserted, removed, replaced, or swapped with a neighbour. */
function distance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwap = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current[column] = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
        isSwap ? (beforeLast[column - 2] ?? 0) + 1 : Infinity,
      );
    }
    [beforeLast, last] = [last, current];
  }
  return last[to.length] ?? 0;
}

/** Returns the known name that is the same apart from case and separators. */
export const sameName = (name: string, known: readonly string[]): string | undefined =>
  known.find((one) => plain(one) === plain(name));

/** Returns the known name that a misspelled or similar name most likely means; undefined when none is close. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const wanted = plain(name);
  const same = sameName(name, known);
  if (same !== undefined) return same;
  const group = synonyms.find((names) => names.includes(wanted) && known.some((one) => names.includes(plain(one))));
  if (group) return group.map((one) => known.find((candidate) => plain(candidate) === one)).find((one) => one !== undefined);
  const extended = (one: string): boolean => one.length >= 4 && wanted.startsWith(plain(one));
  // a name with a suffix, such as a unit, is closer than its number of edits suggests
  const scored = known.map((one) => {
    const edits = distance(wanted, plain(one));
    return { one, edits, score: extended(one) ? edits - 1 : edits };
  });
  const near = scored.toSorted((a, b) => a.score - b.score)[0];
  if (near && (extended(near.one) || near.edits <= Math.max(1, Math.floor(wanted.length / 3)))) return near.one;
  return wanted.length < 4 ? undefined : known.find((one) => plain(one).startsWith(wanted));
}

/** The maximum number of names that a message lists. */
const MOST_NAMES = 12;

/** Returns the end of a message about an unknown name: the nearest known name, or else all known names. */
export function suggestion(name: string, known: readonly string[]): string {
  const near = nearestName(name, known);
  if (near !== undefined) return `: did you mean "${near}"?`;
  if (known.length === 0) return "";
  return ` (known options: ${known.slice(0, MOST_NAMES).join(", ")}${known.length > MOST_NAMES ? ", …" : ""})`;
}
