import type { SwarmObject } from "./common.js";
import type { TLSInfo } from "./swarm-spec.js";
import type { GenericResource } from "./system-info-swarm.js";

/**
 * Role of a node in its swarm.
 *
 * @enum
 * @category Nodes
 */
export const NodeRole = {
  /** Runs tasks. */
  Worker: "worker",
  /** Also maintains the swarm state and serves the API. */
  Manager: "manager",
} as const;

/** Role of a node in its swarm. @category Nodes */
export type NodeRole = (typeof NodeRole)[keyof typeof NodeRole];

/**
 * Availability of a node for tasks.
 *
 * @enum
 * @category Nodes
 */
export const NodeAvailability = {
  /** Accepts tasks. */
  Active: "active",
  /** Accepts no new tasks; existing tasks keep running. */
  Pause: "pause",
  /** Accepts no tasks; existing tasks are rescheduled. */
  Drain: "drain",
} as const;

/** Availability of a node for tasks. @category Nodes */
export type NodeAvailability = (typeof NodeAvailability)[keyof typeof NodeAvailability];

/**
 * Membership state of a node.
 *
 * @enum
 * @category Nodes
 */
export const NodeMembership = {
  /** Admitted to the swarm. */
  Accepted: "accepted",
  /** Waiting for admission. */
  Pending: "pending",
} as const;

/** Membership state of a node. @category Nodes */
export type NodeMembership = (typeof NodeMembership)[keyof typeof NodeMembership];

/**
 * State of a node.
 *
 * @enum
 * @category Nodes
 */
export const NodeState = {
  /** Unknown to the managers, for example after a leader change. */
  Unknown: "unknown",
  /** Not heard from for too long, or left the swarm. */
  Down: "down",
  /** Ready. */
  Ready: "ready",
  /** Disconnected gracefully for a while, for example during a restart. */
  Disconnected: "disconnected",
} as const;

/** State of a node. @category Nodes */
export type NodeState = (typeof NodeState)[keyof typeof NodeState];

/**
 * Reachability of a manager.
 *
 * @enum
 * @category Nodes
 */
export const Reachability = {
  /** Unknown. */
  Unknown: "unknown",
  /** Unreachable. */
  Unreachable: "unreachable",
  /** Reachable. */
  Reachable: "reachable",
} as const;

/** Reachability of a manager. @category Nodes */
export type Reachability = (typeof Reachability)[keyof typeof Reachability];

/** Settings of a node. @category Nodes */
export interface NodeSpec {
  /** Name of the node, independent of its host name. */
  Name?: string;
  /** Labels of the node. Services can use them in placement constraints as `node.labels.…`. */
  Labels?: Record<string, string> | null;
  /** Role of the node. Changing it promotes or demotes the node. */
  Role: NodeRole;
  /** Availability for tasks. */
  Availability: NodeAvailability;
}

/** Platform of a node, or a platform that a service supports. @category Nodes */
export interface NodePlatform {
  /** CPU architecture as reported by the kernel, such as `x86_64`. */
  Architecture?: string;
  /** Operating system, such as `linux`. */
  OS?: string;
}

/** Resources of a node, or resources that a task reserves. @category Nodes */
export interface ResourceObject {
  /** CPU time, in billionths of a CPU. */
  NanoCPUs?: number;
  /** Spelling of `NanoCPUs` in the API 1.27 reference. Removed in API 1.28. */
  NanoCpus?: number;
  /** Memory, in bytes. */
  MemoryBytes?: number;
  /** Generic resources, such as GPUs. Added in API 1.32. */
  GenericResources?: GenericResource[] | null;
}

/** A plugin of a node's engine. @category Nodes */
export interface EnginePlugin {
  /** Type of the plugin: `Log`, `Network` or `Volume`. */
  Type?: string;
  /** Name of the plugin, such as `overlay`. */
  Name?: string;
}

/** The engine of a node. @category Nodes */
export interface EngineDescription {
  /** Version of the engine. */
  EngineVersion?: string;
  /** Labels of the engine. Absent if there are none. */
  Labels?: Record<string, string>;
  /** Plugins of the engine, including built-in drivers. */
  Plugins?: EnginePlugin[];
}

/** Properties of a node, as reported by the node. @category Nodes */
export interface NodeDescription {
  /** Host name. */
  Hostname?: string;
  /** Platform. */
  Platform?: NodePlatform;
  /** Available resources. */
  Resources?: ResourceObject;
  /** Engine. */
  Engine?: EngineDescription;
  /** TLS information of the trusted root CA. Added in API 1.30. */
  TLSInfo?: TLSInfo;
}

/** Status of a node. @category Nodes */
export interface NodeStatus {
  /** State of the node. */
  State?: NodeState;
  /** Explanation of the state. Absent if there is none. */
  Message?: string;
  /** IP address of the node. */
  Addr?: string;
}

/** Status of a manager. @category Nodes */
export interface ManagerStatus {
  /** Whether the manager is the leader. Absent if not. */
  Leader?: boolean;
  /** Reachability of the manager. */
  Reachability?: Reachability;
  /** Address and port that other managers use to reach the manager. */
  Addr?: string;
}

/** A node of a swarm. @category Nodes */
export interface Node extends SwarmObject<NodeSpec> {
  /** Properties of the node. */
  Description: NodeDescription;
  /** Status of the node. */
  Status: NodeStatus;
  /** Manager status. Absent for workers. */
  ManagerStatus?: ManagerStatus;
}
