import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { member } from "../../core/fields/fields.js";
import { list } from "../../core/members/shape.js";
import { operation } from "../../core/operation.js";
import { swarmJoinErrors } from "./errors.js";
import { placeFields, type SwarmPlaceOptions, withListenAddr } from "./place.js";

/** Options for {@link Client.joinSwarm}. */
export interface JoinSwarmOptions extends SwarmPlaceOptions {
  /** Addresses of managers of the swarm, each with or without a port. */
  remoteAddrs: readonly string[];
  /** Join token for workers or managers, from {@link Client.inspectSwarm}. */
  joinToken: string;
}

const joinSwarm = operation<JoinSwarmOptions>({
  name: "joinSwarm",
  method: "POST",
  path: "/swarm/join",
  slow: true,
  fields: {
    ...placeFields,
    remoteAddrs: member<readonly string[]>("RemoteAddrs", { members: list, required: true }),
    joinToken: member<string>("JoinToken", { required: true }),
  },
  errors: () => swarmJoinErrors,
});

/** Mixed into {@link Client}. */
export default abstract class SwarmJoinMixin extends Connection {
  /**
   * Joins the engine to an existing swarm. The token determines whether the engine becomes a worker or a manager.
   *
   * @category Swarm
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/SwarmJoin | SwarmJoin}
   * @throws {@link NodeAlreadyInSwarmError} when the engine is already in a swarm.
   * @throws {@link InvalidJoinTokenError} when the token does not belong to the swarm.
   * @throws {@link SwarmJoinTimeoutError} when no manager accepts the engine within 20 seconds. The engine continues trying.
   * @throws {@link UnavailableError} when no manager can be reached, which the engine reports after 10 seconds.
   * @throws {@link BadRequestError} when an address is invalid.
   */
  async joinSwarm(options: JoinSwarmOptions, call?: CallOptions): Promise<void> {
    await this.send(joinSwarm, withListenAddr(options), call);
  }
}
