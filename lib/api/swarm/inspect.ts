import type { CallOptions, NoOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { operation } from "../../core/operation.js";
import { swarmErrors } from "../../core/errors/swarm.js";
import type { Swarm } from "../../types/swarm.js";

const inspectSwarm = operation<NoOptions>({
  name: "inspectSwarm",
  method: "GET",
  path: "/swarm",
  fields: {},
  errors: () => swarmErrors,
});

/** Mixed into {@link Client}. */
export default abstract class SwarmInspectMixin extends Connection {
  /**
   * Tells everything about the swarm, the tokens that let engines join it among it. Only a manager can.
   *
   * @category Swarm
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/SwarmInspect | SwarmInspect}
   * @throws {@link NodeNotInSwarmError} when the engine is in no swarm.
   * @throws {@link NotASwarmManagerError} when it is a worker.
   * @throws {@link SwarmLockedError} when it waits to be unlocked.
   */
  inspectSwarm(options: NoOptions = {}, call?: CallOptions): Promise<Swarm> {
    return this.json(inspectSwarm, options, call);
  }
}
