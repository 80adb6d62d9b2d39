import { DockerError, type DockerErrorDetails } from "./docker-error.js";

/** A container's health check has failed so often that the engine calls it unhealthy. @category Errors */
export class ContainerUnhealthyError extends DockerError {
  override name = "ContainerUnhealthyError";
  override readonly code: string = "ERR_CONTAINER_UNHEALTHY";
  /** ID or name of the container. */
  readonly id: string;
  /** What the last check printed, where the engine has kept it. */
  readonly output: string | undefined;

  /**
   * @param id - ID or name of the container.
   * @param output - what the last check printed.
   * @param details - where it happened.
   */
  constructor(id: string, output: string | undefined, details?: DockerErrorDetails) {
    super(`container is unhealthy: ${id}${output ? ` (${output.trim()})` : ""}`, details);
    this.id = id;
    this.output = output;
  }
}

/** The container has no health check to wait for. @category Errors */
export class NoHealthCheckError extends DockerError {
  override name = "NoHealthCheckError";
  override readonly code: string = "ERR_NO_HEALTH_CHECK";
  /** ID or name of the container. */
  readonly id: string;

  /**
   * @param id - ID or name of the container.
   * @param details - where it happened.
   */
  constructor(id: string, details?: DockerErrorDetails) {
    super(`container has no health check: ${id}`, details);
    this.id = id;
  }
}

/** A container's log ended before what was waited for had been written. @category Errors */
export class LogEndedError extends DockerError {
  override name = "LogEndedError";
  override readonly code: string = "ERR_LOG_ENDED";
  /** ID or name of the container. */
  readonly id: string;
  /** The last lines of the log, at most 20. */
  readonly lines: readonly string[];

  /**
   * @param id - ID or name of the container.
   * @param pattern - what was waited for.
   * @param lines - the last lines of the log.
   * @param details - where it happened.
   */
  constructor(id: string, pattern: string | RegExp, lines: readonly string[], details?: DockerErrorDetails) {
    super(`the log of container ${id} ended without ${String(pattern)}`, details);
    this.id = id;
    this.lines = lines;
  }
}

/** Why a service is not as it was to be. */
export type NotConvergedReason =
  /** Tasks have failed, more often than was to be put up with. */
  | "tasks-failed"
  /** The update has stopped halfway, because tasks have failed. */
  | "update-paused"
  /** The update was undone, because tasks have failed. */
  | "rolled-back"
  /** Undoing it has stopped halfway, because tasks have failed. */
  | "rollback-paused"
  /** The time is up. */
  | "timeout";

/** A task that tells why its service is not as it was to be. */
export interface FailedTask {
  /** ID of the task. */
  id: string;
  /** How far it is, such as `failed`, `rejected` or `pending`. */
  state: string;
  /** What is wrong with it, in the engine's words. */
  error: string;
  /** Exit code of its container, where that has ended with one. */
  exitCode: number | undefined;
}

const reasons: Readonly<Record<NotConvergedReason, string>> = {
  "tasks-failed": "its tasks fail",
  "update-paused": "its update is paused",
  "rolled-back": "its update was rolled back",
  "rollback-paused": "its rollback is paused",
  timeout: "the time is up",
};

/** A service does not become what it is to be: tasks fail, an update of it is paused or was rolled back, or the time is up. @category Errors */
export class ServiceNotConvergedError extends DockerError {
  override name = "ServiceNotConvergedError";
  override readonly code: string = "ERR_SERVICE_NOT_CONVERGED";
  /** ID or name of the service. */
  readonly id: string;
  /** Why it does not. */
  readonly reason: NotConvergedReason;
  /** The task that failed last, else one that cannot begin; undefined when nothing is wrong with any that the swarm remembers. */
  readonly task: FailedTask | undefined;

  /**
   * @param id - ID or name of the service.
   * @param reason - why it does not.
   * @param task - the task that tells more.
   * @param details - where it happened.
   */
  constructor(id: string, reason: NotConvergedReason, task: FailedTask | undefined, details?: DockerErrorDetails) {
    const told = task === undefined ? "" : `; task ${task.id} is ${task.state}: ${task.error}`;
    super(`service has not converged: ${id} (${reasons[reason]}${told})`, details);
    this.id = id;
    this.reason = reason;
    this.task = task;
  }
}
