import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { flag, integer, referenceParam } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { pluginErrors } from "./errors.js";

/** Options for {@link Client.enablePlugin}. */
export interface EnablePluginOptions {
  /** Name or ID of the plugin. */
  name: string;
  /**
   * Timeout for all responses of the plugin, including those after it is enabled, in seconds. Defaults to 0, which means no
   * timeout.
   */
  timeout?: number | undefined;
}

const enablePlugin = operation<EnablePluginOptions>({
  name: "enablePlugin",
  method: "POST",
  path: "/plugins/{name}/enable",
  slow: true,
  fields: { name: referenceParam, timeout: integer("timeout") },
  errors: ({ name }) => pluginErrors(name),
});

/** Options for {@link Client.disablePlugin}. */
export interface DisablePluginOptions {
  /** Name or ID of the plugin. */
  name: string;
  /** Whether to disable the plugin even if it is in use. Defaults to false. API 1.28+. */
  force?: boolean | undefined;
}

const disablePlugin = operation<DisablePluginOptions>({
  name: "disablePlugin",
  method: "POST",
  path: "/plugins/{name}/disable",
  slow: true,
  fields: { name: referenceParam, force: flag("force", { since: "1.28" }) },
  errors: ({ name }) => pluginErrors(name),
});

/** Mixed into {@link Client}. */
export default abstract class PluginEnableMixin extends Connection {
  /**
   * Enables a plugin, so that containers can use it.
   *
   * @category Plugins
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/PluginEnable | PluginEnable}
   * @throws {@link NoSuchPluginError} when the plugin does not exist.
   * @throws {@link PluginEnabledError} when the plugin is already enabled.
   * @throws {@link ServerError} when the plugin does not start or does not respond.
   */
  async enablePlugin(options: EnablePluginOptions, call?: CallOptions): Promise<void> {
    // engines require a timeout
    const timeout = options.timeout ?? 0;
    await this.send(enablePlugin, { ...options, timeout }, call);
  }

  /**
   * Disables a plugin, so that it cannot be used until it is enabled again.
   *
   * @category Plugins
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/PluginDisable | PluginDisable}
   * @throws {@link NoSuchPluginError} when the plugin does not exist.
   * @throws {@link PluginInUseError} when a volume or network uses the plugin and `force` is not set.
   * @throws {@link PluginDisabledError} when the plugin is already disabled.
   */
  async disablePlugin(options: DisablePluginOptions, call?: CallOptions): Promise<void> {
    await this.send(disablePlugin, options, call);
  }
}
