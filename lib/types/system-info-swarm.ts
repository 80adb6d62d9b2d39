import type { ClusterInfo } from "./swarm-spec.js";

/**
 * The part an engine has in a swarm.
 *
 * @enum
 * @category System
 */
export const LocalNodeState = {
  /** Unknown. */
  Unknown: "",
  /** It is in no swarm. */
  Inactive: "inactive",
  /** It is joining one. */
  Pending: "pending",
  /** It is in one. */
  Active: "active",
  /** It is in one, and something is wrong. */
  Error: "error",
  /** It is a manager that waits to be unlocked. */
  Locked: "locked",
} as const;

/** The part an engine has in a swarm. @category System */
export type LocalNodeState = (typeof LocalNodeState)[keyof typeof LocalNodeState];

/** A manager of the swarm. @category System */
export interface PeerNode {
  /** ID of the node. */
  NodeID: string;
  /** Its address, with port. */
  Addr: string;
}

/** The engine's part in a swarm. @category System */
export interface SwarmInfo {
  /** ID of this node. Empty outside a swarm. */
  NodeID: string;
  /** Address by which other nodes reach this one. Empty outside a swarm. */
  NodeAddr: string;
  /** Whether it is in a swarm. */
  LocalNodeState: LocalNodeState;
  /** Whether it is a manager that answers. */
  ControlAvailable: boolean;
  /** What is wrong. Empty when nothing is. */
  Error: string;
  /** The managers of the swarm. Null outside a swarm. */
  RemoteManagers: PeerNode[] | null;
  /** How many nodes the swarm has. Only a manager knows. */
  Nodes?: number | null;
  /** How many of them are managers. Only a manager knows. */
  Managers?: number | null;
  /** The swarm. Only a manager knows. */
  Cluster?: ClusterInfo;
  /** What an operator should know of the swarm. Never documented. */
  Warnings?: string[];
}

/** A resource of a node that has a name, such as one of its GPUs. @category System */
export interface NamedGenericResource {
  /** What it is, such as `GPU`. */
  Kind?: string;
  /** Which one it is. */
  Value?: string;
}

/** A resource of a node that is counted. @category System */
export interface DiscreteGenericResource {
  /** What it is, such as `SSD`. */
  Kind?: string;
  /** How many there are. */
  Value?: number;
}

/** A resource that a node offers to services beside processors and memory: one of the two forms. @category System */
export interface GenericResource {
  /** The resource, when it has a name. */
  NamedResourceSpec?: NamedGenericResource;
  /** The resource, when it is counted. */
  DiscreteResourceSpec?: DiscreteGenericResource;
}
