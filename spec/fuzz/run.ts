// Feeds random inputs to the parts of the package that read external data, and compares the results with other implementations:
//
//   npm run fuzz                                   every kind, five minutes in all, a random seed
//   npm run fuzz -- --seed 7 --minutes 20          with this seed
//   npm run fuzz -- --only http,json               these kinds only
//
// A finding is printed with its smallest input and the seed that repeats it. Exits 1 if there is any.

import { fork } from "node:child_process";
import { parseArgs } from "node:util";
import type { Report } from "./child.js";
import { kinds } from "./kinds/index.js";

/** The time that a kind may take over its share before it counts as hung, in milliseconds. */
const GRACE = 90_000;

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: String(Math.floor(Math.random() * 0x7fff_ffff)) },
    minutes: { type: "string", default: "5" },
    only: { type: "string" },
  },
});
const seed = Number(values.seed);
const names = values.only?.split(",") ?? Object.keys(kinds);
const seconds = (Number(values.minutes) * 60) / names.length;
const unknown = names.filter((name) => !Object.hasOwn(kinds, name));
if (unknown.length > 0 || !Number.isInteger(seed) || !(seconds >= 0)) {
  console.error(`usage: npm run fuzz -- [--seed NUMBER] [--minutes NUMBER] [--only ${Object.keys(kinds).join(",")}]`);
  process.exit(2);
}

/** Runs a kind in a separate process, so that a hang or a crash is a finding of that kind. */
function run(name: string): Promise<Report> {
  return new Promise((resolve) => {
    let batch = seed;
    let report: Report | undefined;
    let stderr = "";
    let hung = false;
    const args = ["--kind", name, "--seed", String(seed), "--seconds", String(seconds)];
    const child = fork(new URL("child.ts", import.meta.url), args, { stdio: ["ignore", "inherit", "pipe", "ipc"] });
    const timer = setTimeout(() => (hung = child.kill("SIGKILL")), seconds * 1_000 + GRACE);
    child.stderr?.on("data", (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-10_000)));
    child.on("message", (message: { batch?: number; report?: Report }) => {
      batch = message.batch ?? batch;
      report = message.report ?? report;
    });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      const text = hung ? "the process hangs" : `the process ended with ${signal ?? code ?? ""}:\n${stderr}`;
      resolve(report ?? { about: "", inputs: 0, outcomes: [], finding: { seed: batch, text } });
    });
  });
}

console.log(`seed ${seed}, ${seconds.toFixed(0)} seconds for each kind`);
for (const name of names) {
  const { about, inputs, outcomes, finding } = await run(name);
  const counts = outcomes.map(([outcome, count]) => `${outcome} ${count}`).join(", ");
  console.log(`${name.padEnd(10)} ${String(inputs).padStart(8)} inputs: ${about}${counts === "" ? "" : `; ${counts}`}`);
  if (!finding) continue;
  process.exitCode = 1;
  console.log(`FINDING in ${name}. Repeat it with: npm run fuzz -- --only ${name} --seed ${finding.seed}\n${finding.text}\n`);
}
