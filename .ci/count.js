// @ts-check
// Prints the number of passed, failed and skipped specs: `node .ci/count.js REPORT...`, with reports of vitest's JSON reporter.
// A missing report counts as one failure, and so does a file that failed outside its specs.

import { existsSync, readFileSync } from "node:fs";

/** @typedef {{ testResults: { status: string, assertionResults: { status: string }[] }[] }} Report */

/** @type {(path: string) => Report} */
const read = (path) => JSON.parse(readFileSync(path, "utf8"));

/** @type {(path: string) => string[]} */
const outcomes = (path) =>
  existsSync(path)
    ? read(path).testResults.flatMap(({ status, assertionResults }) => {
        const own = assertionResults.map((spec) => spec.status);
        return status === "failed" && !own.includes("failed") ? [...own, "failed"] : own;
      })
    : ["failed"];

const all = process.argv.slice(2).flatMap(outcomes);
const passed = all.filter((outcome) => outcome === "passed").length;
const failed = all.filter((outcome) => outcome === "failed").length;
console.log(`${passed} passed, ${failed} failed, ${all.length - passed - failed} skipped`);
process.exitCode = failed === 0 ? 0 : 1;
