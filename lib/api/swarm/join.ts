import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { member } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { swarmJoinErrors } from "./errors.js";
import { placeFields, type SwarmPlaceOptions, withListenAddr } from "./place.js";

/** Options of {@link Client.joinSwarm}. */
export interface JoinSwarmOptions extends SwarmPlaceOptions {
  /** Addresses of managers of the swarm, each with or without a port. */
  remoteAddrs: readonly string[];
  /** The token that lets the engine join, as a worker or as a manager: one of those that {@link Client.inspectSwarm} gives. */
  joinToken: string;
}

const joinSwarm = operation<JoinSwarmOptions>({
  name: "joinSwarm",
  method: "POST",
  path: "/swarm/join",
  fields: {
    ...placeFields,
    remoteAddrs: member<readonly string[]>("RemoteAddrs", { required: true }),
    joinToken: member<string>("JoinToken", { required: true }),
  },
  errors: () => swarmJoinErrors,
});

/** Mixed into {@link Client}. */
export default abstract class SwarmJoinMixin extends Connection {
  /**
   * Makes the engine a worker or a manager of a swarm that exists: the token tells which.
   *
   * @category Swarm
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/SwarmJoin | SwarmJoin}
   * @throws {@link NodeAlreadyInSwarmError} when the engine is in a swarm.
   * @throws {@link InvalidJoinTokenError} when the token is not one of the swarm.
   * @throws {@link SwarmJoinTimeoutError} when no manager has let it in for some 20 seconds. The engine goes on trying.
   * @throws {@link UnavailableError} when no manager can be reached, which takes the engine 10 seconds to say.
   * @throws {@link BadRequestError} when an address cannot be.
   */
  async joinSwarm(options: JoinSwarmOptions, call?: CallOptions): Promise<void> {
    await this.send(joinSwarm, withListenAddr(options), call, { confidential: [options.joinToken] });
  }
}
