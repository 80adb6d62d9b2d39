import { Connection } from "../../core/connection.js";
import { mixin } from "../../core/mixin.js";
import { ServiceCreation } from "./create.js";
import { ServiceInspection } from "./inspect.js";
import { ServiceList } from "./list.js";
import { ServiceLogs } from "./logs.js";
import { ServiceRemoval } from "./remove.js";
import { ServiceUpdate } from "./update.js";

/** The operations on services. Part of {@link Client}. */
export abstract class ServiceApi extends Connection {}
export interface ServiceApi extends ServiceCreation, ServiceInspection, ServiceList, ServiceLogs, ServiceRemoval, ServiceUpdate {}
mixin(ServiceApi, [ServiceCreation, ServiceInspection, ServiceList, ServiceLogs, ServiceRemoval, ServiceUpdate]);
