// Introduces small faults into the package, one at a time, and reports those that no nearby spec detects:
//
//   npm run test:mutation                                     forty mutants of each of four folders, a random seed
//   npm run test:mutation -- --seed 7 --count 100             with this seed and number
//   npm run test:mutation -- --folder lib/auth,lib/archive    mutants of these folders
//   npm run test:mutation -- --at lib/streams/body.ts:33      every mutant of this line
//   npm run test:mutation -- --also spec/project/leaks        with additional specs; by default only those of the same folder
//
// A mutant drops a call or an assignment, negates a condition, changes an operator, adds one to a number, or returns undefined.
// It has to compile. A failing spec, an unhandled error or a hang kills it. A survivor is equivalent to the original, or shows
// unnecessary code or a gap in the specs. Survivors are not a failure: the exit code is 1 only if the run is impossible, for
// example because the specs fail without a mutant. Files on disk are not changed.

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { parseArgs } from "node:util";
import fc from "fast-check";
import { top } from "../support/installed-package.js";
import { compiler, diffOf, type Mutant, mutantsOf, textOf } from "./mutants.js";
import type { Job, Outcome } from "./runner.js";

/** The folders where a fault is hardest to see, because they clean up after every call. */
const FOLDERS = ["lib/transport", "lib/streams", "lib/api/events", "lib/api/exec"];

/** The time that specs may take without a mutant, in milliseconds. */
const BASELINE = 1_800_000;

/** The time that specs may take with a mutant, in milliseconds and as a multiple of the time without. */
const SLACK = 20_000;
const FACTOR = 2;

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: String(Math.floor(Math.random() * 0x7fff_ffff)) },
    count: { type: "string", default: "40" },
    folder: { type: "string", default: FOLDERS.join(",") },
    also: { type: "string" },
    at: { type: "string" },
  },
});
const seed = Number(values.seed);
const count = Number(values.count);
const [atFile, atLine] = values.at?.split(":") ?? [];
const folders = atFile === undefined ? values.folder.split(",") : [dirname(atFile)];
const also = values.also?.split(",") ?? [];
if (!Number.isInteger(seed) || !(count > 0) || !folders.every((name) => name.startsWith("lib/") && existsSync(join(top, name)))) {
  console.error(
    "usage: npm run test:mutation -- [--seed NUMBER] [--count NUMBER] [--folder lib/FOLDER,…] [--at lib/FILE.ts:LINE]",
  );
  process.exit(2);
}

/** The process that runs the specs, in one process group with its child processes. */
let runner: ChildProcess | undefined;
const stop = (): void => {
  if (runner?.pid !== undefined && runner.exitCode === null && runner.signalCode === null) process.kill(-runner.pid, "SIGKILL");
  runner = undefined;
};
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => {
    stop();
    process.exit(1);
  });
process.on("exit", stop);

/** Returns the process that runs the specs, starting it if necessary. */
async function started(): Promise<ChildProcess> {
  if (runner) return runner;
  runner = fork(new URL("runner.ts", import.meta.url), { detached: true, stdio: ["ignore", "ignore", "ignore", "ipc"] });
  await once(runner, "message");
  return runner;
}

/** Runs the specs of a job and returns the first failure; a hang counts as a failure. */
async function failureOf(job: Job, timeout: number): Promise<string | undefined> {
  const child = await started();
  return new Promise((resolve) => {
    const end = (failure: string | undefined): void => {
      clearTimeout(timer);
      child.removeAllListeners();
      resolve(failure);
    };
    const lost = (failure: string) => (): void => {
      stop();
      end(failure);
    };
    const timer = setTimeout(lost("a hang"), timeout);
    child.once("message", ({ failed }: Outcome) => end(failed[0]));
    child.once("exit", lost("the end of the process"));
    child.send(job);
  });
}

/** Returns the files of a folder and its subfolders. */
const filesOf = (folder: string): string[] =>
  readdirSync(join(top, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
    .sort()
    .map((name) => join(top, folder, name));

/** Returns the specs for a folder in stages: those of the file, if any, those of the folder, and the additional ones. */
function stagesFor(folder: string, file?: string): string[][] {
  const mirrored = (path: string): string[] => [path.replace(/^lib/, "spec")].filter((name) => existsSync(join(top, name)));
  const own = file === undefined ? [] : mirrored(relative(top, file).replace(/\.ts$/, ".spec.ts"));
  return [own, mirrored(`${folder}/`), also];
}

/** Draws mutants that compile. */
function drawn(folder: string): Mutant[] {
  const all = filesOf(folder).flatMap(mutantsOf);
  if (atFile !== undefined)
    return all.filter(({ file, line }) => file === join(top, atFile) && line === Number(atLine)).filter(compiles);
  const [order = []] = fc.sample(fc.shuffledSubarray(all, { minLength: all.length }), { seed, numRuns: 1 });
  const chosen: Mutant[] = [];
  for (const mutant of order) {
    if (chosen.length === count) break;
    if (compiles(mutant)) chosen.push(mutant);
  }
  return chosen;
}

const compiles = compiler(top);
const rows: string[] = [];
console.log(`seed ${seed}`);
for (const folder of folders) {
  const began = Date.now();
  const failure = await failureOf({ stages: stagesFor(folder) }, BASELINE);
  if (failure !== undefined) {
    console.error(`${folder}: without a mutant, ${failure} fails`);
    process.exit(1);
  }
  const timeout = SLACK + FACTOR * (Date.now() - began);
  const mutants = drawn(folder);
  let killed = 0;
  for (const mutant of mutants) {
    const job = { file: mutant.file, text: textOf(mutant), stages: stagesFor(folder, mutant.file) };
    const killer = await failureOf(job, timeout);
    if (killer !== undefined) killed += 1;
    const place = `${relative(top, mutant.file)}:${mutant.line}`;
    console.log(killer === undefined ? `SURVIVES ${place}\n    ${diffOf(mutant)}` : `killed   ${place} by ${killer}`);
  }
  const score = mutants.length === 0 ? "" : `${((killed / mutants.length) * 100).toFixed(0)} %`;
  rows.push([folder.padEnd(20), String(mutants.length).padStart(7), String(killed).padStart(6), score.padStart(5)].join(" | "));
}
stop();
console.log([`${"folder".padEnd(20)} | mutants | killed | score`, ...rows].join("\n"));
