import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { pathParam } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { swarmObjectErrors } from "../../core/errors/swarm.js";
import type { Node } from "../../types/node.js";

/** Options of {@link Client.inspectNode}. */
export interface InspectNodeOptions {
  /** ID of the node, or its beginning, or its host name if no other node has that. `Swarm.NodeID` of {@link Client.info} is the engine's own. */
  id: string;
}

const inspectNode = operation<InspectNodeOptions>({
  name: "inspectNode",
  method: "GET",
  path: "/nodes/{id}",
  fields: { id: pathParam },
  errors: ({ id }) => swarmObjectErrors("node", id),
});

/** Mixed into {@link Client}. */
export default abstract class NodeInspectMixin extends Connection {
  /**
   * Tells everything about one node of the swarm.
   *
   * @category Nodes
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/NodeInspect | NodeInspect}
   * @throws {@link NoSuchNodeError} when there is no such node.
   * @throws {@link BadRequestError} when several nodes are meant.
   * @throws {@link NodeNotInSwarmError} when the engine is in no swarm.
   * @throws {@link NotASwarmManagerError} when it is a worker.
   * @throws {@link SwarmLockedError} when it waits to be unlocked.
   */
  inspectNode(options: InspectNodeOptions, call?: CallOptions): Promise<Node> {
    return this.json(inspectNode, options, call);
  }
}
