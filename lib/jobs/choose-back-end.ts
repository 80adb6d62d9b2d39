import type { JobBackEnd } from "./back-end.js";
import { engineBackEnd, type EngineBackEndOptions } from "./engine/engine-back-end.js";
import { swarmBackEnd, type SwarmBackEndOptions } from "./swarm/swarm-back-end.js";

/** How jobs run on a swarm. @category Jobs */
export type SwarmSettings = Pick<SwarmBackEndOptions, "endpointMode" | "monitor" | "patience">;

/** Where jobs run. */
export interface BackEndChoice extends Pick<EngineBackEndOptions, "client" | "store" | "ports"> {
  /** Whether they run on a swarm, or how. */
  readonly swarm: boolean | SwarmSettings | undefined;
}

/** Returns the back end for the options of a server or a program. */
export function chooseBackEnd({ swarm = false, ...options }: BackEndChoice): JobBackEnd {
  return swarm === false ? engineBackEnd(options) : swarmBackEnd({ ...options, ...(swarm === true ? {} : swarm) });
}
