import { DockerError, type DockerErrorDetails } from "./docker-error.js";

/** What an engine's refusal consists of. */
export interface ApiErrorDetails extends DockerErrorDetails {
  /** HTTP status; 200 when the engine reported the failure inside a stream that had begun well. */
  status: number;
  /** HTTP method of the request. */
  method: string;
  /** Path of the request, without the query (which may carry secrets such as build arguments). */
  path: string;
  /** The engine's own message. */
  message: string;
  /** The body of the answer as it came, at most 64 KiB of it. */
  body?: string | undefined;
  /** False when the client itself refused the call, with the status that the engine would have answered. By default true. */
  sent?: boolean | undefined;
}

/** Makes the error for one particular status of one operation. */
export type ApiErrorFactory = (details: ApiErrorDetails) => ApiError;

/** The typed errors that an operation's statuses stand for. */
export type ApiErrors = Readonly<Record<number, ApiErrorFactory>>;

/**
 * The engine answered, and refused. Every more specific refusal extends this class, so catching it is always complete.
 *
 * @category Errors
 */
export class ApiError extends DockerError {
  override name = "ApiError";
  override readonly code: string = "ERR_API";
  /** HTTP status; 200 when the failure was reported inside a stream. */
  readonly status: number;
  /** HTTP method of the request. */
  readonly method: string;
  /** Path of the request, without the query. */
  readonly path: string;
  /** The engine's own message. */
  readonly reason: string;
  /** The body of the answer as it came, at most 64 KiB of it. */
  readonly body: string | undefined;
  /**
   * Whether the engine answered with this status. False when the client refused the call without sending the request, such
   * as for an empty id; `status` is then the one that the engine would have answered.
   */
  readonly sent: boolean;

  /**
   * @param details - what the engine answered, and to which request.
   * @param message - the message of the error; by default `API error (<status>): <engine's message>`.
   */
  constructor(details: ApiErrorDetails, message = `API error (${details.status}): ${details.message}`) {
    super(message, details);
    this.status = details.status;
    this.method = details.method;
    this.path = details.path;
    this.reason = details.message;
    this.body = details.body;
    this.sent = details.sent ?? true;
  }
}

/** The engine could not make sense of the request (400). @category Errors */
export class BadRequestError extends ApiError {
  override name = "BadRequestError";
  override readonly code: string = "ERR_BAD_REQUEST";
}

/** The engine, or the registry behind it, wants other credentials (401). @category Errors */
export class UnauthorizedError extends ApiError {
  override name = "UnauthorizedError";
  override readonly code: string = "ERR_UNAUTHORIZED";
}

/** The engine does not allow the operation on this object (403). @category Errors */
export class ForbiddenError extends ApiError {
  override name = "ForbiddenError";
  override readonly code: string = "ERR_FORBIDDEN";
}

/** The object does not exist (404). @category Errors */
export class NotFoundError extends ApiError {
  override name = "NotFoundError";
  override readonly code: string = "ERR_NOT_FOUND";
}

/** The object is in a state that does not allow the operation, or its name is taken (409). @category Errors */
export class ConflictError extends ApiError {
  override name = "ConflictError";
  override readonly code: string = "ERR_CONFLICT";
}

/** The engine failed (500 and above, where no closer class exists). @category Errors */
export class ServerError extends ApiError {
  override name = "ServerError";
  override readonly code: string = "ERR_SERVER";
}

/** The engine does not have this operation on its platform or version (501, or 404 for a path that it does not know). @category Errors */
export class NotImplementedError extends ServerError {
  override name = "NotImplementedError";
  override readonly code: string = "ERR_NOT_IMPLEMENTED";
}

/** The engine cannot serve the request now; for Swarm calls: it is not a manager (503). @category Errors */
export class UnavailableError extends ServerError {
  override name = "UnavailableError";
  override readonly code: string = "ERR_UNAVAILABLE";
}

const byStatus: Readonly<Record<number, new (details: ApiErrorDetails) => ApiError>> = {
  400: BadRequestError,
  401: UnauthorizedError,
  403: ForbiddenError,
  404: NotFoundError,
  409: ConflictError,
  501: NotImplementedError,
  503: UnavailableError,
};

/** What routers of engines answer for a path that they do not know, by status; it says nothing of the object. */
const unknownPath: Readonly<Record<number, RegExp>> = {
  404: /^(?:(?:404 )?page not found|Not Found|Path \S+ is not supported)$/,
  503: /^Podman does not support service: /,
};

/**
 * Makes the error that an answer stands for: the operation's own where it names one for the status, else that of the status.
 *
 * @param details - the engine's answer.
 * @param errors - the operation's own errors.
 */
export function apiErrorOf(details: ApiErrorDetails, errors?: ApiErrors): ApiError {
  if (unknownPath[details.status]?.test(details.message)) return new NotImplementedError(details);
  const own = errors?.[details.status];
  if (own) return own(details);
  const General = byStatus[details.status] ?? (details.status >= 500 ? ServerError : ApiError);
  return new General(details);
}
