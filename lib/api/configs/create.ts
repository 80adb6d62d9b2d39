import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { swarmCreationErrors } from "../../core/errors/swarm.js";
import { base64, type Bytes } from "../../core/fields/fields.js";
import { driver } from "../../core/fields/fields.js";
import { member } from "../../core/fields/fields.js";
import { map } from "../../core/members/shape.js";
import { operation } from "../../core/operation.js";
import type { Driver } from "../../types/common.js";
import type { ConfigCreateResponse } from "../../types/config.js";
import type { Sendable } from "../../types/util.js";

/** Options for {@link Client.createConfig}. */
export interface CreateConfigOptions {
  /** Name of the config: at most 64 letters, digits, `_`, `.` and `-`. */
  name: string;
  /** Data of the config: bytes, or a string that is encoded as UTF-8. Must not be empty. Maximum size: 1,000 KiB. */
  data: Bytes;
  /** Labels of the config. */
  labels?: Readonly<Record<string, string>> | undefined;
  /**
   * Driver that expands `data` as a template for each task, such as `{ Name: "golang" }`. If omitted, `data` is not a template.
   * API 1.37+.
   */
  templating?: Sendable<Driver> | undefined;
}

const createConfig = operation<CreateConfigOptions>({
  name: "createConfig",
  method: "POST",
  path: "/configs/create",
  since: "1.30",
  fields: {
    name: member<string>("Name", { required: true }),
    data: base64("Data", { required: true }),
    labels: member<Readonly<Record<string, string>>>("Labels", { members: map }),
    templating: driver("Templating", "1.37"),
  },
  errors: ({ name }) => swarmCreationErrors("config", name),
});

/** Mixed into {@link Client}. */
export default abstract class ConfigCreateMixin extends Connection {
  /**
   * Creates a config, which services can mount as a file. API 1.30+.
   *
   * @category Configs
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ConfigCreate | ConfigCreate}
   * @throws {@link SwarmObjectAlreadyExistsError} when another config has the same name.
   * @throws {@link BadRequestError} when the name or the data is invalid.
   * @throws {@link NodeNotInSwarmError} when the engine is not in a swarm.
   * @throws {@link NotASwarmManagerError} when the engine is a worker.
   * @throws {@link SwarmLockedError} when the swarm is locked.
   * @example
   * ```ts
   * const { ID } = await client.createConfig({ name: "motd-1", data: await readFile("motd") });
   * ```
   */
  createConfig(options: CreateConfigOptions, call?: CallOptions): Promise<ConfigCreateResponse> {
    return this.json(createConfig, options, call);
  }
}
