import { Connection } from "../../core/connection.js";
import { type Merged, mixin } from "../../core/mixin.js";
import NodeInspectMixin from "./inspect.js";
import NodeListMixin from "./list.js";
import NodeRemoveMixin from "./remove.js";
import NodeUpdateMixin from "./update.js";

export * from "./inspect.js";
export * from "./list.js";
export * from "./remove.js";
export * from "./update.js";

const parts = [NodeInspectMixin, NodeListMixin, NodeRemoveMixin, NodeUpdateMixin] as const;

/** The operations on nodes of a swarm. Mixed into {@link Client}. */
abstract class NodeApi extends Connection {}
interface NodeApi extends Merged<typeof parts> {}
mixin(NodeApi, parts);

export default NodeApi;
