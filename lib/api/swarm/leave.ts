import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { swarmErrors } from "../../core/errors/swarm.js";
import { flag } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";

/** Options for {@link Client.leaveSwarm}. */
export interface LeaveSwarmOptions {
  /**
   * Whether to leave even if the engine is a manager or the swarm is locked. If the last manager leaves, the state of the swarm
   * is lost. Defaults to false.
   */
  force?: boolean | undefined;
}

const leaveSwarm = operation<LeaveSwarmOptions>({
  name: "leaveSwarm",
  method: "POST",
  path: "/swarm/leave",
  slow: true,
  fields: { force: flag("force") },
  errors: () => swarmErrors,
});

/** Mixed into {@link Client}. */
export default abstract class SwarmLeaveMixin extends Connection {
  /**
   * Leaves the swarm and removes the containers of the engine's tasks. The other managers list the node as down until it is
   * removed with {@link Client.removeNode}.
   *
   * @category Swarm
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/SwarmLeave | SwarmLeave}
   * @throws {@link NodeNotInSwarmError} when the engine is not in a swarm.
   * @throws {@link NodeIsManagerError} when the engine is a manager and `force` is not set.
   * @throws {@link SwarmLockedError} when the swarm is locked and `force` is not set.
   */
  async leaveSwarm(options: LeaveSwarmOptions = {}, call?: CallOptions): Promise<void> {
    await this.send(leaveSwarm, options, call);
  }
}
