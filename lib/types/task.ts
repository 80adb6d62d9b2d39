import type { ObjectVersion, SwarmObject } from "./common.js";
import type { EndpointPortConfig, NetworkAttachment } from "./service-network.js";
import type { GenericResource } from "./system-info-swarm.js";
import type { TaskSpec } from "./task-spec.js";

/**
 * How far a task is. It only ever goes down this list.
 *
 * @enum
 * @category Tasks
 */
export const TaskState = {
  /** It was made. */
  New: "new",
  /** Its networks and ports have been given out. */
  Allocated: "allocated",
  /** It waits for a node that suits; its error says why there is none. */
  Pending: "pending",
  /** It was given to a node. */
  Assigned: "assigned",
  /** The node has taken it. */
  Accepted: "accepted",
  /** The node gets it ready, which may mean pulling its image. */
  Preparing: "preparing",
  /** It is ready to start. */
  Ready: "ready",
  /** It is being started. */
  Starting: "starting",
  /** It runs. */
  Running: "running",
  /** Its container has ended with exit code zero. */
  Complete: "complete",
  /** The swarm has stopped it. */
  Shutdown: "shutdown",
  /** Its container has ended with another exit code, or could not be started. */
  Failed: "failed",
  /** Its node could not get it ready, for want of its image for one. */
  Rejected: "rejected",
  /** It is no longer wanted. As a desired state only. API 1.37+. */
  Remove: "remove",
  /** Its node has been away for too long, and nobody knows how it is. API 1.37+. */
  Orphaned: "orphaned",
} as const;

/** How far a task is. @category Tasks */
export type TaskState = (typeof TaskState)[keyof typeof TaskState];

/** The container of a task. @category Tasks */
export interface TaskContainerStatus {
  /** ID of the container. Empty before there is one. */
  ContainerID?: string;
  /** Number of its first process on the node. `0` when it does not run. */
  PID?: number;
  /** Exit code of the container. `0` before it has ended. */
  ExitCode?: number;
}

/** The ports that a task publishes on its node. @category Tasks */
export interface PortStatus {
  /** The ports. Absent for none. */
  Ports?: EndpointPortConfig[];
}

/** How a task is. @category Tasks */
export interface TaskStatus {
  /** When it came into this state, in RFC 3339. */
  Timestamp?: string;
  /** How far it is. */
  State?: TaskState;
  /** What happens to it, in words, such as `started`. */
  Message?: string;
  /** What is wrong with it, in words. Absent when nothing is. */
  Err?: string;
  /** Its container. Absent before there is one. */
  ContainerStatus?: TaskContainerStatus;
  /** The ports that it publishes on its node. Never documented. From API 1.44 on it is. */
  PortStatus?: PortStatus;
}

/** A volume of the swarm, as a task has it. API 1.42+. @category Tasks */
export interface VolumeAttachment {
  /** ID of the volume. */
  ID?: string;
  /** Source of the mount that asked for it: a name, or a group after `group:`. */
  Source?: string;
  /** Path in the container. */
  Target?: string;
}

/** A task: one container of a service, from the wish for it to its end. @category Tasks */
export interface Task extends SwarmObject<TaskSpec> {
  /** Name of the task. Engines send none: they name containers by service, slot and ID of the task. */
  Name?: string;
  /** Labels of the task. */
  Labels?: Record<string, string> | null;
  /** ID of its service. */
  ServiceID?: string;
  /** Number of its place in the service, from 1. Absent in services that have one task for each node. */
  Slot?: number;
  /** ID of its node. Absent while it has none. */
  NodeID?: string;
  /** How it is. */
  Status: TaskStatus;
  /** How it should be. */
  DesiredState: TaskState;
  /** Networks that it is attached to. */
  NetworksAttachments?: NetworkAttachment[] | null;
  /** Resources of its node that are set aside for it. API 1.32+. */
  AssignedGenericResources?: GenericResource[] | null;
  /**
   * Run of the job that it belongs to. Absent where the service is no job; without a number in the
   * first run. API 1.41+.
   */
  JobIteration?: Partial<ObjectVersion>;
  /** Volumes of the swarm that it has. `null` for none. Never documented. API 1.42+. */
  Volumes?: VolumeAttachment[] | null;
}
