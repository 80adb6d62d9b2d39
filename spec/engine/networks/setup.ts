import { SystemClock } from "../../../lib/engine/clock.js";
import { type EngineEvent, EventLog } from "../../../lib/engine/events/event-log.js";
import { Networks } from "../../../lib/engine/networks/networks.js";
import { type DataRoot, memoryDataRoot } from "../../../lib/engine/store/data-root.js";

/** Networks and the events that they emit. */
export interface Setup {
  readonly networks: Networks;
  readonly events: EngineEvent[];
}

/** Opens networks. */
export async function openNetworks(root: DataRoot = memoryDataRoot()): Promise<Setup> {
  const clock = new SystemClock();
  const log = new EventLog(clock);
  const events: EngineEvent[] = [];
  log.listen((event) => events.push(event));
  return { networks: await Networks.open(root, { events: log, clock }), events };
}

/** Returns a container with an ID that begins with its name in hexadecimal digits. */
export const container = (name: string): { id: string; name: string } => ({
  id: Buffer.from(name).toString("hex").padEnd(64, "0"),
  name,
});
