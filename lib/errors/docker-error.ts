/** What every error of this package can say about where it happened. */
export interface DockerErrorDetails {
  /** The error that led to this one. Never an error of the HTTP library. */
  cause?: unknown;
  /** Name of the client method that failed, such as `killContainer`. */
  operation?: string | undefined;
  /** The engine's address, without credentials. */
  endpoint?: string | undefined;
}

/**
 * The root of every error that this package throws.
 *
 * `code` is stable across releases and is what to compare when `instanceof` cannot be used.
 * No message, property or inspected form of an error holds a credential.
 *
 * @category Errors
 */
export class DockerError extends Error {
  /** Name of the error's class. */
  override name = "DockerError";
  /** Stable identifier of the kind of error, in capitals. */
  readonly code: string = "ERR_DOCKER";
  /** Name of the client method that failed, where one was running. */
  readonly operation: string | undefined;
  /** The engine's address, without credentials, where one was being talked to. */
  readonly endpoint: string | undefined;

  /**
   * @param message - what went wrong, in lower case, naming the object.
   * @param details - where it went wrong.
   */
  constructor(message: string, details: DockerErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.operation = details.operation;
    this.endpoint = details.endpoint;
  }
}
