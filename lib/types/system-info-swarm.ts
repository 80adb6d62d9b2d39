import type { ClusterInfo } from "./swarm-spec.js";

/**
 * Swarm state of an engine.
 *
 * @enum
 * @category System
 */
export const LocalNodeState = {
  /** Unknown. */
  Unknown: "",
  /** Not in a swarm. */
  Inactive: "inactive",
  /** Joining a swarm. */
  Pending: "pending",
  /** In a swarm. */
  Active: "active",
  /** In a swarm, with an error. */
  Error: "error",
  /** A locked manager that must be unlocked. */
  Locked: "locked",
} as const;

/** Swarm state of an engine. @category System */
export type LocalNodeState = (typeof LocalNodeState)[keyof typeof LocalNodeState];

/** A manager in the swarm. @category System */
export interface PeerNode {
  /** ID of the node. */
  NodeID: string;
  /** Address and port of the manager. */
  Addr: string;
}

/** Swarm status of the engine. @category System */
export interface SwarmInfo {
  /** ID of the node. Empty outside a swarm. */
  NodeID: string;
  /** Address that other nodes use to reach the node. Empty outside a swarm. */
  NodeAddr: string;
  /** Swarm state. */
  LocalNodeState: LocalNodeState;
  /** Whether the node is a manager that can serve requests. */
  ControlAvailable: boolean;
  /** Error message. Empty if there is no error. */
  Error: string;
  /** Managers of the swarm. Empty outside a swarm. */
  RemoteManagers: PeerNode[];
  /** Number of nodes in the swarm. Managers only. */
  Nodes?: number | null;
  /** Number of managers in the swarm. Managers only. */
  Managers?: number | null;
  /** Swarm information. Managers only. */
  Cluster?: ClusterInfo;
  /** Warnings about the swarm. Undocumented. */
  Warnings?: string[];
}

/** A named resource of a node, such as a specific GPU. @category System */
export interface NamedGenericResource {
  /** Kind of the resource, such as `GPU`. */
  Kind?: string;
  /** Name of the resource. */
  Value?: string;
}

/** A countable resource of a node. @category System */
export interface DiscreteGenericResource {
  /** Kind of the resource, such as `SSD`. */
  Kind?: string;
  /** Number of available units. */
  Value?: number;
}

/** A generic resource of a node: either named or countable. @category System */
export interface GenericResource {
  /** Named resource. */
  NamedResourceSpec?: NamedGenericResource;
  /** Countable resource. */
  DiscreteResourceSpec?: DiscreteGenericResource;
}
