import { Connection } from "../../core/connection.js";
import { type Merged, mixin } from "../../core/mixin.js";
import PluginConfigureMixin from "./configure.js";
import PluginCreateMixin from "./create.js";
import PluginEnableMixin from "./enable.js";
import PluginInspectMixin from "./inspect.js";
import PluginInstallMixin from "./install.js";
import PluginListMixin from "./list.js";
import PluginPrivilegesMixin from "./privileges.js";
import PluginPushMixin from "./push.js";
import PluginRemoveMixin from "./remove.js";
import PluginUpgradeMixin from "./upgrade.js";

export * from "./configure.js";
export * from "./create.js";
export * from "./enable.js";
export type { PluginGrantOptions } from "./grant.js";
export type { InspectPluginsOptions } from "./inspect.js";
export type { InstallPluginsOptions, InstallPluginsResult } from "./install.js";
export * from "./list.js";
export * from "./privileges.js";
export * from "./push.js";
export * from "./remove.js";
export * from "./upgrade.js";

const parts = [
  PluginConfigureMixin,
  PluginCreateMixin,
  PluginEnableMixin,
  PluginInspectMixin,
  PluginInstallMixin,
  PluginListMixin,
  PluginPrivilegesMixin,
  PluginPushMixin,
  PluginRemoveMixin,
  PluginUpgradeMixin,
] as const;

/** The operations on plugins. Mixed into {@link Client}. */
abstract class PluginApi extends Connection {}
interface PluginApi extends Merged<typeof parts> {}
mixin(PluginApi, parts);

export default PluginApi;
