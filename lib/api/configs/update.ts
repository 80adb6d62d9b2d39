import type { CallOptions } from "../../core/call-options.js";
import { swarmObjectErrors } from "../../core/errors/swarm.js";
import { driverVersions } from "../../core/fields/fields.js";
import { body, integer, pathParam } from "../../core/fields/fields.js";
import { configSpec } from "../../core/members/swarm.js";
import { operation } from "../../core/operation.js";
import { type SpecUpdate, versionedUpdate, withoutVersionChecksFor } from "../../core/versioned-update.js";
import type { ConfigSpec } from "../../types/config.js";
import type { Sendable } from "../../types/util.js";
import ConfigInspectMixin from "./inspect.js";

/** Options for {@link Client.updateConfig}. */
export type UpdateConfigOptions = {
  /** ID, ID prefix or name of the config. */
  id: string;
} & SpecUpdate<ConfigSpec>;

/** The request to update a config. */
interface ConfigUpdateRequest {
  id: string;
  version: number;
  spec: Sendable<ConfigSpec>;
}

const updateConfig = operation<ConfigUpdateRequest>({
  name: "updateConfig",
  method: "POST",
  path: "/configs/{id}/update",
  since: "1.30",
  fields: {
    id: pathParam,
    version: integer("version", { required: true }),
    spec: body<ConfigSpec>({
      members: configSpec,
      required: true,
      parts: { Templating: "1.37", ...driverVersions("Templating") },
    }),
  },
  errors: ({ id }) => swarmObjectErrors("config", id),
});

/** Mixed into {@link Client}. */
export default abstract class ConfigUpdateMixin extends ConfigInspectMixin {
  /**
   * Updates the labels of a config. Other settings cannot be changed: to change a service's file, create another config.
   * API 1.30+.
   *
   * @category Configs
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ConfigUpdate | ConfigUpdate}
   * @throws {@link NoSuchConfigError} when the config does not exist.
   * @throws {@link VersionConflictError} when the config no longer has the expected version, or was changed concurrently during
   * every attempt.
   * @throws {@link BadRequestError} when the update changes anything other than the labels.
   * @throws {@link NodeNotInSwarmError} when the engine is not in a swarm.
   * @throws {@link NotASwarmManagerError} when the engine is a worker.
   * @throws {@link SwarmLockedError} when the swarm is locked.
   */
  async updateConfig(options: UpdateConfigOptions, call?: CallOptions): Promise<void> {
    const { id } = options;
    await versionedUpdate("updateConfig", options, call, {
      inspect: (inner) => this.inspectConfig({ id }, inner),
      update: (version, spec, inner, current) =>
        this.send(withoutVersionChecksFor(updateConfig, current), { ...options, version, spec }, inner),
    });
  }
}
