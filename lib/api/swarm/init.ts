import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { swarmErrors } from "../../core/errors/swarm.js";
import { member } from "../../core/fields/fields.js";
import { list } from "../../core/members/shape.js";
import { swarmSpec } from "../../core/members/swarm.js";
import { operation } from "../../core/operation.js";
import type { SwarmSpec } from "../../types/swarm-spec.js";
import type { Sendable } from "../../types/util.js";
import { placeFields, type SwarmPlaceOptions, withListenAddr } from "./place.js";
import { swarmSpecVersions, within } from "./spec-versions.js";

/** Options for {@link Client.initSwarm}. */
export interface InitSwarmOptions extends SwarmPlaceOptions {
  /** UDP port for traffic between containers on different nodes, from 1024 to 49151. Defaults to 4789. API 1.40+. */
  dataPathPort?: number | undefined;
  /** Address ranges, in CIDR notation, for the subnets of the swarm's networks. Defaults to `10.0.0.0/8`. API 1.39+. */
  defaultAddrPool?: readonly string[] | undefined;
  /** Prefix length of these subnets, in bits. Defaults to 24. API 1.39+. */
  subnetSize?: number | undefined;
  /**
   * Whether to recover the swarm with this node as its only manager, after most managers are lost. Defaults to false. Restart
   * Docker afterwards, because it may reject the swarm's networks until then.
   */
  forceNewCluster?: boolean | undefined;
  /** Settings of the swarm. Omitted settings get the engine's defaults. */
  spec?: Sendable<SwarmSpec> | undefined;
  /**
   * Whether managers must be unlocked with a key after a restart. The client also sets `EncryptionConfig` in `spec`. Defaults
   * to false. API 1.25+.
   */
  autoLockManagers?: boolean | undefined;
}

const initSwarm = operation<InitSwarmOptions>({
  name: "initSwarm",
  method: "POST",
  path: "/swarm/init",
  slow: true,
  fields: {
    ...placeFields,
    dataPathPort: member<number>("DataPathPort", { since: "1.40" }),
    defaultAddrPool: member<readonly string[]>("DefaultAddrPool", { members: list, since: "1.39" }),
    subnetSize: member<number>("SubnetSize", { since: "1.39" }),
    forceNewCluster: member<boolean>("ForceNewCluster"),
    spec: member<Sendable<SwarmSpec>>("Spec", { members: swarmSpec, parts: within("Spec", swarmSpecVersions) }),
    autoLockManagers: member<boolean>("AutoLockManagers", { since: "1.25" }),
  },
  errors: () => swarmErrors,
});

/** Also sets auto-lock in the spec, because otherwise Docker turns it off as soon as the swarm exists. */
function withLock(options: InitSwarmOptions): InitSwarmOptions {
  const { autoLockManagers: AutoLockManagers, spec } = options;
  if (AutoLockManagers === undefined) return options;
  return { ...options, spec: { ...spec, EncryptionConfig: { ...spec?.EncryptionConfig, AutoLockManagers } } };
}

/** Mixed into {@link Client}. */
export default abstract class SwarmInitMixin extends Connection {
  /**
   * Creates a swarm, with the engine as its first manager.
   *
   * @category Swarm
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/SwarmInit | SwarmInit}
   * @returns the ID of the engine's node.
   * @throws {@link NodeAlreadyInSwarmError} when the engine is already in a swarm.
   * @throws {@link NotASwarmManagerError} when `forceNewCluster` is set and the engine is a worker.
   * @throws {@link BadRequestError} when an address or a setting is invalid, or the engine cannot choose an address to advertise.
   * @example
   * ```ts
   * await client.initSwarm({ advertiseAddr: "192.168.0.10" });
   * const { JoinTokens } = await client.inspectSwarm();
   * ```
   */
  initSwarm(options: InitSwarmOptions = {}, call?: CallOptions): Promise<string> {
    return this.json(initSwarm, withListenAddr(withLock(options)), call);
  }
}
