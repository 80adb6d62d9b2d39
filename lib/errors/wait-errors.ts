import { DockerError, type DockerErrorDetails } from "./docker-error.js";

/** The container is unhealthy: its health check failed too often. @category Errors */
export class ContainerUnhealthyError extends DockerError {
  override name = "ContainerUnhealthyError";
  override readonly code: string = "ERR_CONTAINER_UNHEALTHY";
  /** ID or name of the container. */
  readonly id: string;
  /** Output of the last check, if the engine still has it. */
  readonly output: string | undefined;

  /**
   * @param id - ID or name of the container.
   * @param output - output of the last check.
   * @param details - the call and the endpoint.
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
   * @param details - the call and the endpoint.
   */
  constructor(id: string, details?: DockerErrorDetails) {
    super(`container has no health check: ${id}`, details);
    this.id = id;
  }
}

/** The maximum number of log lines that a message shows. */
const SHOWN_LINES = 10;

/** Describes how a container ended, for a message. */
export function endOf(exitCode: number | undefined, lines: readonly string[]): string {
  const code = exitCode === undefined ? "" : ` (exit code ${exitCode})`;
  return lines.length === 0 ? code : `${code}; its last lines:\n${lines.slice(-SHOWN_LINES).join("\n")}`;
}

/** The log of a container ended before the expected line appeared. @category Errors */
export class LogEndedError extends DockerError {
  override name = "LogEndedError";
  override readonly code: string = "ERR_LOG_ENDED";
  /** ID or name of the container. */
  readonly id: string;
  /** The last lines of the log, at most 20, of at most 1000 characters each. */
  readonly lines: readonly string[];
  /** Exit code of the container; undefined if it is still running or has been removed. */
  readonly exitCode: number | undefined;

  /**
   * @param id - ID or name of the container.
   * @param pattern - the expected pattern.
   * @param lines - the last lines of the log.
   * @param details - the call and the endpoint.
   * @param exitCode - exit code of the container.
   */
  constructor(id: string, pattern: string | RegExp, lines: readonly string[], details?: DockerErrorDetails, exitCode?: number) {
    super(`the log of container ${id} ended before a line matched ${String(pattern)}${endOf(exitCode, lines)}`, details);
    this.id = id;
    this.lines = lines;
    this.exitCode = exitCode;
  }
}

/** Why a service has not converged. */
export type NotConvergedReason =
  /** Tasks failed more often than `maxFailures` allows. */
  | "tasks-failed"
  /** The update was paused because tasks failed. */
  | "update-paused"
  /** The update was rolled back because tasks failed. */
  | "rolled-back"
  /** The rollback was paused because tasks failed. */
  | "rollback-paused"
  /** The timeout expired. */
  | "timeout";

/** A task that explains why its service has not converged. */
export interface FailedTask {
  /** ID of the task. */
  id: string;
  /** State of the task, such as `failed`, `rejected` or `pending`. */
  state: string;
  /** Error message from the engine. */
  error: string;
  /** Exit code of its container, if it has exited. */
  exitCode: number | undefined;
}

const reasons: Readonly<Record<NotConvergedReason, string>> = {
  "tasks-failed": "its tasks are failing",
  "update-paused": "its update is paused",
  "rolled-back": "its update was rolled back",
  "rollback-paused": "its rollback is paused",
  timeout: "the timeout expired",
};

/** A service has not converged: tasks fail, an update is paused or rolled back, or the timeout expired. @category Errors */
export class ServiceNotConvergedError extends DockerError {
  override name = "ServiceNotConvergedError";
  override readonly code: string = "ERR_SERVICE_NOT_CONVERGED";
  /** ID or name of the service. */
  readonly id: string;
  /** Why it has not converged. */
  readonly reason: NotConvergedReason;
  /** The last task that failed, or else one that cannot start; undefined when no known task has an error. */
  readonly task: FailedTask | undefined;

  /**
   * @param id - ID or name of the service.
   * @param reason - why it has not converged.
   * @param task - the task that explains it.
   * @param details - the call and the endpoint.
   */
  constructor(id: string, reason: NotConvergedReason, task: FailedTask | undefined, details?: DockerErrorDetails) {
    const detail = task === undefined ? "" : `; task ${task.id} (${task.state}): ${task.error}`;
    super(`service has not converged: ${id} (${reasons[reason]}${detail})`, details);
    this.id = id;
    this.reason = reason;
    this.task = task;
  }
}
