// Runs the behaviour specs on one engine after the other and prints the result of each method on each engine:
//
//   npm run test:matrix                              on every engine of the test bed, or on that of DOCKER_HOST
//   npm run test:matrix -- docker20 podman5          on these engines
//   npm run test:matrix -- podman spec/behaviour/api/exec -t name     passes the arguments after the engines to vitest
//
// Exits 1 if anything failed, and 3 if no engine could be run. An engine for which this machine lacks something is reported,
// but is not a failure. MATRIX_REPORTS names a folder that keeps the report of each engine, and the table as matrix.md. With
// MATRIX_SECONDS, no further engine is started after that many seconds.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineReport } from "../support/engine-reporter.js";
import { top } from "../support/installed-package.js";
import { type Column, matrix, totalsOf } from "../support/matrix-table.js";
import { conveniences, operationNames } from "../support/operation-names.js";

/** The test bed's exit code when it lacks root, a package, or network access to install one. */
const LACKS_SOMETHING = 3;

/** The name of the column for an engine that does not belong to the test bed. */
const OWN = "DOCKER_HOST";

const args = process.argv.slice(2);
const first = args.findIndex((arg) => /^-|[/.]/.test(arg));
const named = first === -1 ? args : args.slice(0, first);
const forVitest = first === -1 ? [] : args.slice(first);
const everyEngine = ["embedded-program", "embedded-oci", "docker20", "docker26", "docker28", "podman", "podman5"];
const engines = named.length > 0 ? named : process.env.DOCKER_HOST ? [OWN] : everyEngine;

const kept = process.env.MATRIX_REPORTS;
const folder = kept ?? mkdtempSync(join(tmpdir(), "matrix-"));
mkdirSync(folder, { recursive: true });

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop.abort());

/** Runs the specs on an engine. Returns its column and the exit code of `with-engine`. */
async function run(name: string): Promise<Column & { status: number }> {
  const path = join(folder, `${name}.json`);
  rmSync(path, { force: true });
  const { DOCKER_HOST, ...others } = process.env;
  const engine = name === OWN ? { DOCKER_HOST } : { TESTBED_ENGINE: name };
  const vitest = [join(top, "node_modules/vitest/vitest.mjs"), "run", "--config", ".config/vitest.engine.config.ts"];
  const reporters = ["--reporter=default", "--reporter=./spec/support/engine-reporter.ts"];
  const command = ["spec/testbed/with-engine", process.execPath, ...vitest, ...reporters, ...forVitest];
  const began = Date.now();
  console.log(`\n=== ${name}`);
  const child = spawn("bash", command, {
    cwd: top,
    env: { ...others, ...engine, ENGINE_REPORT: path },
    stdio: ["ignore", "inherit", "pipe"],
  });
  const forward = (signal: NodeJS.Signals) => child.kill(signal);
  process.on("SIGTERM", forward).on("SIGHUP", forward);
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    process.stderr.write(text);
    complaint = /^(?:engine: error|with-engine): (.*)/m.exec(text)?.[1] ?? complaint;
  });
  const [code] = (await once(child, "close")) as [number | null]; // null after a signal
  process.off("SIGTERM", forward).off("SIGHUP", forward);
  const status = code ?? 1;
  const seconds = Math.round((Date.now() - began) / 1000);
  if (!existsSync(path)) return { name, status, seconds, reason: complaint || `the specs ended early, with status ${status}` };
  return { name, status, seconds, report: JSON.parse(readFileSync(path, "utf8")) as EngineReport }; // written by the reporter
}

const { MATRIX_SECONDS: allowed = Infinity } = process.env;
const columns: Awaited<ReturnType<typeof run>>[] = [];
for (const name of engines) {
  if (stop.signal.aborted) break;
  const isLate = columns.length > 0 && performance.now() / 1000 > Number(allowed);
  columns.push(isLate ? { name, status: LACKS_SOMETHING, seconds: 0, reason: "no time was left for it" } : await run(name));
}
const text = matrix(columns, operationNames(), conveniences());
console.log(`\n${text}`);
if (kept === undefined) rmSync(folder, { recursive: true });
else writeFileSync(join(folder, "matrix.md"), `${text}\n`);

const isFailure = (column: (typeof columns)[number]) =>
  column.report ? column.status !== 0 || totalsOf(column).failed > 0 : column.status !== LACKS_SOMETHING;
if (stop.signal.aborted || columns.some(isFailure)) process.exitCode = 1;
else if (columns.every(({ report }) => !report)) process.exitCode = LACKS_SOMETHING;
