import { Connection } from "../../core/connection.js";
import { mixin } from "../../core/mixin.js";
import { ConfigCreation } from "./create.js";
import { ConfigInspection } from "./inspect.js";
import { ConfigList } from "./list.js";
import { ConfigRemoval } from "./remove.js";
import { ConfigUpdate } from "./update.js";

/** The operations on configs of a swarm. Part of {@link Client}. */
export abstract class ConfigApi extends Connection {}
export interface ConfigApi extends ConfigCreation, ConfigInspection, ConfigList, ConfigRemoval, ConfigUpdate {}
mixin(ConfigApi, [ConfigCreation, ConfigInspection, ConfigList, ConfigRemoval, ConfigUpdate]);
