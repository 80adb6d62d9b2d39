import { type ApiErrorDetails, BadRequestError, withReason } from "./api-error.js";

/** Why a command cannot be started. */
export type StartProblem =
  /** Its program does not exist. */
  | "command-not-found"
  /** Its program is not an executable file. */
  | "permission-denied"
  /** Its working directory does not exist or is not a directory. */
  | "working-directory"
  /** Its user or group does not exist in the container. */
  | "user";

const problems: Readonly<Record<StartProblem, string>> = {
  "command-not-found": "the program was not found",
  "permission-denied": "the program is not executable",
  "working-directory": "the working directory is not a directory",
  user: "the user or group does not exist",
};

/**
 * The engine cannot start the command of a container or of an exec instance, and its message says why. Docker answers 400 or 500,
 * Podman 409 or 500.
 *
 * @category Errors
 */
export class CommandStartError extends BadRequestError {
  override name = "CommandStartError";
  override readonly code: string = "ERR_COMMAND_START";
  /** ID or name of the container, or ID of the exec instance, as the caller passed it; empty for a container without a name. */
  readonly id: string;
  /** Why the command cannot be started. */
  readonly problem: StartProblem;

  /**
   * @param id - ID or name of the container, or ID of the exec instance.
   * @param problem - why the command cannot be started.
   * @param details - the request and the engine's response.
   */
  constructor(id: string, problem: StartProblem, details: ApiErrorDetails) {
    super(details, withReason(`cannot start ${id || "the container"}: ${problems[problem]}`, details));
    this.id = id;
    this.problem = problem;
  }
}

/** The program of the command does not exist in the container. @category Errors */
export class CommandNotFoundError extends CommandStartError {
  override name = "CommandNotFoundError";
  override readonly code = "ERR_COMMAND_NOT_FOUND";

  /**
   * @param id - ID or name of the container, or ID of the exec instance.
   * @param details - the request and the engine's response.
   */
  constructor(id: string, details: ApiErrorDetails) {
    super(id, "command-not-found", details);
  }
}
