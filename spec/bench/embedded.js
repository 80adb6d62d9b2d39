// Compares the embedded engine with a Docker Engine: `npm run bench:engine -- --real unix:///run/docker.sock`. See README.md.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Client } from "../../dist/index.js";
import { engineLines } from "./embedded-lines.js";
import { markdown, median } from "./table.js";

const top = fileURLToPath(new URL("../..", import.meta.url));

const { values: options } = parseArgs({
  options: {
    real: { type: "string", default: process.env.DOCKER_HOST ?? "" },
    executors: { type: "string", default: "program,oci" },
    rounds: { type: "string", default: "3" },
    only: { type: "string" },
  },
});
const wanted = options.only?.split(",");
const lines = engineLines.filter(({ name }) => wanted === undefined || wanted.includes(name));
const say = (text) => process.stderr.write(`bench: ${text}\n`);

/** Starts the embedded engine in a process of its own. */
async function start(executor, dataRoot) {
  const began = performance.now();
  const args = [join(top, "dist/engine/main.js"), "--executor", executor, "--data-root", dataRoot];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] });
  const [printed] = await once(child.stdout, "data");
  const endpoint = printed.toString().trim();
  const stop = async () => {
    child.kill("SIGTERM");
    await once(child, "exit");
  };
  return { endpoint, pid: child.pid, startMs: performance.now() - began, stop };
}

async function residentMb(pid) {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? NaN) / 1024;
}

const folder = await mkdtemp(join(tmpdir(), "bench-engine-"));
const engines = [];
if (options.real !== "") engines.push({ name: "dockerd", endpoint: options.real });
for (const executor of options.executors.split(",")) {
  const dataRoot = join(folder, executor);
  const engine = await start(executor, dataRoot);
  say(
    `${executor}: ${Math.round(engine.startMs)} ms to its first start, ${Math.round(await residentMb(engine.pid))} MB when idle`,
  );
  engines.push({ name: executor, dataRoot, ...engine });
}

const samples = new Map();
for (let round = 0; round < Number(options.rounds); round += 1) {
  for (const { name, run } of lines) {
    for (const engine of engines) {
      say(`round ${round + 1}: ${name} on ${engine.name}`);
      const client = new Client({ endpoint: engine.endpoint, auth: false });
      const key = `${name} ${engine.name}`;
      try {
        samples.set(key, [...(samples.get(key) ?? []), await run(client)]);
      } catch (error) {
        say(`${key} failed: ${error.message}`);
      } finally {
        await client.close();
      }
    }
  }
}

for (const engine of engines.filter(({ stop }) => stop)) {
  const full = await residentMb(engine.pid);
  await engine.stop();
  const { startMs, stop } = await start(engine.name, engine.dataRoot);
  say(`${engine.name}: ${Math.round(full)} MB after the lines, ${Math.round(startMs)} ms to the next start`);
  await stop();
}
await rm(folder, { recursive: true });

const middle = (name, engine) => {
  const found = samples.get(`${name} ${engine.name}`);
  return found && median(found);
};
const head = ["job, in ms", ...engines.map(({ name }) => name), ...engines.slice(1).map(({ name }) => `${name} to dockerd`)];
const rows = lines.map(({ name, title }) => {
  const times = engines.map((engine) => middle(name, engine));
  const ratios = times
    .slice(1)
    .map((time) => (time === undefined || times[0] === undefined ? "-" : (time / times[0]).toFixed(3)));
  return [title, ...times.map((time) => (time === undefined ? "failed" : time.toPrecision(3))), ...ratios];
});
console.log(markdown(head, rows));
