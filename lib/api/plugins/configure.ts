import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { bodyList, referenceParam } from "../../core/fields/fields.js";
import { list } from "../../core/members/shape.js";
import { operation } from "../../core/operation.js";
import { pluginErrors } from "./errors.js";

/** Options for {@link Client.configurePlugin}. */
export interface ConfigurePluginOptions {
  /** Name or ID of the plugin. */
  name: string;
  /**
   * The settings, as `name=value` with the names from the plugin's configuration: an environment variable (`DEBUG=1`), the
   * arguments (`args=--fast --loud`), the source of a mount (`data.source=/srv/data`), or the path of a device
   * (`disk.path=/dev/sdb`).
   */
  settings: readonly string[];
}

const configurePlugin = operation<ConfigurePluginOptions>({
  name: "configurePlugin",
  method: "POST",
  path: "/plugins/{name}/set",
  since: "1.25",
  fields: { name: referenceParam, settings: bodyList({ members: list, required: true }) },
  errors: ({ name }) => pluginErrors(name),
});

/** Mixed into {@link Client}. */
export default abstract class PluginConfigureMixin extends Connection {
  /**
   * Changes the settings of a plugin. The plugin must be disabled.
   *
   * @category Plugins
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/PluginSet | PluginSet}
   * @throws {@link NoSuchPluginError} when the plugin does not exist.
   * @throws {@link PluginEnabledError} when the plugin is enabled.
   * @throws {@link BadRequestError} when a setting does not exist or cannot be changed.
   * @example
   * ```ts
   * await client.configurePlugin({ name: "vieux/sshfs", settings: ["DEBUG=1"] });
   * ```
   */
  async configurePlugin(options: ConfigurePluginOptions, call?: CallOptions): Promise<void> {
    await this.send(configurePlugin, options, call);
  }
}
