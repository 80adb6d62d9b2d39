import { member } from "../../core/fields/fields.js";
import type { NodeAvailability } from "../../types/node.js";

/** Docker's default address to listen on for other nodes of the swarm. */
const LISTEN_ADDR = "0.0.0.0:2377";

/** Addresses and availability of an engine in a swarm. */
export interface SwarmPlaceOptions {
  /** Address or interface to listen on for other nodes, with a port. Defaults to `0.0.0.0:2377`. */
  listenAddr?: string | undefined;
  /**
   * Address or interface at which other nodes reach this node, with or without a port. Defaults to the engine's address;
   * required if the engine has several addresses.
   */
  advertiseAddr?: string | undefined;
  /** Address or interface for traffic between containers. Defaults to the address in `advertiseAddr`. API 1.30+. */
  dataPathAddr?: string | undefined;
  /** Availability of the node for tasks. Defaults to `active`. API 1.28+. */
  availability?: NodeAvailability | undefined;
}

/** The fields for {@link SwarmPlaceOptions}. */
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
