import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { top } from "./installed-package.js";

/** A block of code in a page. */
export interface Block {
  /** Number of its first line in the page. */
  line: number;
  /** The language that it is marked with. */
  language: string;
  content: string;
  /** The text of the HTML comment right before it. */
  note: string | undefined;
}

/** Finds the blocks of code of a page. */
export async function codeBlocks(page: string): Promise<Block[]> {
  const text = await readFile(join(top, page), "utf8");
  return [...text.matchAll(/(?:^<!--\s*(.*?)\s*-->\n\n)?^```(\w*)\n(.*?)^```$/gms)].map((match) => {
    const [, note, language = "", content = ""] = match;
    return { line: text.slice(0, match.index).split("\n").length, language, content, note };
  });
}

/** The part of an example that a page shows, with its own indentation taken away. */
export async function regionOf(file: string, name: string): Promise<string> {
  const text = await readFile(join(top, file), "utf8");
  const region = new RegExp(`^ *// #region ${name}\\n(.*?)^ *// #endregion`, "ms").exec(text)?.[1];
  if (region === undefined) throw new Error(`${file} has no region ${name}`);
  const lines = region.split("\n");
  const depths = lines.filter((line) => line !== "").map((line) => /^ */.exec(line)?.[0].length ?? 0);
  const depth = Math.min(...depths);
  return lines.map((line) => line.slice(depth)).join("\n");
}
