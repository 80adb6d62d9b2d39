// An agent in a process of its own: `node --expose-gc agent-child.js OPTIONS`. Sends its endpoint, and after each message what it holds.

import { Agent } from "../../dist/agent/index.js";

const agent = await Agent.start(JSON.parse(process.argv[2]));

process.on("message", async () => {
  for (let times = 0; times < 3; times += 1) {
    globalThis.gc();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { user, system } = process.cpuUsage();
  const { heapUsed, rss } = process.memoryUsage();
  process.send({ heapUsed, rss, cpuMs: (user + system) / 1000 });
});
process.once("SIGTERM", () => agent.close().then(() => process.exit(0)));
process.send({ endpoint: agent.endpoint });
