import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { flag, referenceParam } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { pluginErrors } from "./errors.js";

/** Options for {@link Client.removePlugin}. */
export interface RemovePluginOptions {
  /** Name or ID of the plugin. */
  name: string;
  /** Whether to remove the plugin even if it is enabled or in use. Defaults to false. API 1.25+. */
  force?: boolean | undefined;
}

const removePlugin = operation<RemovePluginOptions>({
  name: "removePlugin",
  method: "DELETE",
  path: "/plugins/{name}",
  slow: true,
  fields: { name: referenceParam, force: flag("force", { since: "1.25" }) },
  errors: ({ name }) => pluginErrors(name),
});

/** Mixed into {@link Client}. */
export default abstract class PluginRemoveMixin extends Connection {
  /**
   * Removes a plugin and its data. Contrary to Docker's documentation, engines do not return the removed plugin.
   *
   * @category Plugins
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/PluginDelete | PluginDelete}
   * @throws {@link NoSuchPluginError} when the plugin does not exist.
   * @throws {@link PluginEnabledError} when the plugin is enabled and `force` is not set.
   * @throws {@link PluginInUseError} when a volume or network uses the plugin and `force` is not set.
   */
  async removePlugin(options: RemovePluginOptions, call?: CallOptions): Promise<void> {
    await this.send(removePlugin, options, call);
  }
}
