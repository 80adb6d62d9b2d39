import type { Clock } from "../clock.js";
import { encodeEvent } from "../events/encode-event.js";
import { eventFilterNames, matchesEvent } from "../events/event-filters.js";
import type { EngineEvent, EventLog } from "../events/event-log.js";
import type { Exchange } from "../server/exchange.js";
import type { Route } from "../server/router.js";
import { parseTime } from "../server/times.js";

/** The bytes that wait for a slow listener before its connection is cut, so that it notices that it missed something. */
const BACKLOG = 8 * 1024 * 1024;

/** Routes of events. */
export function eventRoutes(events: EventLog, clock: Clock): Route[] {
  return [{ method: "GET", path: "/events", handle: (exchange) => streamEvents(exchange, events, clock) }];
}

async function streamEvents(exchange: Exchange, events: EventLog, clock: Clock): Promise<void> {
  const filters = exchange.query.filters(eventFilterNames);
  const since = parseTime(exchange.query.text("since"), "since");
  const until = parseTime(exchange.query.text("until"), "until");
  const { response, version, signal } = exchange;
  exchange.stream("application/json");
  const send = (event: EngineEvent): void => {
    if (response.writableLength > BACKLOG) response.destroy();
    else if (matchesEvent(event, filters)) response.write(`${encodeEvent(event, version)}\n`);
  };
  const now = clock.now();
  const past = since === undefined ? [] : events.between(since, until ?? now);
  const last = past.at(-1)?.time ?? 0n;
  const stop = events.listen((event) => {
    if (event.time > last) send(event);
  });
  try {
    past.forEach(send);
    if (until !== undefined && until <= now) return;
    // the signal ends the wait: the client is gone
    await clock.sleep(until === undefined ? Infinity : Number((until - now) / 1_000_000n), signal).catch(() => undefined);
  } finally {
    stop();
    response.end();
  }
}
