import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { filters, type FilterValue } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { Plugin } from "../../types/plugin.js";

/** Filters for {@link Client.listPlugins}. */
export interface ListPluginsFilters {
  /** A capability of the plugin, such as `volumedriver`, `networkdriver` or `authz`. */
  capability?: FilterValue | undefined;
  /** Whether the plugin is enabled. */
  enabled?: boolean | undefined;
}

/** Options for {@link Client.listPlugins}. */
export interface ListPluginsOptions {
  /** Filters for the plugins to list. API 1.28+. */
  filters?: ListPluginsFilters | undefined;
}

const listPlugins = operation<ListPluginsOptions>({
  name: "listPlugins",
  method: "GET",
  path: "/plugins",
  fields: {
    filters: filters<{ capability?: FilterValue; enabled?: boolean }>({ capability: true, enabled: true }, { since: "1.28" }),
  },
});

/** Mixed into {@link Client}. */
export default abstract class PluginListMixin extends Connection {
  /**
   * Lists the plugins that the engine manages. Legacy plugins, which the engine does not manage, are listed by
   * {@link Client.info}.
   *
   * @category Plugins
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/PluginList | PluginList}
   * @throws {@link BadRequestError} when a filter value is invalid.
   */
  listPlugins(options: ListPluginsOptions = {}, call?: CallOptions): Promise<Plugin[]> {
    return this.json(listPlugins, options, call);
  }
}
