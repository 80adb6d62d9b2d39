import type { CallOptions, NoOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { swarmErrors } from "../../core/errors/swarm.js";
import { member } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { SwarmUnlockKey } from "../../types/swarm.js";
import { swarmUnlockErrors } from "./errors.js";

/** Options for {@link Client.unlockSwarm}. */
export interface UnlockSwarmOptions {
  /** The unlock key, which {@link Client.getSwarmUnlockKey} returns while the swarm is unlocked. */
  unlockKey: string;
}

const getSwarmUnlockKey = operation<NoOptions>({
  name: "getSwarmUnlockKey",
  method: "GET",
  path: "/swarm/unlockkey",
  since: "1.25",
  fields: {},
  errors: () => swarmErrors,
});

const unlockSwarm = operation<UnlockSwarmOptions>({
  name: "unlockSwarm",
  method: "POST",
  path: "/swarm/unlock",
  slow: true,
  since: "1.25",
  fields: { unlockKey: member<string>("UnlockKey", { required: true }) },
  errors: () => swarmUnlockErrors,
});

/** Mixed into {@link Client}. */
export default abstract class SwarmUnlockMixin extends Connection {
  /**
   * Returns the key that unlocks managers after a restart. The key is empty if `EncryptionConfig.AutoLockManagers` is off in
   * the settings of the swarm. API 1.25+.
   *
   * @category Swarm
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/SwarmUnlockkey | SwarmUnlockkey}
   * @throws {@link NodeNotInSwarmError} when the engine is not in a swarm.
   * @throws {@link NotASwarmManagerError} when the engine is a worker.
   * @throws {@link SwarmLockedError} when the swarm is locked.
   */
  getSwarmUnlockKey(options: NoOptions = {}, call?: CallOptions): Promise<SwarmUnlockKey> {
    return this.json(getSwarmUnlockKey, options, call);
  }

  /**
   * Unlocks a manager after a restart. API 1.25+.
   *
   * @category Swarm
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/SwarmUnlock | SwarmUnlock}
   * @throws {@link InvalidUnlockKeyError} when the key is wrong.
   * @throws {@link SwarmNotLockedError} when the manager is not locked.
   * @throws {@link NodeNotInSwarmError} when the engine is not in a swarm.
   * @throws {@link NotASwarmManagerError} when the engine is a worker.
   */
  async unlockSwarm(options: UnlockSwarmOptions, call?: CallOptions): Promise<void> {
    await this.send(unlockSwarm, options, call);
  }
}
