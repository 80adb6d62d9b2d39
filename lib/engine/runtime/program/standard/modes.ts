import type { FileKind, FileStatus } from "../../../files/tree.js";

const kindLetters: Readonly<Record<FileKind, string>> = {
  file: "-",
  directory: "d",
  symlink: "l",
  fifo: "p",
  character: "c",
  block: "b",
  socket: "s",
};

/** The bits of the kinds in a mode of `stat(2)`. */
const kindBits: Readonly<Record<FileKind, number>> = {
  file: 0o100_000,
  directory: 0o040_000,
  symlink: 0o120_000,
  fifo: 0o010_000,
  character: 0o020_000,
  block: 0o060_000,
  socket: 0o140_000,
};

/** Returns a mode as `stat(2)` does: with the bits of the kind. */
export const fullMode = ({ kind, mode }: Pick<FileStatus, "kind" | "mode">): number => kindBits[kind] | mode;

/** Returns the letters for a mode, such as `-rw-r--r--`. */
export function modeText({ kind, mode }: Pick<FileStatus, "kind" | "mode">): string {
  const triple = (bits: number, isSpecial: boolean, letter: string): string => {
    const last = isSpecial ? (bits & 1 ? letter : letter.toUpperCase()) : bits & 1 ? "x" : "-";
    return `${bits & 4 ? "r" : "-"}${bits & 2 ? "w" : "-"}${last}`;
  };
  const owner = triple(mode >> 6, (mode & 0o4000) !== 0, "s");
  const group = triple(mode >> 3, (mode & 0o2000) !== 0, "s");
  return kindLetters[kind] + owner + group + triple(mode, (mode & 0o1000) !== 0, "t");
}

const who: Readonly<Record<string, number>> = { u: 0o4700, g: 0o2070, o: 0o0007, a: 0o7777 };

/** The umask of all programs. */
const UMASK = 0o022;

/** Returns the bits that a letter of a symbolic mode stands for, for all users. */
function bitsOf(letter: string, mode: number, isDirectory: boolean): number {
  switch (letter) {
    case "r":
      return 0o444;
    case "w":
      return 0o222;
    case "x":
      return 0o111;
    case "X":
      return isDirectory || (mode & 0o111) !== 0 ? 0o111 : 0;
    case "s":
      return 0o6000;
    case "t":
      return 0o1000;
    default: {
      const shift = { u: 6, g: 3, o: 0 }[letter] ?? 0;
      return ((mode >> shift) & 7) * 0o111;
    }
  }
}

/**
 * Applies a mode, octal or symbolic such as `u+x,go-w`, to that of a file.
 *
 * @returns undefined when the text is not a mode.
 */
export function changedMode(text: string, { kind, mode }: Pick<FileStatus, "kind" | "mode">): number | undefined {
  if (/^[0-7]{1,5}$/.test(text)) return Number.parseInt(text, 8) & 0o7777;
  let result = mode;
  for (const clause of text.split(",")) {
    const [, users = "", actions] = /^([ugoa]*)((?:[-+=][rwxXstugo]*)+)$/.exec(clause) ?? [];
    if (actions === undefined) return undefined;
    const named = Array.from(users).reduce((bits, letter) => bits | (who[letter] ?? 0), 0);
    const mask = named === 0 ? 0o7777 & ~UMASK : named;
    for (const [, operator, letters = ""] of actions.matchAll(/([-+=])([rwxXstugo]*)/g)) {
      const before = result;
      const bits = Array.from(letters).reduce((sum, letter) => sum | bitsOf(letter, before, kind === "directory"), 0) & mask;
      if (operator === "+") result |= bits;
      else if (operator === "-") result &= ~bits;
      else result = (result & ~(named === 0 ? 0o777 : named & (kind === "directory" ? 0o1777 : 0o7777))) | bits;
    }
  }
  return result;
}
