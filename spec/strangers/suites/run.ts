// Runs the test suites that other clients of Docker ship, against engines:
//
//   npm run test:strangers                                               an embedded engine
//   npm run test:strangers -- --executor oci                             whose containers are processes
//   npm run test:strangers -- --host unix:///run/docker.sock             another engine, which has busybox:latest
//   npm run test:strangers -- --host embedded --host unix:///run/docker.sock    both, side by side
//   npm run test:strangers -- dockerode-compose                          only these suites
//
// The suites prune what is unused and replace images, so the other engine should be one that may lose everything.
// Exits 1 if the embedded engine does not pass a test that another engine of the run passes, and 3 if nothing can be installed.

import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { EmbeddedEngine } from "../../../lib/engine/embedded-engine.js";
import { Client } from "../../../lib/index.js";
import { node, npm } from "../../support/installed-package.js";
import { dockerfile, images, type Suite, suites } from "./suites.js";
import { onlyPassedBy, type Outcome, readTap } from "./tap.js";

/** The exit code when this machine lacks something. */
const LACKS_SOMETHING = 3;

/** The name of the embedded engine among the hosts. */
const EMBEDDED = "embedded";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    executor: { type: "string", default: "program" },
    host: { type: "string", multiple: true, default: [EMBEDDED] },
    seconds: { type: "string", default: "180" },
    verbose: { type: "boolean", default: false },
  },
});

const executor = (["program", "oci", "auto"] as const).find((name) => name === values.executor);
if (executor === undefined) throw new TypeError(`no executor ${values.executor}`);
const chosen = suites.filter(({ name }) => positionals.length === 0 || positionals.includes(name));

/** Installs the suites. Their folders are outside node_modules, where some test runners would not look for tests. */
async function install(folder: string): Promise<string | undefined> {
  const needs = chosen.map(({ name, version, needs: more }) => ({ ...more, [name]: version }));
  const dependencies: Record<string, string> = Object.assign({}, ...needs);
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, dependencies }));
  const { status, output } = await npm(["install", "--no-audit", "--no-fund", "--ignore-scripts"], folder);
  if (status !== 0) return output;
  for (const { name } of chosen) {
    const target = join(folder, "suites", name);
    await mkdir(target, { recursive: true });
    await cp(join(folder, "node_modules", name), target, { recursive: true });
  }
  return undefined;
}

/** Makes the images that the suites use. */
async function makeImages(host: string): Promise<void> {
  const client = new Client({ endpoint: host });
  for (const name of images) await client.buildImage({ dockerfileContent: dockerfile, name });
}

/** Runs a suite against an engine. */
async function runSuite(folder: string, suite: Suite, host: string): Promise<Outcome> {
  const [program, ...args] = suite.command;
  const env = { ...process.env, ...suite.environment(host) };
  const limit = Number(values.seconds) * 1000;
  const place = join(folder, "suites", suite.name);
  const began = performance.now();
  const { stdout, output } = await node([join(folder, "node_modules", program), ...args], place, env, limit);
  if (values.verbose) console.log(output);
  const outcome = readTap(stdout);
  if (performance.now() - began >= limit) outcome.failed.push(`ended by this script after ${values.seconds} s`);
  return outcome;
}

/** Runs the suites against an engine. */
async function runOn(folder: string, name: string): Promise<Map<string, Outcome>> {
  const engine =
    name === EMBEDDED
      ? await EmbeddedEngine.start({ executor, onReport: (message) => values.verbose && console.error(message) })
      : undefined;
  try {
    const host = engine?.endpoint ?? name;
    await makeImages(host);
    const outcomes = new Map<string, Outcome>();
    for (const suite of chosen) outcomes.set(suite.name, await runSuite(folder, suite, host));
    return outcomes;
  } finally {
    await engine?.close();
  }
}

/** Prints the counts and the failures of each suite. Returns the tests that only the embedded engine does not pass. */
function report(results: ReadonlyMap<string, ReadonlyMap<string, Outcome>>): string[] {
  const row = (...cells: (string | number)[]): void => console.log(`| ${cells.join(" | ")} |`);
  row("suite", "engine", "passed", "failed", "skipped", "no result");
  row("---", "---", "---:", "---:", "---:", "---:");
  const own: string[] = [];
  for (const { name, version } of chosen) {
    for (const [engine, outcomes] of results) {
      const outcome = outcomes.get(name) ?? readTap("");
      row(`${name} ${version}`, engine, outcome.passed.length, outcome.failed.length, outcome.skipped.length, outcome.missing);
      if (engine !== EMBEDDED) continue;
      const others = [...results.values()].flatMap((one) => one.get(name) ?? []);
      own.push(...onlyPassedBy(others, outcome).map((test) => `${name}: ${test}`));
    }
  }
  for (const [engine, outcomes] of results)
    for (const [suite, { failed }] of outcomes) for (const test of failed) console.log(`failed on ${engine}: ${suite}: ${test}`);
  for (const test of own) console.log(`not passed by ${EMBEDDED} alone: ${test}`);
  return own;
}

const folder = await mkdtemp(join(tmpdir(), "strangers-"));
try {
  const complaint = await install(folder);
  if (complaint === undefined) {
    const results = new Map<string, Map<string, Outcome>>();
    for (const name of values.host) results.set(name, await runOn(folder, name));
    process.exitCode = report(results).length === 0 ? 0 : 1;
  } else {
    console.error(complaint);
    process.exitCode = LACKS_SOMETHING;
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
