// Measures a client on a line: `node child.js TASK`, with a task of `run.js` as JSON. Prints the measurements.

import { engineLines, stubLines } from "./lines.js";
import { peakMemory } from "./peak-memory.js";

const task = JSON.parse(process.argv[2]);
const { name, endpoint, volume, warm, times = 1 } = task;
const line = [...stubLines, ...engineLines].find((candidate) => candidate.name === name);
const { open } = await import(`./clients/${task.client}.js`);
if (line.engine) Object.assign(task, (await import("./engine.js")).helpers(endpoint));

const client = await open(endpoint, task.entry);
await line.run(client, warm, task);

const cpuBefore = process.cpuUsage();
const before = performance.now();
let result;
for (let time = 0; time < times; time += 1) result = await line.run(client, volume, task);
const wallMs = performance.now() - before;
const { user, system } = process.cpuUsage(cpuBefore);
const rssMb = peakMemory();

async function received() {
  const control = (await import("./clients/raw.js")).open(endpoint);
  return control.json("GET", "/received");
}
await line.check?.(result, volume, received);
// idle connections of clients keep the process alive
process.stdout.write(JSON.stringify({ cpuMs: (user + system) / 1000, wallMs, rssMb }), () => process.exit());
