import { Connection } from "../../core/connection.js";
import { type Merged, mixin } from "../../core/mixin.js";
import SystemAuthMixin from "./auth.js";
import SystemDiskUsageMixin from "./disk-usage.js";
import SystemInfoMixin from "./info.js";
import SystemPingMixin from "./ping.js";
import SystemRequestMixin from "./request.js";

export * from "./disk-usage-summary.js";
export * from "./disk-usage.js";
export * from "./env.js";
export * from "./request.js";

const parts = [SystemAuthMixin, SystemDiskUsageMixin, SystemInfoMixin, SystemPingMixin, SystemRequestMixin] as const;

/** The operations on the engine itself. Mixed into {@link Client}. */
abstract class SystemApi extends Connection {}
interface SystemApi extends Merged<typeof parts> {}
mixin(SystemApi, parts);

export default SystemApi;
