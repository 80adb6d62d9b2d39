import type { CallOptions, NoOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { swarmErrors } from "../../core/errors/swarm.js";
import { operation } from "../../core/operation.js";
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
   * Returns details of the swarm, including its join tokens. The engine must be a manager.
   *
   * @category Swarm
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/SwarmInspect | SwarmInspect}
   * @throws {@link NodeNotInSwarmError} when the engine is not in a swarm.
   * @throws {@link NotASwarmManagerError} when the engine is a worker.
   * @throws {@link SwarmLockedError} when the swarm is locked.
   */
  inspectSwarm(options: NoOptions = {}, call?: CallOptions): Promise<Swarm> {
    return this.json(inspectSwarm, options, call);
  }
}
