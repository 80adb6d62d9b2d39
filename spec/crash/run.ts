// Kills the embedded engine, the agent and the server of jobs, and checks that they have lost nothing that they had acknowledged:
//
//   npm run test:crash                                 every kind, a random seed
//   npm run test:crash -- --only random --rounds 1000  at as many random moments of a mixed load; by default 200
//   npm run test:crash -- --only points --part 2/5     before, amid and after every second of five changes of the data root
//   npm run test:crash -- --only disk --seed 7         on a full disk, twenty times, which needs root; with this seed
//   npm run test:crash -- --only adoption              under twenty containers that are processes, ten times, which needs runc or crun
//   npm run test:crash -- --only agent                 the agent, at fifty random moments of its calls
//   npm run test:crash -- --only jobs                  the server of jobs, at fifty random moments of installations
//
// Exits 1 if there is any fault.

import { join } from "node:path";
import { parseArgs } from "node:util";
import { adoption } from "./adoption/adoption.js";
import { agentKills } from "./agent/agent-kills.js";
import { folder } from "./bundle.js";
import { failPoints } from "./fail-points.js";
import { fullDisk } from "./full-disk.js";
import { jobsKills } from "./jobs/jobs-kills.js";
import { randomKills } from "./random-kills.js";
import { Report } from "./report.js";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: String(Math.floor(Math.random() * 0x7fff_ffff)) },
    rounds: { type: "string" },
    part: { type: "string", default: "1/1" },
    only: { type: "string", default: "random,points,disk,adoption,agent,jobs" },
  },
});
const seed = Number(values.seed);
const [part = 1, parts = 1] = values.part.split("/").map(Number);

/** The numbers of rounds: with a full disk, and those that an option changes. */
const FULL_DISK = 20;
const RANDOM = 200;
const ADOPTION = 10;
const AGENT = 50;
const JOBS = 50;

const kinds: Readonly<Record<string, (dataRoot: string, report: Report) => Promise<void>>> = {
  random: (dataRoot, report) => randomKills(dataRoot, Number(values.rounds ?? RANDOM), seed, report),
  points: (dataRoot, report) => failPoints(dataRoot, [part - 1, parts], report),
  disk: (dataRoot, report) => fullDisk(dataRoot, FULL_DISK, seed, report),
  adoption: (dataRoot, report) => adoption(dataRoot, Number(values.rounds ?? ADOPTION), seed, report),
  jobs: (dataRoot, report) => jobsKills(dataRoot, Number(values.rounds ?? JOBS), seed, report),
  agent: (dataRoot, report) => agentKills(dataRoot, Number(values.rounds ?? AGENT), seed, report),
};

console.log(`seed ${seed}`);
process.exitCode = 0;
for (const name of values.only.split(",")) {
  const report = new Report();
  await kinds[name]?.(join(folder, name), report);
  report.print(name);
  if (report.faults > 0) process.exitCode = 1;
}
