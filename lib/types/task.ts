import type { ObjectVersion, SwarmObject } from "./common.js";
import type { EndpointPortConfig, NetworkAttachment } from "./service-network.js";
import type { GenericResource } from "./system-info-swarm.js";
import type { TaskSpec } from "./task-spec.js";

/**
 * State of a task. Tasks only move forward in this list.
 *
 * @enum
 * @category Tasks
 */
export const TaskState = {
  /** Created. */
  New: "new",
  /** Networks and ports are allocated. */
  Allocated: "allocated",
  /** Waiting for an eligible node; the task error states the reason. */
  Pending: "pending",
  /** Assigned to a node. */
  Assigned: "assigned",
  /** Accepted by the node. */
  Accepted: "accepted",
  /** Being prepared by the node, for example by pulling the image. */
  Preparing: "preparing",
  /** Ready to start. */
  Ready: "ready",
  /** Starting. */
  Starting: "starting",
  /** Running. */
  Running: "running",
  /** The container exited with exit code zero. */
  Complete: "complete",
  /** Shut down by the swarm. */
  Shutdown: "shutdown",
  /** The container exited with a non-zero exit code, or could not be started. */
  Failed: "failed",
  /** Rejected by the node, for example because the image is missing. */
  Rejected: "rejected",
  /** Being removed. Only as a desired state. Added in API 1.37. */
  Remove: "remove",
  /** The node has been down for too long, and the state of the task is unknown. Added in API 1.37. */
  Orphaned: "orphaned",
} as const;

/** State of a task. @category Tasks */
export type TaskState = (typeof TaskState)[keyof typeof TaskState];

/** Container status of a task. @category Tasks */
export interface TaskContainerStatus {
  /** ID of the container. Empty until it is created. */
  ContainerID?: string;
  /** Process ID of the first process on the node. `0` if not running. */
  PID?: number;
  /** Exit code of the container. `0` until it exits. */
  ExitCode?: number;
}

/** Ports that a task publishes on its node. @category Tasks */
export interface PortStatus {
  /** Published ports. Absent if there are none. */
  Ports?: EndpointPortConfig[];
}

/** Status of a task. @category Tasks */
export interface TaskStatus {
  /** Time of the last state change, in RFC 3339 format. */
  Timestamp?: string;
  /** State of the task. */
  State?: TaskState;
  /** Human-readable status message, such as `started`. */
  Message?: string;
  /** Error message. Absent if there is no error. */
  Err?: string;
  /** Status of the container. Absent until it is created. */
  ContainerStatus?: TaskContainerStatus;
  /** Ports published on the node. Undocumented before API 1.44. */
  PortStatus?: PortStatus;
}

/** A cluster volume that is attached to a task. Added in API 1.42. @category Tasks */
export interface VolumeAttachment {
  /** ID of the volume. */
  ID?: string;
  /** Source of the mount that requested the volume: a name, or a group prefixed with `group:`. */
  Source?: string;
  /** Path in the container. */
  Target?: string;
}

/** A task: one container of a service over its lifetime. @category Tasks */
export interface Task extends SwarmObject<TaskSpec> {
  /** Name of the task. Engines do not set it: they derive the names of containers from the service, the slot and the task ID. */
  Name?: string;
  /** Labels of the task. */
  Labels?: Record<string, string>;
  /** ID of the service. */
  ServiceID?: string;
  /** Slot number in the service, starting at 1. Absent for services with one task per node. */
  Slot?: number;
  /** ID of the node. Absent until assigned. */
  NodeID?: string;
  /** Current status. */
  Status: TaskStatus;
  /** Desired state. */
  DesiredState: TaskState;
  /** Networks that the task is attached to. */
  NetworksAttachments?: NetworkAttachment[];
  /** Generic resources of the node that are assigned to the task. Added in API 1.32. */
  AssignedGenericResources?: GenericResource[];
  /**
   * Iteration of the job that created the task. Absent if the service is not a job; `Index` is absent in
   * the first run. Added in API 1.41.
   */
  JobIteration?: Partial<ObjectVersion>;
  /** Cluster volumes attached to the task. Empty if there are none. Undocumented. Added in API 1.42. */
  Volumes?: VolumeAttachment[];
}
