import { Connection } from "../../core/connection.js";
import { mixin } from "../../core/mixin.js";
import { NodeInspection } from "./inspect.js";
import { NodeList } from "./list.js";
import { NodeRemoval } from "./remove.js";
import { NodeUpdate } from "./update.js";

/** The operations on nodes of a swarm. Part of {@link Client}. */
export abstract class NodeApi extends Connection {}
export interface NodeApi extends NodeInspection, NodeList, NodeRemoval, NodeUpdate {}
mixin(NodeApi, [NodeInspection, NodeList, NodeRemoval, NodeUpdate]);
