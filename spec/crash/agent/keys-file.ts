import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import type { Asked } from "./calls.js";

/** A line of the file of idempotency keys. */
interface Line {
  readonly key: string;
  readonly request?: string;
  readonly outcome?: { readonly result?: unknown };
}

const digest = (key: string): string => createHash("sha256").update(key).digest("hex").slice(0, 32);

/**
 * Checks the file of idempotency keys that a dead agent has left.
 *
 * @returns what is wrong: lines that are torn but the last one, keys that were never used or are legible, and outcomes that callers
 * got and the file lacks.
 */
export async function checkKeys(file: string, asked: readonly Asked[]): Promise<string[]> {
  const faults: string[] = [];
  const text = await readFile(file, "utf8");
  const { mode } = await stat(file);
  if ((mode & 0o777) !== 0o600) faults.push(`the keys have mode ${(mode & 0o777).toString(8)}`);
  if (text.includes("key-of-")) faults.push("the file of keys holds a key");
  const known = new Set(asked.map(({ key }) => digest(key)));
  const outcomes = new Map<string, string>();
  const begun = new Set<string>();
  const lines = text.split("\n");
  for (const [index, line] of lines.entries()) {
    if (line === "") continue;
    let read: Line;
    try {
      read = JSON.parse(line) as Line;
    } catch {
      if (index < lines.length - 1) faults.push(`line ${index + 1} of the keys is torn: ${line.slice(0, 100)}`);
      continue;
    }
    if (!known.has(read.key)) faults.push(`the key ${read.key} was never used`);
    if (read.request !== undefined) begun.add(read.key);
    else if (!begun.has(read.key)) faults.push(`the key ${read.key} has an outcome, but did not begin`);
    if (read.outcome) outcomes.set(read.key, JSON.stringify(read.outcome.result));
  }
  for (const { kind, id, key, outcome } of asked)
    if (outcome !== undefined && !outcome.startsWith("refused") && outcomes.get(digest(key)) !== outcome)
      faults.push(`${kind} ${id} was answered, but the keys have ${outcomes.get(digest(key)) ?? "no outcome"}`);
  return faults;
}

/** Returns the label of the containers that a call with a key has created. */
export const labelOf = digest;
