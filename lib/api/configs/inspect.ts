import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { swarmObjectErrors } from "../../core/errors/swarm.js";
import { pathParam } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { Config } from "../../types/config.js";

/** Options for {@link Client.inspectConfig}. */
export interface InspectConfigOptions {
  /** ID, ID prefix or name of the config. */
  id: string;
}

const inspectConfig = operation<InspectConfigOptions>({
  name: "inspectConfig",
  method: "GET",
  path: "/configs/{id}",
  since: "1.30",
  fields: { id: pathParam },
  errors: ({ id }) => swarmObjectErrors("config", id),
});

/** Mixed into {@link Client}. */
export default abstract class ConfigInspectMixin extends Connection {
  /**
   * Returns details of a config, including its data in base64. API 1.30+.
   *
   * @category Configs
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ConfigInspect | ConfigInspect}
   * @throws {@link NoSuchConfigError} when the config does not exist.
   * @throws {@link NodeNotInSwarmError} when the engine is not in a swarm.
   * @throws {@link NotASwarmManagerError} when the engine is a worker.
   * @throws {@link SwarmLockedError} when the swarm is locked.
   * @example
   * ```ts
   * const { Spec } = await client.inspectConfig({ id: "motd-1" });
   * const text = Buffer.from(Spec.Data ?? "", "base64").toString();
   * ```
   */
  inspectConfig(options: InspectConfigOptions, call?: CallOptions): Promise<Config> {
    return this.json(inspectConfig, options, call);
  }
}
