// Kills the embedded engine, and checks that it has lost nothing that it had acknowledged:
//
//   npm run test:crash                                 200 random moments of a mixed load, a random seed
//   npm run test:crash -- --rounds 1000 --seed 7       as many as these, with this seed
//
// Exits 1 if there is any fault.

import { join } from "node:path";
import { parseArgs } from "node:util";
import { folder } from "./process.js";
import { randomKills } from "./random-kills.js";
import { Report } from "./report.js";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: String(Math.floor(Math.random() * 0x7fff_ffff)) },
    rounds: { type: "string", default: "200" },
  },
});
const seed = Number(values.seed);

console.log(`seed ${seed}`);
const report = new Report();
await randomKills(join(folder, "random"), Number(values.rounds), seed, report);
report.print("random moments");
process.exitCode = report.faults === 0 ? 0 : 1;
