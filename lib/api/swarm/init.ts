import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { member } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { swarmErrors } from "../../core/errors/swarm.js";
import type { SwarmSpec } from "../../types/swarm-spec.js";
import { placeFields, type SwarmPlaceOptions, withListenAddr } from "./place.js";
import { swarmSpecVersions, within } from "./spec-versions.js";

/** Options of {@link Client.initSwarm}. */
export interface InitSwarmOptions extends SwarmPlaceOptions {
  /** UDP port of the traffic between containers on different nodes, 1024 to 49151. By default 4789. API 1.40+. */
  dataPathPort?: number | undefined;
  /** Address ranges, in CIDR notation, that networks of the swarm take their subnets from. By default `10.0.0.0/8`. API 1.39+. */
  defaultAddrPool?: readonly string[] | undefined;
  /** Length of the prefix of those subnets, in bits. By default 24. API 1.39+. */
  subnetSize?: number | undefined;
  /**
   * Whether this node alone goes on with the state of the swarm that it was in, once most managers are lost. By default false.
   * Engines do not get over it wholly: start them again when the swarm stands, or they may refuse networks of the swarm.
   */
  forceNewCluster?: boolean | undefined;
  /** Settings of the swarm. What is left out gets the engine's default. */
  spec?: SwarmSpec | undefined;
  /**
   * Whether managers wait to be unlocked with a key after they have restarted. It goes into `EncryptionConfig` of the swarm's
   * settings too. By default false. API 1.25+.
   */
  autoLockManagers?: boolean | undefined;
}

const initSwarm = operation<InitSwarmOptions>({
  name: "initSwarm",
  method: "POST",
  path: "/swarm/init",
  fields: {
    ...placeFields,
    dataPathPort: member<number>("DataPathPort", { since: "1.40" }),
    defaultAddrPool: member<readonly string[]>("DefaultAddrPool", { since: "1.39" }),
    subnetSize: member<number>("SubnetSize", { since: "1.39" }),
    forceNewCluster: member<boolean>("ForceNewCluster"),
    spec: member<SwarmSpec>("Spec", { parts: within("Spec", swarmSpecVersions) }),
    autoLockManagers: member<boolean>("AutoLockManagers", { since: "1.25" }),
  },
  errors: () => swarmErrors,
});

/** Says in the settings too that managers lock themselves: without it the swarm unlocks them as soon as it is there. */
function withLock(options: InitSwarmOptions): InitSwarmOptions {
  const { autoLockManagers: AutoLockManagers, spec } = options;
  if (AutoLockManagers === undefined) return options;
  return { ...options, spec: { ...spec, EncryptionConfig: { ...spec?.EncryptionConfig, AutoLockManagers } } };
}

/** Mixed into {@link Client}. */
export default abstract class SwarmInitMixin extends Connection {
  /**
   * Makes the engine the first manager of a new swarm.
   *
   * @category Swarm
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/SwarmInit | SwarmInit}
   * @returns the ID of the engine's node.
   * @throws {@link NodeAlreadyInSwarmError} when the engine is in a swarm.
   * @throws {@link NotASwarmManagerError} when `forceNewCluster` is set and the engine is a worker.
   * @throws {@link BadRequestError} when an address or a setting cannot be, or the engine cannot choose one of its addresses.
   * @example
   * ```ts
   * await client.initSwarm({ advertiseAddr: "192.168.0.10" });
   * const { JoinTokens } = await client.inspectSwarm();
   * ```
   */
  initSwarm(options: InitSwarmOptions = {}, call?: CallOptions): Promise<string> {
    const confidential = [options.spec?.CAConfig?.SigningCAKey];
    return this.json(initSwarm, withListenAddr(withLock(options)), call, { confidential });
  }
}
