import { member } from "../../core/fields/fields.js";
import type { NodeAvailability } from "../../types/node.js";

/** Docker's default address to listen on for the other nodes of the swarm. */
const LISTEN_ADDR = "0.0.0.0:2377";

/** Addresses and availability of an engine in a swarm. */
export interface SwarmPlaceOptions {
  /** Address or interface, and port, to listen on for other nodes. By default `0.0.0.0:2377`. */
  listenAddr?: string | undefined;
  /**
   * Address or interface at which other nodes reach this one, with or without a port. By default the engine's only address;
   * required if it has several.
   */
  advertiseAddr?: string | undefined;
  /** Address or interface for the traffic between containers. By default the one in `advertiseAddr`. API 1.30+. */
  dataPathAddr?: string | undefined;
  /** Whether the node runs tasks. By default `active`. API 1.28+. */
  availability?: NodeAvailability | undefined;
}

/** Field metadata of {@link SwarmPlaceOptions}. */
export const placeFields = {
  listenAddr: member<string>("ListenAddr"),
  advertiseAddr: member<string>("AdvertiseAddr"),
  dataPathAddr: member<string>("DataPathAddr", { since: "1.30" }),
  availability: member<NodeAvailability>("Availability", { since: "1.28", defaults: { Availability: ["", "active"] } }),
};

/** Fills in the listen address, which Docker requires. */
export function withListenAddr<O extends SwarmPlaceOptions>(options: O): O {
  return { ...options, listenAddr: options.listenAddr ?? LISTEN_ADDR };
}
