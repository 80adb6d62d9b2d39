import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { swarmErrors } from "../../core/errors/swarm.js";
import { filters, type FilterValue } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { Node, NodeMembership, NodeRole } from "../../types/node.js";
import type { OneOf } from "../../types/util.js";

/** Filters for nodes. A filter with several values matches nodes that match any of them. @category Nodes */
export type ListNodesFilters = {
  /** Prefix of the ID. */
  id?: FilterValue | undefined;
  /** Label of the node's engine: `name` or `name=value`. Unlike with other filters, all values must match. */
  label?: FilterValue | undefined;
  /** Whether the swarm has accepted the node. */
  membership?: OneOf<NodeMembership> | undefined;
  /** Prefix of the host name. */
  name?: FilterValue | undefined;
  /** Label of the node in the swarm: `name` or `name=value`. All values must match. API 1.40+. */
  "node.label"?: FilterValue | undefined;
  /** Role of the node in the swarm. */
  role?: OneOf<NodeRole> | undefined;
};

/** Options for {@link Client.listNodes}. */
export interface ListNodesOptions {
  /** Filters for the nodes to list. */
  filters?: ListNodesFilters | undefined;
}

const listNodes = operation<ListNodesOptions>({
  name: "listNodes",
  method: "GET",
  path: "/nodes",
  fields: {
    filters: filters<ListNodesFilters>({ id: true, label: true, membership: true, name: true, "node.label": "1.40", role: true }),
  },
  errors: () => swarmErrors,
});

/** Mixed into {@link Client}. */
export default abstract class NodeListMixin extends Connection {
  /**
   * Lists the nodes of the swarm.
   *
   * @category Nodes
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/NodeList | NodeList}
   * @throws {@link NodeNotInSwarmError} when the engine is not in a swarm.
   * @throws {@link NotASwarmManagerError} when the engine is a worker.
   * @throws {@link SwarmLockedError} when the swarm is locked.
   * @throws {@link BadRequestError} when a filter value is invalid.
   * @example
   * ```ts
   * const workers = await client.listNodes({ filters: { role: "worker", "node.label": "disk=ssd" } });
   * ```
   */
  listNodes(options: ListNodesOptions = {}, call?: CallOptions): Promise<Node[]> {
    return this.json(listNodes, options, call);
  }
}
