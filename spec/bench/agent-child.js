// An agent in a process of its own: `node --expose-gc agent-child.js OPTIONS HOP`. Sends its endpoint, and after each message what it holds.
// On the socket HOP, it answers each request with as many bytes as the request asks for: the least that any service costs.

import { createServer } from "node:http";
import { Agent } from "../../dist/agent/index.js";

const agent = await Agent.start(JSON.parse(process.argv[2]));
const hop = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8").on("data", (chunk) => (body += chunk));
  request.on("end", () => response.end(JSON.stringify({ text: "x".repeat(JSON.parse(body).bytes) })));
});
await new Promise((resolve) => hop.listen(process.argv[3], resolve));

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
