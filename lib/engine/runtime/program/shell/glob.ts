import { posix } from "node:path";
import type { FileSystem } from "../../../files/file-system.js";
import { compilePattern, hasPattern, patternSource, type Segment } from "./pattern.js";

/** A part of a path between slashes. */
interface PathPart {
  readonly segments: readonly Segment[];
  readonly text: string;
}

function partsOf(segments: readonly Segment[]): PathPart[] {
  const parts: Segment[][] = [[]];
  for (const { text, quoted } of segments)
    text.split("/").forEach((piece, index) => {
      if (index > 0) parts.push([]);
      if (piece !== "") parts.at(-1)?.push({ text: piece, quoted });
    });
  return parts.map((part) => ({
    segments: part,
    text: part.map(({ text, quoted }) => (quoted ? text : unescaped(text))).join(""),
  }));
}

const unescaped = (text: string): string => text.replace(/\\([^])/g, "$1");

async function namesIn(files: FileSystem, folder: string, { segments, text }: PathPart): Promise<string[]> {
  const names = await files.list(folder).catch((): string[] => []);
  const pattern = compilePattern(`^(?:${patternSource(segments)})$`);
  const hidden = text.startsWith(".");
  const candidates = hidden ? [".", "..", ...names] : names;
  return candidates.filter((name) => (hidden || !name.startsWith(".")) && pattern.test(name));
}

/**
 * Returns the sorted paths that match a pattern.
 *
 * @param cwd - where relative paths start.
 */
export async function matchingPaths(files: FileSystem, cwd: string, pattern: readonly Segment[]): Promise<string[]> {
  let found = [""];
  const parts = partsOf(pattern);
  for (const [index, part] of parts.entries()) {
    const last = index === parts.length - 1;
    const next: string[] = [];
    for (const path of found) {
      const folder = posix.resolve(cwd, path === "" ? "." : path);
      const names = hasPattern(part.segments) ? await namesIn(files, folder, part) : [part.text];
      for (const name of names) {
        const whole = path + name;
        const place = posix.resolve(cwd, whole === "" ? (index === 0 && !last ? "/" : ".") : whole);
        if (last) {
          // a slash at the end asks for a folder
          const status = await (name === "" ? files.stat(place) : files.lstat(place)).catch(() => undefined);
          if (status && (name !== "" || status.kind === "directory")) next.push(whole);
        } else next.push(`${whole}/`);
      }
    }
    found = next;
  }
  return found.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
