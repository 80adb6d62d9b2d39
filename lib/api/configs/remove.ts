import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { swarmObjectErrors } from "../../core/errors/swarm.js";
import { pathParam } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";

/** Options for {@link Client.removeConfig}. */
export interface RemoveConfigOptions {
  /** ID, ID prefix or name of the config. */
  id: string;
}

const removeConfig = operation<RemoveConfigOptions>({
  name: "removeConfig",
  method: "DELETE",
  path: "/configs/{id}",
  since: "1.30",
  fields: { id: pathParam },
  errors: ({ id }) => swarmObjectErrors("config", id),
});

/** Mixed into {@link Client}. */
export default abstract class ConfigRemoveMixin extends Connection {
  /**
   * Removes a config. API 1.30+.
   *
   * @category Configs
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ConfigDelete | ConfigDelete}
   * @throws {@link NoSuchConfigError} when the config does not exist.
   * @throws {@link SwarmObjectInUseError} when a service uses the config.
   * @throws {@link NodeNotInSwarmError} when the engine is not in a swarm.
   * @throws {@link NotASwarmManagerError} when the engine is a worker.
   * @throws {@link SwarmLockedError} when the swarm is locked.
   */
  async removeConfig(options: RemoveConfigOptions, call?: CallOptions): Promise<void> {
    await this.send(removeConfig, options, call);
  }
}
