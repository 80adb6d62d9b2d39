import { Connection } from "../../core/connection.js";
import { type Merged, mixin } from "../../core/mixin.js";
import ConfigCreateMixin from "./create.js";
import ConfigInspectMixin from "./inspect.js";
import ConfigListMixin from "./list.js";
import ConfigRemoveMixin from "./remove.js";
import ConfigUpdateMixin from "./update.js";

export * from "./create.js";
export * from "./inspect.js";
export * from "./list.js";
export * from "./remove.js";
export * from "./update.js";

const parts = [ConfigCreateMixin, ConfigInspectMixin, ConfigListMixin, ConfigRemoveMixin, ConfigUpdateMixin] as const;

/** The operations on configs of a swarm. Mixed into {@link Client}. */
abstract class ConfigApi extends Connection {}
interface ConfigApi extends Merged<typeof parts> {}
mixin(ConfigApi, parts);

export default ConfigApi;
