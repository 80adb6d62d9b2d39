import type { ObjectVersion, SwarmObject } from "./common.js";
import type { EndpointSpec, NetworkAttachmentConfig, ServiceEndpoint } from "./service-network.js";
import type { TaskSpec } from "./task-spec.js";

/** A service that runs as many tasks as are asked for. @category Services */
export interface ReplicatedService {
  /** How many. By default 1. */
  Replicas?: number;
}

/** A job: so many tasks run to their end. API 1.41+. @category Services */
export interface ReplicatedJob {
  /** How many run at a time at most. By default 1. */
  MaxConcurrent?: number;
  /** How many must succeed. By default as many as may run at a time. */
  TotalCompletions?: number;
}

/** How many tasks a service runs: one of the four. By default one task. @category Services */
export interface ServiceMode {
  /** As many as are asked for. */
  Replicated?: ReplicatedService;
  /** One on every node that suits. */
  Global?: Record<string, never>;
  /** So many, each to its end. API 1.41+. */
  ReplicatedJob?: ReplicatedJob;
  /** One on every node that suits, each to its end. API 1.41+. */
  GlobalJob?: Record<string, never>;
}

/**
 * What becomes of an update when tasks fail.
 *
 * @enum
 * @category Services
 */
export const UpdateFailureAction = {
  /** It goes on. */
  Continue: "continue",
  /** It stops halfway. The default. */
  Pause: "pause",
  /** What it has done is undone. Updates only, not rollbacks. API 1.28+. */
  Rollback: "rollback",
} as const;

/** What becomes of an update when tasks fail. @category Services */
export type UpdateFailureAction = (typeof UpdateFailureAction)[keyof typeof UpdateFailureAction];

/**
 * Which of two tasks is first when one takes the place of the other. API 1.29+.
 *
 * @enum
 * @category Services
 */
export const UpdateOrder = {
  /** The old one is stopped before the new one starts. The default. */
  StopFirst: "stop-first",
  /** The new one is started, and runs, before the old one is stopped. */
  StartFirst: "start-first",
} as const;

/** Which of two tasks is first when one takes the place of the other. API 1.29+. @category Services */
export type UpdateOrder = (typeof UpdateOrder)[keyof typeof UpdateOrder];

/** How tasks are replaced by those of a new version, or those of the version before. @category Services */
export interface UpdateConfig {
  /** How many are replaced at a time; `0` for all. By default 1. */
  Parallelism?: number;
  /** Time between two such lots, in nanoseconds. By default none. */
  Delay?: number;
  /** What becomes of it when tasks fail. */
  FailureAction?: UpdateFailureAction;
  /** For how long after its start a task's failure counts, in nanoseconds. By default 5 seconds. */
  Monitor?: number;
  /** Share of the tasks that may fail, from 0 to 1. By default 0. */
  MaxFailureRatio?: number;
  /** Which of two tasks is first. API 1.29+. */
  Order?: UpdateOrder;
}

/** What a service is to be. @category Services */
export interface ServiceSpec {
  /** Name of the service. It cannot be changed. */
  Name?: string;
  /** Labels of the service. Those of its containers are in `TaskTemplate.ContainerSpec`. */
  Labels?: Record<string, string> | null;
  /** What its tasks are made from. */
  TaskTemplate?: TaskSpec;
  /** How many tasks it runs. The kind of it cannot be changed. */
  Mode?: ServiceMode;
  /** How tasks are replaced in an update. */
  UpdateConfig?: UpdateConfig | null;
  /** How tasks are replaced in a rollback. API 1.28+. */
  RollbackConfig?: UpdateConfig | null;
  /** Networks that its tasks are attached to, where `TaskTemplate.Networks` names none; that is the place for them. */
  Networks?: NetworkAttachmentConfig[] | null;
  /** How it is reached. */
  EndpointSpec?: EndpointSpec | null;
}

/**
 * How far an update of a service is.
 *
 * @enum
 * @category Services
 */
export const UpdateState = {
  /** Tasks are being replaced. */
  Updating: "updating",
  /** It has stopped halfway, because tasks have failed. */
  Paused: "paused",
  /** All tasks have been replaced. */
  Completed: "completed",
  /** It is being undone. */
  RollbackStarted: "rollback_started",
  /** Undoing it has stopped halfway, because tasks have failed. */
  RollbackPaused: "rollback_paused",
  /** It has been undone. */
  RollbackCompleted: "rollback_completed",
} as const;

/** How far an update of a service is. @category Services */
export type UpdateState = (typeof UpdateState)[keyof typeof UpdateState];

/** The last update of a service that replaced tasks. @category Services */
export interface UpdateStatus {
  /** How far it is. */
  State?: UpdateState;
  /** When it began, in RFC 3339. */
  StartedAt?: string;
  /** When it ended, in RFC 3339. Absent before. */
  CompletedAt?: string;
  /** What happened last, in words. */
  Message?: string;
}

/** How many tasks a service has. API 1.41+. @category Services */
export interface ServiceStatus {
  /** Tasks that run. */
  RunningTasks?: number;
  /** Tasks that there should be. */
  DesiredTasks?: number;
  /** Tasks that have succeeded. `0` for services that are no jobs. */
  CompletedTasks?: number;
}

/** How far a job is. API 1.41+. @category Services */
export interface JobStatus {
  /** Number of the run, which grows with each run, by one or more. Tasks carry that of theirs. The first run has none. */
  JobIteration?: Partial<ObjectVersion>;
  /** When the run began, in RFC 3339. */
  LastExecution?: string;
}

/** A service of a swarm. @category Services */
export interface Service extends SwarmObject<ServiceSpec> {
  /** What it was to be before the last update: what a rollback goes back to. Absent when there was none. Never documented. */
  PreviousSpec?: ServiceSpec;
  /** How it is reached. */
  Endpoint?: ServiceEndpoint;
  /** The last update. Absent before the first, and when the last one replaced no tasks. */
  UpdateStatus?: UpdateStatus;
  /** How many tasks it has. Only in lists, when asked for. API 1.41+. */
  ServiceStatus?: ServiceStatus;
  /** How far it is, for a job. API 1.41+. */
  JobStatus?: JobStatus;
}

/** A service that was created. @category Services */
export interface ServiceCreateResponse {
  /** ID of the service. */
  ID: string;
  /** What an operator should know. Absent or null when there is nothing. Sent, but not documented, before. API 1.44+. */
  Warnings?: string[] | null;
  /** `Warnings` as the documents before API 1.44 call it; engines send the other. Gone from API 1.44. */
  Warning?: string;
}

/** A service that was updated. @category Services */
export interface ServiceUpdateResponse {
  /** What an operator should know. Null when there is nothing. */
  Warnings?: string[] | null;
}
