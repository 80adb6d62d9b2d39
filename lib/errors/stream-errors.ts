import { ApiError, UnauthorizedError, type ApiErrorDetails } from "./api-error.js";

/** An engine's report, inside a stream that had begun well, that the operation failed. @category Errors */
export class StreamError extends ApiError {
  override name = "StreamError";
  override readonly code: string = "ERR_STREAM";
  /** The engine's own number for the failure; a failed build step carries its exit status here. */
  readonly errorCode: number | undefined;

  /**
   * @param details - the engine's report; `status` is that of the answer the stream came in.
   * @param errorCode - the engine's own number for the failure.
   * @param message - the message of the error; by default the engine's own.
   */
  constructor(details: ApiErrorDetails, errorCode?: number, message: string = details.message) {
    super(details, message);
    this.errorCode = errorCode;
  }
}

/** A build failed. @category Errors */
export class BuildError extends StreamError {
  override name = "BuildError";
  override readonly code = "ERR_BUILD";
  /** The end of what the build printed, at most 100 lines. */
  readonly log: readonly string[];

  /**
   * @param details - the engine's report.
   * @param errorCode - exit status of the failed step, where a step failed.
   * @param log - the end of what the build printed.
   */
  constructor(details: ApiErrorDetails, errorCode: number | undefined, log: readonly string[]) {
    super(details, errorCode, `build failed: ${details.message}`);
    this.log = log;
  }
}

/**
 * A registry refused the credentials that went with a push, pull or login, or wanted some.
 *
 * @category Errors
 */
export class RegistryAuthenticationError extends UnauthorizedError {
  override name = "RegistryAuthenticationError";
  override readonly code = "ERR_REGISTRY_AUTHENTICATION";
  /** The registry, or the image whose registry it is. */
  readonly registry: string;

  /**
   * @param registry - the registry, or the image whose registry it is.
   * @param details - the engine's report.
   */
  constructor(registry: string, details: ApiErrorDetails) {
    super(details, `the registry refused the credentials for ${registry}: ${details.message}`);
    this.registry = registry;
  }
}

const refusals =
  /unauthorized|authentication required|no basic auth credentials|incorrect username or password|authorization failed|push access denied|(?:^|: |\n)denied: |403 forbidden|status(?: code)?:? 40[13]\b/i;

/** What engines say when a registry does not tell whether it lacks the image or hides it. */
const undisclosed = /pull access denied for |pull access denied.*insufficient_scope/i;

/** What is said beside that when it was the credentials after all. */
const certain = /unauthorized|no basic auth credentials|incorrect username or password/i;

/**
 * Tells by the engine's message whether it was the registry that refused the credentials.
 * Engines report it under several statuses, and inside streams, so that only the text tells.
 *
 * A registry that lets nobody see whether it has an image has not refused any: engines call that image missing.
 */
export function isRegistryRefusal(message: string): boolean {
  return (undisclosed.test(message) ? certain : refusals).test(message);
}
