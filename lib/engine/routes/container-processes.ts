import type { Clock } from "../clock.js";
import type { Container } from "../containers/container.js";
import type { Containers } from "../containers/containers.js";
import { listProcesses } from "../containers/process-list.js";
import { measure } from "../containers/stats.js";
import type { Exchange } from "../server/exchange.js";
import type { Route } from "../server/router.js";

/** The time between two measurements, in milliseconds. */
const INTERVAL = 1000;

/** Routes of what runs in containers. */
export function containerProcessRoutes(containers: Containers, clock: Clock): Route[] {
  return [
    {
      method: "GET",
      path: "/containers/**:id/top",
      handle: async (exchange) => {
        const container = containers.find(exchange.param("id"));
        const rows = await container.running().processes();
        const list = listProcesses(rows, exchange.query.text("ps_args"), clock.now());
        container.emit("top");
        exchange.json(list);
      },
    },
    {
      method: "GET",
      path: "/containers/**:id/stats",
      handle: (exchange) => stats(exchange, containers.find(exchange.param("id")), clock),
    },
  ];
}

/** Sends measurements: one, or one each second while the client listens. The first of a stream has nothing to compare with. */
async function stats(exchange: Exchange, container: Container, clock: Clock): Promise<void> {
  const { query, signal } = exchange;
  const isStream = query.flag("stream", true);
  let last = await measure(container, clock.now());
  if (!isStream) {
    if (!query.flag("one-shot") && container.isRunning) {
      await clock.sleep(INTERVAL, signal);
      last = await measure(container, clock.now(), last);
    }
    exchange.json(last);
    return;
  }
  const response = exchange.stream("application/json");
  const removed = container.wait("removed", signal).then(() => response.end());
  while (!signal.aborted && !response.writableEnded) {
    await exchange.write(`${JSON.stringify(last)}\n`);
    // the wait fails when the client is gone, which ends the loop
    // the signal ends the wait: the client is gone
    await Promise.race([clock.sleep(INTERVAL, signal).catch(() => undefined), removed]);
    last = await measure(container, clock.now(), last);
  }
}
