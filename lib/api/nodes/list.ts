import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { filters, type FilterValue } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { swarmErrors } from "../../core/errors/swarm.js";
import type { Node, NodeMembership, NodeRole } from "../../types/node.js";
import type { OneOf } from "../../types/util.js";

/** What nodes are listed. A filter with several values takes nodes that have any of them. @category Nodes */
export type ListNodesFilters = {
  /** The start of their ID. */
  id?: FilterValue | undefined;
  /** A label that their engine has: `name` or `name=value`. Unlike with other filters, it has all that are given. */
  label?: FilterValue | undefined;
  /** Whether they have been let into the swarm. */
  membership?: OneOf<NodeMembership> | undefined;
  /** The start of their host name. */
  name?: FilterValue | undefined;
  /** A label that the swarm gives them: `name` or `name=value`. Unlike with other filters, they have all that are given. API 1.40+. */
  "node.label"?: FilterValue | undefined;
  /** Their part in the swarm. */
  role?: OneOf<NodeRole> | undefined;
};

/** Options of {@link Client.listNodes}. */
export interface ListNodesOptions {
  /** What to list. By default all nodes. */
  filters?: ListNodesFilters | undefined;
}

const listNodes = operation<ListNodesOptions>({
  name: "listNodes",
  method: "GET",
  path: "/nodes",
  fields: { filters: filters<ListNodesFilters>({ "node.label": "1.40" }) },
  errors: () => swarmErrors,
});

/** Mixed into {@link Client}. */
export default abstract class NodeListMixin extends Connection {
  /**
   * Lists the nodes of the swarm.
   *
   * @category Nodes
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/NodeList | NodeList}
   * @throws {@link NodeNotInSwarmError} when the engine is in no swarm.
   * @throws {@link NotASwarmManagerError} when it is a worker.
   * @throws {@link SwarmLockedError} when it waits to be unlocked.
   * @throws {@link BadRequestError} when the value of a filter cannot be.
   * @example
   * ```ts
   * const workers = await client.listNodes({ filters: { role: "worker", "node.label": "disk=ssd" } });
   * ```
   */
  listNodes(options: ListNodesOptions = {}, call?: CallOptions): Promise<Node[]> {
    return this.json(listNodes, options, call);
  }
}
