import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { pathParam } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { pluginErrors } from "./errors.js";
import type { Plugin } from "../../types/plugin.js";

/** Options of {@link Client.inspectPlugins}. */
export interface InspectPluginsOptions {
  /** Name or ID of the plugin. Without a tag it is `latest`. */
  name: string;
}

/** Shared with what needs to know of a plugin before it goes on. */
export const inspectPlugins = operation<InspectPluginsOptions>({
  name: "inspectPlugins",
  method: "GET",
  path: "/plugins/{name}/json",
  fields: { name: pathParam },
  errors: ({ name }) => pluginErrors(name),
});

/** Mixed into {@link Client}. */
export default abstract class PluginInspectMixin extends Connection {
  /**
   * Gives all that the engine knows of a plugin.
   *
   * @category Plugins
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/PluginInspect | PluginInspect}
   * @throws {@link NoSuchPluginError} when there is no such plugin.
   * @throws {@link BadRequestError} when several plugins have an ID that begins so.
   */
  inspectPlugins(options: InspectPluginsOptions, call?: CallOptions): Promise<Plugin> {
    return this.json(inspectPlugins, options, call);
  }
}
