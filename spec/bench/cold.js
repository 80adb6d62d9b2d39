// Measures a client in a fresh process: `node cold.js TASK`, like `child.js`. It loads only the client.

import { writeSync } from "node:fs";
import { peakMemory } from "./peak-memory.js";

const { name, client, endpoint, entry } = JSON.parse(process.argv[2]);
const cpuBefore = process.cpuUsage();
const before = performance.now();
const { open } = await import(`./clients/${client}.js`);
const opened = await open(endpoint, entry);

let wallMs = performance.now() - before;
let { user, system } = process.cpuUsage(cpuBefore);
if (name === "first") {
  await opened.ping();
  // both are measured from the start of the process
  wallMs = performance.now();
  ({ user, system } = process.cpuUsage());
}
const rssMb = peakMemory();
writeSync(1, JSON.stringify({ cpuMs: (user + system) / 1000, wallMs, rssMb }));
process.exit();
