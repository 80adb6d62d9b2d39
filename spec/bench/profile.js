// Evaluates a CPU profile written by Node.

import { existsSync, readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";

const maps = new Map();

function mapOf(path) {
  if (!maps.has(path)) {
    const file = `${path}.map`;
    maps.set(path, existsSync(file) ? new SourceMap(JSON.parse(readFileSync(file, "utf8"))) : undefined);
  }
  return maps.get(path);
}

/** Returns a function's location, in the source if there is a source map. */
function place({ url, lineNumber, columnNumber }) {
  if (!url.startsWith("file:")) return url;
  const path = fileURLToPath(url);
  const entry = mapOf(path)?.findEntry(lineNumber, columnNumber);
  if (entry?.originalSource) return `${entry.originalSource.replace(/^(\.\.\/)+/, "")}:${entry.originalLine + 1}`;
  return `${relative(process.cwd(), path)}:${lineNumber + 1}`;
}

/**
 * Returns the functions with the most self time.
 *
 * @param {string} file - a `.cpuprofile`.
 * @param {number} count - number of functions to return.
 */
export function topFunctions(file, count) {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, "utf8"));
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const spent = new Map();
  let total = 0;
  samples.forEach((id, index) => {
    const frame = frames.get(id);
    if (frame.functionName === "(idle)") return;
    const key = `${frame.functionName || "(anonymous)"} ${place(frame)}`;
    spent.set(key, (spent.get(key) ?? 0) + timeDeltas[index]);
    total += timeDeltas[index];
  });
  const sorted = [...spent].sort(([, a], [, b]) => b - a).slice(0, count);
  return sorted.map(
    ([key, micros]) =>
      `${((100 * micros) / total).toFixed(1).padStart(5)} % ${(micros / 1000).toFixed(0).padStart(7)} ms  ${key}`,
  );
}
