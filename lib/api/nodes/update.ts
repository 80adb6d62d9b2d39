import type { CallOptions } from "../../core/call-options.js";
import { body, pathParam, integer } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { type SpecUpdate, versionedUpdate } from "../../core/versioned-update.js";
import { swarmObjectErrors } from "../../core/errors/swarm.js";
import type { NodeSpec } from "../../types/node.js";
import NodeInspectMixin from "./inspect.js";

/** Options of {@link Client.updateNode}. */
export type UpdateNodeOptions = {
  /** ID of the node. */
  id: string;
} & SpecUpdate<NodeSpec>;

/** What an update of a node sends. */
interface NodeUpdateRequest {
  id: string;
  version: number;
  spec: NodeSpec;
}

const updateNode = operation<NodeUpdateRequest>({
  name: "updateNode",
  method: "POST",
  path: "/nodes/{id}/update",
  fields: { id: pathParam, version: integer("version", { required: true }), spec: body<NodeSpec>({ required: true }) },
  errors: ({ id }) => swarmObjectErrors("node", id),
});

/** Mixed into {@link Client}. */
export default abstract class NodeUpdateMixin extends NodeInspectMixin {
  /**
   * Changes a node's labels, its part in the swarm, or whether it runs tasks.
   *
   * @category Nodes
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/NodeUpdate | NodeUpdate}
   * @throws {@link NoSuchNodeError} when there is no such node.
   * @throws {@link VersionConflictError} when the node is in another version, or others changed it each time.
   * @throws {@link ConflictError} when the swarm cannot do without it as a manager.
   * @throws {@link BadRequestError} when a setting cannot be.
   * @throws {@link NodeNotInSwarmError} when the engine is in no swarm.
   * @throws {@link NotASwarmManagerError} when it is a worker.
   * @throws {@link SwarmLockedError} when it waits to be unlocked.
   * @example
   * ```ts
   * await client.updateNode({ id, spec: (spec) => ({ ...spec, Availability: "drain" }) });
   * ```
   */
  async updateNode(options: UpdateNodeOptions, call?: CallOptions): Promise<void> {
    const { id } = options;
    await versionedUpdate("updateNode", options, call, {
      inspect: (inner) => this.inspectNode({ id }, inner),
      update: (version, spec, inner) => this.send(updateNode, { ...options, version, spec }, inner),
    });
  }
}
