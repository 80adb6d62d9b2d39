import { Connection } from "../../core/connection.js";
import { mixin } from "../../core/mixin.js";
import { PluginConfiguration } from "./configure.js";
import { PluginCreation } from "./create.js";
import { PluginEnabling } from "./enable.js";
import { PluginInspection } from "./inspect.js";
import { PluginInstallation } from "./install.js";
import { PluginList } from "./list.js";
import { PluginPrivileges } from "./privileges.js";
import { PluginPush } from "./push.js";
import { PluginRemoval } from "./remove.js";
import { PluginUpgrade } from "./upgrade.js";

/** The operations on plugins. Part of {@link Client}. */
export abstract class PluginApi extends Connection {}
export interface PluginApi
  extends
    PluginConfiguration,
    PluginCreation,
    PluginEnabling,
    PluginInspection,
    PluginInstallation,
    PluginList,
    PluginPrivileges,
    PluginPush,
    PluginRemoval,
    PluginUpgrade {}
mixin(PluginApi, [
  PluginConfiguration,
  PluginCreation,
  PluginEnabling,
  PluginInspection,
  PluginInstallation,
  PluginList,
  PluginPrivileges,
  PluginPush,
  PluginRemoval,
  PluginUpgrade,
]);
