import { DockerError, type DockerErrorDetails } from "./docker-error.js";

/** Where the client looked for the credentials of a request. @category Errors */
export interface SearchedCredentials {
  /** Whether it found credentials. */
  readonly found: boolean;
  /** The places that were searched. Empty if credentials were disabled. */
  readonly places: readonly string[];
}

/** The details of an error response. */
export interface ApiErrorDetails extends DockerErrorDetails {
  /** HTTP status; 200 if the engine reported the failure inside a stream that started successfully. */
  status: number;
  /** HTTP method of the request. */
  method: string;
  /** Path of the request, without the query, which may contain secrets such as build arguments. */
  path: string;
  /** The ID or name of the object that the operation is about, if it has one. */
  object?: string | undefined;
  /** Where the client looked for registry credentials, if the request needs them. */
  credentials?: SearchedCredentials | undefined;
  /** The engine's message. */
  message: string;
  /** The unparsed body of the response, at most 64 KiB. */
  body?: string | undefined;
  /** False if the client rejected the call before sending it, with the status that the engine would have sent. Defaults to true. */
  sent?: boolean | undefined;
}

/** Creates the error for one status of an operation. */
export type ApiErrorFactory = (details: ApiErrorDetails) => ApiError;

/** The typed errors of an operation, by status. */
export type ApiErrors = Readonly<Record<number, ApiErrorFactory>>;

/** Returns the general message, such as `restartContainer web failed (500): out of memory`. */
const generalMessage = ({ operation = "the request", object, status, message }: ApiErrorDetails): string =>
  `${object ? `${operation} ${object}` : operation} failed (${status}): ${message}`;

/**
 * The engine responded with an error. The classes for more specific error responses extend this class, so catching it covers all
 * of them.
 *
 * @category Errors
 */
export class ApiError extends DockerError {
  override name = "ApiError";
  override readonly code: string = "ERR_API";
  /** HTTP status; 200 if the failure was reported inside a stream. */
  readonly status: number;
  /** HTTP method of the request. */
  readonly method: string;
  /** Path of the request, without the query. */
  readonly path: string;
  /** The engine's message. */
  readonly reason: string;
  /** The unparsed body of the response, at most 64 KiB. */
  readonly body: string | undefined;
  /**
   * Whether the engine sent this status. False if the client rejected the call without sending a request, for example because an
   * ID is empty. `status` is then the status that the engine would have sent.
   */
  readonly sent: boolean;

  /**
   * @param details - the response and its request.
   * @param message - the message of the error; by default the operation, the object in the path, the status and the engine's
   * message.
   */
  constructor(details: ApiErrorDetails, message = generalMessage(details)) {
    super(message, details);
    this.status = details.status;
    this.method = details.method;
    this.path = details.path;
    this.reason = details.message;
    this.body = details.body;
    this.sent = details.sent ?? true;
  }
}

/**
 * Appends the engine's message to that of a typed error, because it may contain advice, or the ID of another object.
 *
 * @param message - the message.
 * @param reason - the engine's message. It is omitted if it only repeats `message`, or if the response had none.
 */
export function withReason(message: string, { message: reason }: ApiErrorDetails): string {
  const [text, said] = [message.toLowerCase(), reason.toLowerCase()];
  const adds = !/^(?:status \d+)?$/.test(reason) && !said.includes(text) && !text.includes(said);
  return adds ? `${message} (${reason})` : message;
}

/** Describes a search that found no credentials; returns undefined if it found some, or if the request needs none. */
export function fruitlessSearch({ credentials }: ApiErrorDetails): string | undefined {
  if (credentials?.found !== false) return undefined;
  const { places } = credentials;
  return places.length > 0
    ? `no credentials found, looked in ${places.join("; ")}`
    : "no credentials were sent, because auth is false";
}

/** The engine rejected the request as invalid (400). @category Errors */
export class BadRequestError extends ApiError {
  override name = "BadRequestError";
  override readonly code: string = "ERR_BAD_REQUEST";
}

/** The request lacks valid credentials for the engine, or for the registry that it uses (401). @category Errors */
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

/** The object is in a state that does not allow the operation, or its name is in use (409). @category Errors */
export class ConflictError extends ApiError {
  override name = "ConflictError";
  override readonly code: string = "ERR_CONFLICT";
}

/** The engine failed (500 and above, unless a more specific class exists). @category Errors */
export class ServerError extends ApiError {
  override name = "ServerError";
  override readonly code: string = "ERR_SERVER";
}

/**
 * The engine does not implement the operation on its platform or in its version (501, or 404 for an unknown path).
 *
 * @category Errors
 */
export class NotImplementedError extends ServerError {
  override name = "NotImplementedError";
  override readonly code: string = "ERR_NOT_IMPLEMENTED";
}

/** The engine currently cannot serve the request or, for a swarm operation, is not a manager (503). @category Errors */
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

/** The messages of the engines' routers for an unknown path, by status. They do not mean that an object is missing. */
const unknownPath: Readonly<Record<number, RegExp>> = {
  404: /^(?:(?:404 )?page not found|Not Found|Path \S+ is not supported)$/,
  503: /^Podman does not support service: /,
};

/**
 * Creates the error for a response: the operation's typed error for the status, or else the general one.
 *
 * @param details - the response.
 * @param errors - the typed errors of the operation.
 */
export function apiErrorOf(details: ApiErrorDetails, errors?: ApiErrors): ApiError {
  if (unknownPath[details.status]?.test(details.message)) {
    const { operation = "this request", status, message } = details;
    return new NotImplementedError(details, `the engine does not implement ${operation} (${status}: ${message})`);
  }
  const own = errors?.[details.status];
  if (own) return own(details);
  const General = byStatus[details.status] ?? (details.status >= 500 ? ServerError : ApiError);
  return new General(details);
}
