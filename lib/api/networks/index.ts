import { Connection } from "../../core/connection.js";
import { type Merged, mixin } from "../../core/mixin.js";
import NetworkConnectMixin from "./connect.js";
import NetworkCreateMixin from "./create.js";
import NetworkInspectMixin from "./inspect.js";
import NetworkListMixin from "./list.js";
import NetworkPruneMixin from "./prune.js";
import NetworkRemoveMixin from "./remove.js";

export * from "./connect.js";
export * from "./create.js";
export * from "./inspect.js";
export * from "./list.js";
export * from "./prune.js";
export * from "./remove.js";

const parts = [
  NetworkCreateMixin,
  NetworkInspectMixin,
  NetworkListMixin,
  NetworkConnectMixin,
  NetworkPruneMixin,
  NetworkRemoveMixin,
] as const;

/** The operations on networks. Mixed into {@link Client}. */
abstract class NetworkApi extends Connection {}
interface NetworkApi extends Merged<typeof parts> {}
mixin(NetworkApi, parts);

export default NetworkApi;
