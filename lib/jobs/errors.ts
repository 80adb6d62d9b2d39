import { DockerError } from "../index.js";

/** The kinds of failures of jobs, with the numbers that geard gave them. @category Jobs */
export const JobFailure = {
  /** The job failed. */
  Error: 0,
  /** What the job would create exists. */
  AlreadyExists: 1,
  /** What the job needs does not exist. */
  NotFound: 2,
  /** The request is invalid. */
  InvalidRequest: 3,
  /** The job was asked for too early or too often. */
  RateLimit: 4,
  /** The response does not exist in the form that the caller accepts. */
  NotAcceptable: 5,
} as const;

/** The number of a kind of failure. @category Jobs */
export type JobFailure = (typeof JobFailure)[keyof typeof JobFailure];

/** Further facts about a failure. @category Jobs */
export interface JobErrorOptions {
  /** What caused the failure, such as the error of the engine. */
  cause?: unknown;
  /** What the caller should know besides the message. */
  data?: JobErrorData | undefined;
}

/** What a failure says besides its message. @category Jobs */
export interface JobErrorData {
  /** Milliseconds after which the same request may succeed. */
  readonly retryAfter?: number | undefined;
  /** The port that cannot be reserved. */
  readonly port?: number | undefined;
  /** Identifier of the container that the failure is about, or that has the port. */
  readonly container?: string | undefined;
  /** HTTP status of the engine's response. */
  readonly engineStatus?: number | undefined;
  /** Text of the engine's response. */
  readonly engineMessage?: string | undefined;
  /** Option that the back end does not support, or that is invalid. */
  readonly option?: string | undefined;
}

/** The base class of the errors of jobs. @category Jobs */
export class JobError extends DockerError {
  override name = "JobError";
  override readonly code: string = "ERR_JOB";
  /** Kind of the failure. */
  readonly failure: JobFailure = JobFailure.Error;
  /** What else is known; undefined if nothing is. */
  readonly data: JobErrorData | undefined;

  /** @param message - a sentence for the caller. */
  constructor(message: string, { cause, data }: JobErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.data = data;
  }
}

/** What a job would create exists already. @category Jobs */
export class JobAlreadyExistsError extends JobError {
  override name = "JobAlreadyExistsError";
  override readonly code = "ERR_JOB_ALREADY_EXISTS";
  override readonly failure = JobFailure.AlreadyExists;
}

/** What a job needs does not exist. @category Jobs */
export class JobNotFoundError extends JobError {
  override name = "JobNotFoundError";
  override readonly code = "ERR_JOB_NOT_FOUND";
  override readonly failure = JobFailure.NotFound;
}

/** A request is invalid, or its back end does not support an option of it. @category Jobs */
export class InvalidJobError extends JobError {
  override name = "InvalidJobError";
  override readonly code = "ERR_JOB_INVALID";
  override readonly failure = JobFailure.InvalidRequest;
}

/** A job was asked for too early: {@link JobErrorData.retryAfter} tells when it may succeed. @category Jobs */
export class JobThrottledError extends JobError {
  override name = "JobThrottledError";
  override readonly code = "ERR_JOB_THROTTLED";
  override readonly failure = JobFailure.RateLimit;
}

/** A response does not exist in the form that its caller accepts. @category Jobs */
export class JobNotAcceptableError extends JobError {
  override name = "JobNotAcceptableError";
  override readonly code = "ERR_JOB_NOT_ACCEPTABLE";
  override readonly failure = JobFailure.NotAcceptable;
}

/** The request has run already, and its outcome cannot be had again. @category Jobs */
export class JobCompletedError extends JobError {
  override name = "JobCompletedError";
  override readonly code = "ERR_JOB_COMPLETED";

  constructor(message = "This job has run to completion.", options: JobErrorOptions = {}) {
    super(message, options);
  }
}

/** The dispatcher has no room for another request. Nothing has run; the same request may be sent again. @category Jobs */
export class JobQueueFullError extends JobError {
  override name = "JobQueueFullError";
  override readonly code = "ERR_JOB_QUEUE_FULL";

  constructor(message = "The server is at maximum capacity - please try again shortly", options: JobErrorOptions = {}) {
    super(message, options);
  }
}

/** A job used its response in an order that the protocol refuses: a fault of the job. @category Jobs */
export class ResponseOrderError extends DockerError {
  override name = "ResponseOrderError";
  override readonly code = "ERR_JOB_RESPONSE_ORDER";
}

/** The classes by kind. */
const classes = {
  [JobFailure.Error]: JobError,
  [JobFailure.AlreadyExists]: JobAlreadyExistsError,
  [JobFailure.NotFound]: JobNotFoundError,
  [JobFailure.InvalidRequest]: InvalidJobError,
  [JobFailure.RateLimit]: JobThrottledError,
  [JobFailure.NotAcceptable]: JobNotAcceptableError,
} as const;

/** Creates the error of a kind of failure. */
export function jobError(failure: JobFailure, message: string, options?: JobErrorOptions): JobError {
  return new classes[failure](message, options);
}

/** A failure that jobs raise: its kind and its message. */
export type Failure = readonly [failure: JobFailure, message: string];

/** The failures of geard's jobs. */
export const FAILURES = {
  containerNotFound: [JobFailure.NotFound, "The specified container does not exist."],
  containerAlreadyExists: [JobFailure.AlreadyExists, "A container with this identifier already exists."],
  containerCreateFailed: [JobFailure.Error, "Unable to create container."],
  portsNotReserved: [JobFailure.Error, "Unable to create container: some ports could not be reserved."],
  containerStartFailed: [JobFailure.Error, "Unable to start this container."],
  containerStopFailed: [JobFailure.Error, "Unable to stop this container."],
  containerRestartFailed: [JobFailure.Error, "Unable to restart this container."],
  environmentNotFound: [JobFailure.NotFound, "Unable to find the requested environment."],
  environmentUpdateFailed: [JobFailure.Error, "Unable to update the specified environment."],
  listImagesFailed: [JobFailure.Error, "Unable to list docker images."],
  listContainersFailed: [JobFailure.Error, "Unable to list the installed containers."],
  startThrottled: [JobFailure.RateLimit, "It has been too soon since the last request to start."],
  stopThrottled: [JobFailure.RateLimit, "It has been too soon since the last request to stop."],
  restartThrottled: [
    JobFailure.RateLimit,
    "It has been too soon since the last request to restart or the state is currently changing.",
  ],
  linkContainersFailed: [JobFailure.Error, "Not all links could be set."],
  deleteContainerFailed: [JobFailure.Error, "Unable to delete the container."],
  contentTypeDoesNotMatch: [JobFailure.NotAcceptable, "The content type you requested is not available for this action."],
  invalidSlice: [JobFailure.Error, "The slice of this container is not one that this back end has."],
} as const satisfies Record<string, Failure>;

/** Creates the error of a failure of geard's jobs. What caused it stays with it, and so does the answer of the engine. */
export function fail(failure: Failure, cause?: unknown, data: JobErrorData = {}): JobError {
  const [kind, message] = failure;
  const known = { ...answerOf(cause), ...data };
  return jobError(kind, message, {
    ...(cause !== undefined && { cause }),
    ...(Object.keys(known).length > 0 && { data: known }),
  });
}

/** What an engine answered, from the error of the client. */
function answerOf(cause: unknown): JobErrorData {
  if (typeof cause !== "object" || cause === null) return {};
  const { status, message } = cause as { status?: unknown; message?: unknown };
  return {
    ...(typeof status === "number" && { engineStatus: status }),
    ...(typeof status === "number" && typeof message === "string" && { engineMessage: message }),
  };
}
