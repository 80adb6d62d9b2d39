// Runs one kind in a separate process, so that run.ts detects a hang or a crash.

import { parseArgs } from "node:util";
import fc, { type RunDetails } from "fast-check";
import { kinds } from "./kinds/index.js";

/** The report of a process at its end. */
export interface Report {
  about: string;
  inputs: number;
  outcomes: [string, number][];
  finding?: { seed: number; text: string } | undefined;
}

/** Inputs of one seed. A finding in any of them can be repeated with this seed. */
const BATCH = 1_000;

/** The time for finding a smaller input with the same fault, in milliseconds. */
const SHRINKING = 30_000;

const { values } = parseArgs({ options: { kind: { type: "string" }, seed: { type: "string" }, seconds: { type: "string" } } });
const seed = Number(values.seed);
const end = Date.now() + Number(values.seconds) * 1_000;

const create = kinds[values.kind ?? ""];
if (!create) throw new Error(`no kind ${values.kind ?? ""}`);
const kind = await create();

/** Looks for a smaller input with the same fault, and describes it. */
async function described(failed: RunDetails<unknown>, seedOfBatch: number): Promise<string> {
  const again = await fc.check(kind.property, {
    seed: seedOfBatch,
    path: failed.counterexamplePath ?? "",
    numRuns: 1,
    interruptAfterTimeLimit: SHRINKING,
  });
  const { counterexample, errorInstance } = again.counterexample === null ? failed : again;
  const error = errorInstance instanceof Error ? (errorInstance.stack ?? errorInstance.message) : String(errorInstance);
  return `input ${fc.stringify(counterexample)}\n${error}`;
}

const report: Report = { about: kind.about, inputs: 0, outcomes: [] };
for (let batch = 0; Date.now() < end || batch === 0; batch += 1) {
  const seedOfBatch = (seed + batch * 7_919) | 0;
  process.send?.({ batch: seedOfBatch });
  const result = await fc.check(kind.property, {
    seed: seedOfBatch,
    numRuns: BATCH,
    endOnFailure: true,
    interruptAfterTimeLimit: Math.max(end - Date.now(), 1_000),
  });
  report.inputs += result.numRuns;
  // a batch that ran out of time has not failed
  if (!result.failed || result.counterexample === null) continue;
  report.finding = { seed: seedOfBatch, text: await described(result, seedOfBatch) };
  break;
}
await kind.close();
report.outcomes = [...kind.outcomes];
process.send?.({ report }, () => process.exit());
