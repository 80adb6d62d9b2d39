import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { referenceParam } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { Plugin } from "../../types/plugin.js";
import { pluginErrors } from "./errors.js";

/** Options for {@link Client.inspectPlugins}. */
export interface InspectPluginsOptions {
  /** Name or ID of the plugin. The tag defaults to `latest`. */
  name: string;
}

/** Exported for operations that inspect a plugin first. */
export const inspectPlugins = operation<InspectPluginsOptions>({
  name: "inspectPlugins",
  method: "GET",
  path: "/plugins/{name}/json",
  fields: { name: referenceParam },
  errors: ({ name }) => pluginErrors(name),
});

/** Mixed into {@link Client}. */
export default abstract class PluginInspectMixin extends Connection {
  /**
   * Returns details of a plugin.
   *
   * @category Plugins
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/PluginInspect | PluginInspect}
   * @throws {@link NoSuchPluginError} when the plugin does not exist.
   * @throws {@link BadRequestError} when the ID prefix matches several plugins.
   */
  inspectPlugins(options: InspectPluginsOptions, call?: CallOptions): Promise<Plugin> {
    return this.json(inspectPlugins, options, call);
  }
}
