import { Connection } from "../../core/connection.js";
import { mixin } from "../../core/mixin.js";
import { SystemAuth } from "./auth.js";
import { SystemDiskUsage } from "./disk-usage.js";
import { SystemInformation } from "./info.js";
import { SystemPing } from "./ping.js";
import { SystemRequest } from "./request.js";

/** The operations on the engine itself. Part of {@link Client}. */
export abstract class SystemApi extends Connection {}
export interface SystemApi extends SystemAuth, SystemDiskUsage, SystemInformation, SystemPing, SystemRequest {}
mixin(SystemApi, [SystemAuth, SystemDiskUsage, SystemInformation, SystemPing, SystemRequest]);
