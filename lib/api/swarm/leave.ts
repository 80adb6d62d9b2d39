import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { flag } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { swarmErrors } from "../../core/errors/swarm.js";

/** Options of {@link Client.leaveSwarm}. */
export interface LeaveSwarmOptions {
  /**
   * Whether a manager leaves too, and a swarm that is locked. The last manager takes the swarm's state with it. By default false.
   */
  force?: boolean | undefined;
}

const leaveSwarm = operation<LeaveSwarmOptions>({
  name: "leaveSwarm",
  method: "POST",
  path: "/swarm/leave",
  fields: { force: flag("force") },
  errors: () => swarmErrors,
});

/** Mixed into {@link Client}. */
export default abstract class SwarmLeaveMixin extends Connection {
  /**
   * Takes the engine out of its swarm, and removes the containers of its tasks. The managers that stay list its node as down until
   * {@link Client.removeNode}.
   *
   * @category Swarm
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/SwarmLeave | SwarmLeave}
   * @throws {@link NodeNotInSwarmError} when the engine is in no swarm.
   * @throws {@link NodeIsManagerError} when it is a manager and `force` is not set.
   * @throws {@link SwarmLockedError} when the swarm is locked and `force` is not set.
   */
  async leaveSwarm(options: LeaveSwarmOptions = {}, call?: CallOptions): Promise<void> {
    await this.send(leaveSwarm, options, call);
  }
}
