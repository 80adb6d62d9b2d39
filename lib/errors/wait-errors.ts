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
