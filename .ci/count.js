// @ts-check
// Prints the failed specs, and the number of passed, failed and skipped specs: `node .ci/count.js REPORT...`, where vitest's JSON
// reporter has written each report. A missing report counts as one failure, and so does a file that failed outside its specs.

import { existsSync, readFileSync } from "node:fs";

/** @typedef {{ fullName: string, status: string, failureMessages?: string[] }} Spec */
/** @typedef {{ testResults: { name: string, status: string, message?: string, assertionResults: Spec[] }[] }} Report */

/** The number of lines of a failure to print. */
const LINES = 12;

/** @type {(path: string) => Report} */
const read = (path) => JSON.parse(readFileSync(path, "utf8"));

/** @type {(path: string) => Spec[]} */
const specs = (path) =>
  existsSync(path)
    ? read(path).testResults.flatMap(({ name, status, message = "", assertionResults }) => {
        const failsOutside = status === "failed" && !assertionResults.some((spec) => spec.status === "failed");
        return failsOutside ? [...assertionResults, { fullName: name, status, failureMessages: [message] }] : assertionResults;
      })
    : [{ fullName: path, status: "failed", failureMessages: ["the report is missing"] }];

const all = process.argv.slice(2).flatMap(specs);
for (const { fullName, status, failureMessages = [] } of all) {
  if (status === "failed")
    console.log(`failed: ${fullName}\n${failureMessages.join("\n").split("\n").slice(0, LINES).join("\n")}\n`);
}
const passed = all.filter(({ status }) => status === "passed").length;
const failed = all.filter(({ status }) => status === "failed").length;
console.log(`${passed} passed, ${failed} failed, ${all.length - passed - failed} skipped`);
process.exitCode = failed === 0 ? 0 : 1;
