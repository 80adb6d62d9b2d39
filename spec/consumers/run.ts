// Checks the built package in users' projects: packs it, installs it, and runs one program in every environment:
//
//   npm run build && npm run test:package             everything; npm installs the other tools in the versions of package.json here
//   npm run test:package -- --short                   only what needs no installation: the tools of this repository
//   npm run test:package -- --only jest,webpack       the consumers whose names contain one of these
//
// The program (program.ts) talks to a recording engine (engine.ts), and every environment must send the same requests.
// Prints a table of consumers and outcomes. Exits 1 if one of them fails.

import { mkdtemp, realpath, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { recordingEngine } from "./engine.js";
import { type Consumer, createProjects, type Outcome, type Projects } from "./projects.js";
import { bundlers, inNode, runtimes } from "./runtimes.js";
import { compilers } from "./types.js";

const { values } = parseArgs({ options: { short: { type: "boolean", default: false }, only: { type: "string", default: "" } } });
const words = values.only.split(",");

const work = await realpath(await mkdtemp(join(tmpdir(), "tsdc-consumers-")));
const failures: string[] = [];

/** Runs a consumer on an engine that records its requests. */
async function record(consumer: Consumer, projects: Projects): Promise<{ outcome: Outcome; requests: string }> {
  const engine = await recordingEngine();
  try {
    const folder = await mkdtemp(join(work, "data-"));
    const running = consumer.run(projects, { ENDPOINT: engine.endpoint, FOLDER: folder });
    const outcome = await running.catch((error: unknown) => ({ failure: String(error) }));
    return { outcome, requests: [...new Set(engine.requests())].sort().join("\n") }; // in any order: some are sent at the same time
  } finally {
    await engine.close();
  }
}

async function check(consumer: Consumer, projects: Projects, expected: string): Promise<Outcome> {
  const { outcome, requests } = await record(consumer, projects);
  if (consumer.silent || requests === expected) return outcome;
  return { failure: `${outcome.failure ?? "other requests than expected"}\nrequests:\n${requests}` };
}

async function report(consumer: Consumer, projects: Projects, expected: string): Promise<void> {
  const began = Date.now();
  const { failure, note = "" } = await check(consumer, projects, expected);
  const seconds = ((Date.now() - began) / 1_000).toFixed(1).padStart(6);
  console.log(`${consumer.name.padEnd(64)} ${failure === undefined ? "ok" : "FAILS"} ${seconds} s  ${note}`.trimEnd());
  if (failure !== undefined) failures.push(`--- ${consumer.name}\n${failure}`);
}

try {
  const projects = await createProjects(work, values.short);
  const all = [...runtimes, ...bundlers, ...compilers(values.short)];
  const chosen = all.filter(({ name, tool }) => words.some((word) => name.includes(word)) && !(values.short && tool));
  const waiting = [...chosen];
  const { requests: expected } = await record(inNode, projects);
  const reportAll = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await report(next, projects, expected);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, reportAll));
  if (failures.length > 0) console.log(`\n${failures.join("\n\n")}\n`);
  console.log(`${chosen.length - failures.length} of ${chosen.length} consumers work`);
  if (failures.length > 0) process.exitCode = 1;
} finally {
  await rm(work, { recursive: true, force: true });
}
