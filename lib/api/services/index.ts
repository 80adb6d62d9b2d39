import { Connection } from "../../core/connection.js";
import { type Merged, mixin } from "../../core/mixin.js";
import ServiceCreateMixin from "./create.js";
import ServiceInspectMixin from "./inspect.js";
import ServiceListMixin from "./list.js";
import ServiceLogsMixin from "./logs.js";
import ServiceRemoveMixin from "./remove.js";
import ServiceUpdateMixin from "./update.js";

export * from "./create.js";
export * from "./inspect.js";
export * from "./list.js";
export * from "./logs.js";
export * from "./remove.js";
export * from "./update.js";

const parts = [
  ServiceCreateMixin,
  ServiceInspectMixin,
  ServiceListMixin,
  ServiceLogsMixin,
  ServiceRemoveMixin,
  ServiceUpdateMixin,
] as const;

/** The operations on services. Mixed into {@link Client}. */
abstract class ServiceApi extends Connection {}
interface ServiceApi extends Merged<typeof parts> {}
mixin(ServiceApi, parts);

export default ServiceApi;
