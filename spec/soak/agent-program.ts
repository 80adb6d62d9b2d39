// An agent in a process of its own, which says how much it holds.

import { readdirSync } from "node:fs";
import { Agent } from "../../lib/agent/agent.js";
import type { AgentOptions } from "../../lib/agent/options.js";
import { silentLogger } from "../../lib/service/log.js";

/** What an agent holds after a collection of garbage: bytes, and numbers of things. */
export interface Held {
  readonly heap: number;
  readonly rss: number;
  readonly sockets: number;
  readonly timers: number;
  readonly files: number;
}

const agent = await Agent.start({
  ...(JSON.parse(process.argv[2] ?? "{}") as AgentOptions),
  logger: { ...silentLogger, error: (facts, message) => console.error(message, JSON.stringify(facts)) },
});

async function measure(): Promise<Held> {
  for (let times = 0; times < 3; times += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const resources = process.getActiveResourcesInfo();
  const count = (kind: RegExp): number => resources.filter((name) => kind.test(name)).length;
  const { heapUsed, rss } = process.memoryUsage();
  const files = process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0;
  return { heap: heapUsed, rss, sockets: count(/^(Pipe|TCP(Socket)?|TLS)Wrap$/), timers: count(/^Timeout$/), files };
}

process.on("message", () => void measure().then((held) => process.send?.(held)));
process.once("SIGTERM", () => void agent.close().then(() => process.exit(0)));
process.send?.(agent.endpoint);
