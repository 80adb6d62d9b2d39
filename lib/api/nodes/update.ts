import type { CallOptions } from "../../core/call-options.js";
import { swarmObjectErrors } from "../../core/errors/swarm.js";
import { body, integer, pathParam } from "../../core/fields/fields.js";
import { nodeSpec } from "../../core/members/swarm.js";
import { operation } from "../../core/operation.js";
import { type SpecUpdate, versionedUpdate } from "../../core/versioned-update.js";
import type { NodeSpec } from "../../types/node.js";
import type { Sendable } from "../../types/util.js";
import NodeInspectMixin from "./inspect.js";

/** Options for {@link Client.updateNode}. */
export type UpdateNodeOptions = {
  /** ID of the node. */
  id: string;
} & SpecUpdate<NodeSpec>;

/** The request to update a node. */
interface NodeUpdateRequest {
  id: string;
  version: number;
  spec: Sendable<NodeSpec>;
}

const updateNode = operation<NodeUpdateRequest>({
  name: "updateNode",
  method: "POST",
  path: "/nodes/{id}/update",
  fields: {
    id: pathParam,
    version: integer("version", { required: true }),
    spec: body<NodeSpec>({ members: nodeSpec, required: true }),
  },
  errors: ({ id }) => swarmObjectErrors("node", id),
});

/** Mixed into {@link Client}. */
export default abstract class NodeUpdateMixin extends NodeInspectMixin {
  /**
   * Updates a node's labels, role or availability.
   *
   * @category Nodes
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/NodeUpdate | NodeUpdate}
   * @throws {@link NoSuchNodeError} when the node does not exist.
   * @throws {@link VersionConflictError} when the node no longer has the expected version, or was changed concurrently during
   * every attempt.
   * @throws {@link ConflictError} when demoting the node would leave the swarm without a manager or without a quorum of
   * managers.
   * @throws {@link BadRequestError} when a setting is invalid.
   * @throws {@link NodeNotInSwarmError} when the engine is not in a swarm.
   * @throws {@link NotASwarmManagerError} when the engine is a worker.
   * @throws {@link SwarmLockedError} when the swarm is locked.
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
