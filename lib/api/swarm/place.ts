import type { NodeAvailability } from "../../types/node.js";
import { member } from "../../core/fields/fields.js";

/** Where engines listen for the other nodes of their swarm when nobody says otherwise. */
const LISTEN_ADDR = "0.0.0.0:2377";

/** How an engine takes its place in a swarm. */
export interface SwarmPlaceOptions {
  /** Address, or interface, and port to listen on for other nodes. By default `0.0.0.0:2377`. */
  listenAddr?: string | undefined;
  /**
   * Address, or interface, by which other nodes reach this one, with or without a port. By default the engine's only address; it
   * must be told when there are several.
   */
  advertiseAddr?: string | undefined;
  /** Address, or interface, for the traffic between containers. By default that of `advertiseAddr`. API 1.30+. */
  dataPathAddr?: string | undefined;
  /** Whether the node runs tasks. By default `active`. API 1.28+. */
  availability?: NodeAvailability | undefined;
}

/** The metadata of {@link SwarmPlaceOptions}. */
export const placeFields = {
  listenAddr: member<string>("ListenAddr"),
  advertiseAddr: member<string>("AdvertiseAddr"),
  dataPathAddr: member<string>("DataPathAddr", { since: "1.30" }),
  availability: member<NodeAvailability>("Availability", { since: "1.28" }),
};

/** Fills in the address to listen on, without which engines refuse. */
export function withListenAddr<O extends SwarmPlaceOptions>(options: O): O {
  return { ...options, listenAddr: options.listenAddr ?? LISTEN_ADDR };
}
