import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { swarmObjectErrors } from "../../core/errors/swarm.js";
import { flag, pathParam } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";

/** Options for {@link Client.removeNode}. */
export interface RemoveNodeOptions {
  /** ID, ID prefix or host name of the node. */
  id: string;
  /** Whether to remove the node even if it is not down. Defaults to false. */
  force?: boolean | undefined;
}

const removeNode = operation<RemoveNodeOptions>({
  name: "removeNode",
  method: "DELETE",
  path: "/nodes/{id}",
  fields: { id: pathParam, force: flag("force") },
  errors: ({ id }) => swarmObjectErrors("node", id),
});

/** Mixed into {@link Client}. */
export default abstract class NodeRemoveMixin extends Connection {
  /**
   * Removes a node from the swarm. Unless `force` is set, the node must first leave the swarm with {@link Client.leaveSwarm}.
   *
   * @category Nodes
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/NodeDelete | NodeDelete}
   * @throws {@link NoSuchNodeError} when the node does not exist.
   * @throws {@link NodeIsManagerError} when the node is a manager. It must be demoted first, even with `force`.
   * @throws {@link NodeNotDownError} when the node is not down and `force` is not set.
   * @throws {@link NodeNotInSwarmError} when the engine is not in a swarm.
   * @throws {@link NotASwarmManagerError} when the engine is a worker.
   * @throws {@link SwarmLockedError} when the swarm is locked.
   */
  async removeNode(options: RemoveNodeOptions, call?: CallOptions): Promise<void> {
    await this.send(removeNode, options, call);
  }
}
