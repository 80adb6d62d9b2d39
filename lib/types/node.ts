import type { SwarmObject } from "./common.js";
import type { TLSInfo } from "./swarm-spec.js";
import type { GenericResource } from "./system-info-swarm.js";

/**
 * The part that a node has in its swarm.
 *
 * @enum
 * @category Nodes
 */
export const NodeRole = {
  /** It runs tasks. */
  Worker: "worker",
  /** It keeps the state of the swarm too, and answers for it. */
  Manager: "manager",
} as const;

/** The part that a node has in its swarm. @category Nodes */
export type NodeRole = (typeof NodeRole)[keyof typeof NodeRole];

/**
 * Whether a node runs tasks.
 *
 * @enum
 * @category Nodes
 */
export const NodeAvailability = {
  /** It does. */
  Active: "active",
  /** Those that run there go on; it gets no new ones. */
  Pause: "pause",
  /** It does not: those that run there are moved away. */
  Drain: "drain",
} as const;

/** Whether a node runs tasks. @category Nodes */
export type NodeAvailability = (typeof NodeAvailability)[keyof typeof NodeAvailability];

/**
 * Whether a node has been let into its swarm.
 *
 * @enum
 * @category Nodes
 */
export const NodeMembership = {
  /** It has. */
  Accepted: "accepted",
  /** It waits for it. */
  Pending: "pending",
} as const;

/** Whether a node has been let into its swarm. @category Nodes */
export type NodeMembership = (typeof NodeMembership)[keyof typeof NodeMembership];

/**
 * Whether a node is heard of.
 *
 * @enum
 * @category Nodes
 */
export const NodeState = {
  /** The managers do not know, as after a change of their leader. */
  Unknown: "unknown",
  /** It has not been heard of for too long, or has left. */
  Down: "down",
  /** It is there. */
  Ready: "ready",
  /** It has said goodbye for a while, as when it starts anew. */
  Disconnected: "disconnected",
} as const;

/** Whether a node is heard of. @category Nodes */
export type NodeState = (typeof NodeState)[keyof typeof NodeState];

/**
 * Whether a manager is within reach of the others.
 *
 * @enum
 * @category Nodes
 */
export const Reachability = {
  /** Not known. */
  Unknown: "unknown",
  /** It is not. */
  Unreachable: "unreachable",
  /** It is. */
  Reachable: "reachable",
} as const;

/** Whether a manager is within reach of the others. @category Nodes */
export type Reachability = (typeof Reachability)[keyof typeof Reachability];

/** Settings of a node. @category Nodes */
export interface NodeSpec {
  /** A name of one's own for the node; its host name is another matter. */
  Name?: string;
  /** Labels, which services can ask for as `node.labels.…`. */
  Labels?: Record<string, string> | null;
  /** Its part in the swarm: a change promotes or demotes it. */
  Role: NodeRole;
  /** Whether it runs tasks. */
  Availability: NodeAvailability;
}

/** The platform of a node, or one that a service can run on. @category Nodes */
export interface NodePlatform {
  /** Architecture of the processor, as the kernel calls it, such as `x86_64`. */
  Architecture?: string;
  /** Operating system, such as `linux`. */
  OS?: string;
}

/** Resources that a node has, or that a task asks for. @category Nodes */
export interface ResourceObject {
  /** Processor time, in billionths of one processor. */
  NanoCPUs?: number;
  /** `NanoCPUs` as only the documents of API 1.27 spell it. Gone from API 1.28. */
  NanoCpus?: number;
  /** Memory, in bytes. */
  MemoryBytes?: number;
  /** Other resources, such as GPUs. API 1.32+. */
  GenericResources?: GenericResource[] | null;
}

/** A plugin of a node's engine. @category Nodes */
export interface EnginePlugin {
  /** What it is for: `Log`, `Network` or `Volume`. */
  Type?: string;
  /** Its name, such as `overlay`. */
  Name?: string;
}

/** The engine of a node. @category Nodes */
export interface EngineDescription {
  /** Version of the engine. */
  EngineVersion?: string;
  /** Labels that the engine was started with. Absent when there are none. */
  Labels?: Record<string, string> | null;
  /** Its plugins, those that are built in among them. */
  Plugins?: EnginePlugin[] | null;
}

/** What a node tells of itself. @category Nodes */
export interface NodeDescription {
  /** Its host name. */
  Hostname?: string;
  /** Its platform. */
  Platform?: NodePlatform;
  /** What it has to give. */
  Resources?: ResourceObject;
  /** Its engine. */
  Engine?: EngineDescription;
  /** The root that it trusts. API 1.30+. */
  TLSInfo?: TLSInfo;
}

/** How a node is. @category Nodes */
export interface NodeStatus {
  /** Whether it is heard of. */
  State?: NodeState;
  /** Why. Absent when there is nothing to say. */
  Message?: string;
  /** Its IP address. */
  Addr?: string;
}

/** How a manager is. @category Nodes */
export interface ManagerStatus {
  /** Whether it is the one that leads. Absent when it is not. */
  Leader?: boolean;
  /** Whether it is within reach of the others. */
  Reachability?: Reachability;
  /** Address, with port, at which the others reach it. */
  Addr?: string;
}

/** A node of a swarm. @category Nodes */
export interface Node extends SwarmObject<NodeSpec> {
  /** What it tells of itself. */
  Description: NodeDescription;
  /** How it is. */
  Status: NodeStatus;
  /** How it is as a manager. Absent when it is none. */
  ManagerStatus?: ManagerStatus;
}
