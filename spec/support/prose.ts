import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { top } from "./installed-package.js";

/** A code block in a page. */
export interface Block {
  /** The number of the line where it starts. */
  line: number;
  /** The language after the opening fence. */
  language: string;
  content: string;
  /** The text of the HTML comment right before it. */
  note: string | undefined;
}

/** Returns the code blocks of a page. */
export async function codeBlocks(page: string): Promise<Block[]> {
  const text = await readFile(join(top, page), "utf8");
  return [...text.matchAll(/(?:^<!--\s*(.*?)\s*-->\n\n)?^```(\w*)\n(.*?)^```$/gms)].map((match) => {
    const [, note, language = "", content = ""] = match;
    return { line: text.slice(0, match.index).split("\n").length, language, content, note };
  });
}

/** Returns a region of an example without its common indentation. */
export async function regionOf(file: string, name: string): Promise<string> {
  const text = await readFile(join(top, file), "utf8");
  const region = new RegExp(`^ *// #region ${name}\\n(.*?)^ *// #endregion`, "ms").exec(text)?.[1];
  if (region === undefined) throw new Error(`${file} has no region ${name}`);
  const lines = region.split("\n");
  const depths = lines.filter((line) => line !== "").map((line) => /^ */.exec(line)?.[0].length ?? 0);
  const depth = Math.min(...depths);
  return lines.map((line) => line.slice(depth)).join("\n");
}
