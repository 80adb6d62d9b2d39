import type { ObjectVersion, SwarmObject } from "./common.js";
import type { EndpointSpec, NetworkAttachmentConfig, ServiceEndpoint } from "./service-network.js";
import type { TaskSpec } from "./task-spec.js";

/** Mode of a service with a fixed number of tasks. @category Services */
export interface ReplicatedService {
  /** Number of tasks. Defaults to 1. */
  Replicas?: number;
}

/** Mode of a job with a fixed number of task completions. Added in API 1.41. @category Services */
export interface ReplicatedJob {
  /** Maximum number of concurrent tasks. Defaults to 1. */
  MaxConcurrent?: number;
  /** Number of tasks that must complete. Defaults to `MaxConcurrent`. */
  TotalCompletions?: number;
}

/** Scheduling mode of a service. Set at most one; defaults to one replicated task. @category Services */
export interface ServiceMode {
  /** A fixed number of tasks. */
  Replicated?: ReplicatedService;
  /** One task on every eligible node. */
  Global?: Record<string, never>;
  /** A fixed number of tasks that run to completion. Added in API 1.41. */
  ReplicatedJob?: ReplicatedJob;
  /** On every eligible node, one task that runs to completion. Added in API 1.41. */
  GlobalJob?: Record<string, never>;
}

/**
 * Action when tasks fail during an update.
 *
 * @enum
 * @category Services
 */
export const UpdateFailureAction = {
  /** Continue the update. */
  Continue: "continue",
  /** Pause the update. The default. */
  Pause: "pause",
  /** Roll back the update. Not allowed for rollbacks. Added in API 1.28. */
  Rollback: "rollback",
} as const;

/** Action when tasks fail during an update. @category Services */
export type UpdateFailureAction = (typeof UpdateFailureAction)[keyof typeof UpdateFailureAction];

/**
 * Order of operations when a task is replaced. Added in API 1.29.
 *
 * @enum
 * @category Services
 */
export const UpdateOrder = {
  /** Stop the old task before starting the new one. The default. */
  StopFirst: "stop-first",
  /** Start the new task before stopping the old one. */
  StartFirst: "start-first",
} as const;

/** Order of operations when a task is replaced. Added in API 1.29. @category Services */
export type UpdateOrder = (typeof UpdateOrder)[keyof typeof UpdateOrder];

/** Update or rollback settings of a service. @category Services */
export interface UpdateConfig {
  /** Number of tasks to replace at a time; `0` for all. Defaults to 1. */
  Parallelism?: number;
  /** Delay between batches, in nanoseconds. Defaults to no delay. */
  Delay?: number;
  /** Action when tasks fail. */
  FailureAction?: UpdateFailureAction;
  /** Time after the start of a task during which a failure counts, in nanoseconds. Defaults to 5 seconds. */
  Monitor?: number;
  /** Fraction of tasks that can fail, from 0 to 1. Defaults to 0. */
  MaxFailureRatio?: number;
  /** Order of operations when a task is replaced. Added in API 1.29. */
  Order?: UpdateOrder;
}

/** Settings of a service. @category Services */
export interface ServiceSpec {
  /** Name of the service, which cannot be changed. */
  Name?: string;
  /** Labels of the service. Labels of its containers are in `TaskTemplate.ContainerSpec`. */
  Labels?: Record<string, string> | null;
  /** Template for the tasks of the service. */
  TaskTemplate?: TaskSpec;
  /** Scheduling mode. The type of the mode cannot be changed. */
  Mode?: ServiceMode;
  /** Update settings. */
  UpdateConfig?: UpdateConfig | null;
  /** Rollback settings. Added in API 1.28. */
  RollbackConfig?: UpdateConfig | null;
  /** Networks of the tasks. Superseded by `TaskTemplate.Networks`, and ignored if that is set. */
  Networks?: NetworkAttachmentConfig[] | null;
  /** Endpoint settings. */
  EndpointSpec?: EndpointSpec | null;
}

/**
 * State of a service update.
 *
 * @enum
 * @category Services
 */
export const UpdateState = {
  /** In progress. */
  Updating: "updating",
  /** Paused after task failures. */
  Paused: "paused",
  /** Completed. */
  Completed: "completed",
  /** Rolling back. */
  RollbackStarted: "rollback_started",
  /** Rollback paused after task failures. */
  RollbackPaused: "rollback_paused",
  /** Rollback completed. */
  RollbackCompleted: "rollback_completed",
} as const;

/** State of a service update. @category Services */
export type UpdateState = (typeof UpdateState)[keyof typeof UpdateState];

/** Status of the last service update that replaced tasks. @category Services */
export interface UpdateStatus {
  /** State of the update. */
  State?: UpdateState;
  /** Start time, in RFC 3339 format. */
  StartedAt?: string;
  /** Completion time, in RFC 3339 format. Absent until completed. */
  CompletedAt?: string;
  /** Human-readable status message. */
  Message?: string;
}

/** Task counts of a service. Added in API 1.41. @category Services */
export interface ServiceStatus {
  /** Number of running tasks. */
  RunningTasks?: number;
  /** Desired number of tasks. */
  DesiredTasks?: number;
  /** Number of completed tasks. `0` for services that are not jobs. */
  CompletedTasks?: number;
}

/** Status of a job. Added in API 1.41. @category Services */
export interface JobStatus {
  /**
   * Job iteration, which increases by at least one with every run and is copied to the tasks. `Index` is
   * absent in the first run.
   */
  JobIteration?: Partial<ObjectVersion>;
  /** Start time of the last run, in RFC 3339 format. */
  LastExecution?: string;
}

/** A service of a swarm. @category Services */
export interface Service extends SwarmObject<ServiceSpec> {
  /** Settings before the last update, which a rollback restores. Absent if there are none. Undocumented. */
  PreviousSpec?: ServiceSpec;
  /** Endpoint state. */
  Endpoint?: ServiceEndpoint;
  /** Status of the last update. Absent before the first update, and if the last update did not replace any tasks. */
  UpdateStatus?: UpdateStatus;
  /** Task counts. Only in list results, if requested. Added in API 1.41. */
  ServiceStatus?: ServiceStatus;
  /** Job status, if the service is a job. Added in API 1.41. */
  JobStatus?: JobStatus;
}

/** Response to creating a service. @category Services */
export interface ServiceCreateResponse {
  /** ID of the service. */
  ID: string;
  /** Warnings. Absent or empty if there are none. Added in API 1.44; also sent before, but undocumented. */
  Warnings?: string[];
  /**
   * `Warnings` as the API reference before 1.44 spells it; engines send the other spelling.
   * Removed in API 1.44.
   */
  Warning?: string;
}

/** Response to updating a service. @category Services */
export interface ServiceUpdateResponse {
  /** Warnings. Empty if there are none. */
  Warnings?: string[];
}
