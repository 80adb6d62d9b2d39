import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { swarmObjectErrors } from "../../core/errors/swarm.js";
import { pathParam } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { Node } from "../../types/node.js";

/** Options for {@link Client.inspectNode}. */
export interface InspectNodeOptions {
  /**
   * ID, ID prefix or unique host name of the node. {@link Client.info} returns the ID of the engine's own node as
   * `Swarm.NodeID`.
   */
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
   * Returns details of a node.
   *
   * @category Nodes
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/NodeInspect | NodeInspect}
   * @throws {@link NoSuchNodeError} when the node does not exist.
   * @throws {@link BadRequestError} when the prefix or host name matches several nodes.
   * @throws {@link NodeNotInSwarmError} when the engine is not in a swarm.
   * @throws {@link NotASwarmManagerError} when the engine is a worker.
   * @throws {@link SwarmLockedError} when the swarm is locked.
   */
  inspectNode(options: InspectNodeOptions, call?: CallOptions): Promise<Node> {
    return this.json(inspectNode, options, call);
  }
}
