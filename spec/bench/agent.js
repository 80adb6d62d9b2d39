// Compares calls through an agent with the same calls of a bare client: `npm run bench:agent -- --engine unix:///run/docker.sock`.
// See README.md.

import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { Agent as Connections, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { AgentClient } from "../../dist/agent/index.js";
import { Client } from "../../dist/index.js";
import { markdown, median } from "./table.js";

const { values: options } = parseArgs({
  options: {
    engine: { type: "string" },
    image: { type: "string", default: "busybox:latest" },
    guests: { type: "string", default: "100" },
    rounds: { type: "string", default: "7" },
    calls: { type: "string", default: "100000" },
  },
});
const top = fileURLToPath(new URL("../..", import.meta.url));
const folder = await mkdtemp(join(tmpdir(), "bench-agent-"));
const say = (text) => process.stderr.write(`bench: ${text}\n`);
const running = [];

/** Starts the embedded engine in a process of its own. */
async function startEngine() {
  const socket = `unix://${join(folder, "engine.sock")}`;
  const child = spawn(process.execPath, [join(top, "dist/engine/main.js"), "--host", socket, "--executor", "program"], {
    stdio: ["ignore", "pipe", "ignore"], // it logs each request
  });
  running.push(child);
  await once(child.stdout, "data");
  return socket;
}

const endpoint = options.engine ?? (await startEngine());
const agentProcess = fork(
  new URL("agent-child.js", import.meta.url),
  [JSON.stringify({ endpoint, listen: `unix://${join(folder, "agent.sock")}` }), join(folder, "hop.sock")],
  { execArgv: ["--expose-gc"] },
);
running.push(agentProcess);
const [started] = await once(agentProcess, "message");
const client = new Client({ endpoint, auth: false });
const agent = new AgentClient({ endpoint: started.endpoint });

async function held() {
  agentProcess.send("measure");
  const [answer] = await once(agentProcess, "message");
  return answer;
}

const connections = new Connections({ keepAlive: true });

/** Asks the agent's process for bytes, without an agent in between. */
function hop(bytes) {
  return new Promise((resolve, reject) => {
    const path = { socketPath: join(folder, "hop.sock"), agent: connections, method: "POST" };
    const asked = request(path, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (chunk) => (body += chunk));
      response.on("end", () => resolve(JSON.parse(body)));
    });
    asked.once("error", reject).end(JSON.stringify({ bytes }));
  });
}

/** Calls a function a number of times, some at once. Returns the milliseconds that it took. */
async function timed(times, atOnce, call) {
  const began = performance.now();
  let made = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (made < times) await call(made++);
    }),
  );
  return performance.now() - began;
}

const prefix = `bench-agent-${process.pid}`;
const ids = Array.from({ length: Number(options.guests) }, (_, index) => `${prefix}-${index}`);
const label = { filters: { label: ["ts-dockerclient.agent.metadata.bench=yes"] }, all: true };
const idOf = (number) => ids[number % ids.length];

/** The calls, of a bare client and through the agent, and how many inspections an answer has. */
const lines = [
  ["GetContainer", 1, 500, (n) => client.inspectContainer({ id: idOf(n) }), (n) => agent.getContainer({ id: idOf(n) }), 1],
  [
    "GetContainer, 16 at once",
    16,
    2_000,
    (n) => client.inspectContainer({ id: idOf(n) }),
    (n) => agent.getContainer({ id: idOf(n) }),
    1,
  ],
  [
    `ListContainers of ${ids.length}`,
    1,
    10,
    async () => {
      const found = await client.listContainers(label);
      return Promise.all(found.map(({ Id }) => client.inspectContainer({ id: Id })));
    },
    async () => {
      const { containers } = await agent.listContainers({ opts: label });
      if (containers.length !== ids.length) throw new Error(`${containers.length} containers instead of ${ids.length}`);
    },
    ids.length,
  ],
];

try {
  for (const id of ids) await agent.createContainer({ guest: { id, image: options.image, metadata: { bench: "yes" } } });
  const rows = [];
  const { length } = JSON.stringify(await client.inspectContainer({ id: ids[0] }));
  for (const [name, atOnce, times, bare, through, inspections] of lines) {
    const samples = { bare: [], hop: [], through: [] };
    for (let round = 0; round <= Number(options.rounds); round += 1) {
      const taken = {
        bare: await timed(times, atOnce, bare),
        hop: await timed(times, atOnce, () => hop(length * inspections)),
        through: await timed(times, atOnce, through),
      };
      if (round > 0) for (const side of Object.keys(samples)) samples[side].push(taken[side] / times); // the first one warms up
    }
    const ratios = samples.bare.map((time, round) => samples.through[round] / time);
    const floor = median(samples.bare.map((time, round) => (time + samples.hop[round]) / time));
    const medians = [samples.bare, samples.hop, samples.through].map(median);
    const figures = [...medians, median(ratios), Math.min(...ratios), Math.max(...ratios), floor];
    rows.push([name, ...figures.map((figure) => figure.toFixed(2))]);
  }
  console.log(markdown(["calls", "bare, ms", "hop, ms", "agent, ms", "ratio", "least", "most", "floor"], rows));
  const before = await held();
  const calls = Number(options.calls);
  await timed(calls, 16, (number) => agent.getContainer({ id: idOf(number) }));
  const after = await held();
  const mb = (bytes) => `${(bytes / 1024 / 1024).toFixed(1)} MB`;
  console.log(
    `\n${calls} calls: heap from ${mb(before.heapUsed)} to ${mb(after.heapUsed)}, RSS from ${mb(before.rss)} to ${mb(after.rss)}, ` +
      `${((after.cpuMs - before.cpuMs) / calls).toFixed(3)} ms of the agent's processor for a call`,
  );
} finally {
  say("removing the guests");
  for (const id of ids) await client.removeContainer({ id, force: true }).catch(() => undefined);
  await Promise.all([client.close(), agent.close(), connections.destroy()]);
  for (const child of running.reverse()) {
    child.kill();
    await once(child, "exit");
  }
  await rm(folder, { recursive: true });
}
