import type { BuildSourcePlace } from "../types/build-trace.js";
import { ApiError, type ApiErrorDetails, fruitlessSearch, UnauthorizedError } from "./api-error.js";

/** Returns the general message, such as `pullImage app failed: connection refused`. */
const failure = ({ operation, object, message }: ApiErrorDetails): string =>
  operation === undefined ? message : `${object ? `${operation} ${object}` : operation} failed: ${message}`;

/** The engine reported a failure inside a stream, after answering with a successful status. @category Errors */
export class StreamError extends ApiError {
  override name = "StreamError";
  override readonly code: string = "ERR_STREAM";
  /** The engine's error code; for a failed build step, its exit status. */
  readonly errorCode: number | undefined;

  /**
   * @param details - the engine's report; `status` is the status of the response that carries the stream.
   * @param errorCode - the engine's error code.
   * @param message - the error message; by default the operation, its object and the engine's message.
   */
  constructor(details: ApiErrorDetails, errorCode?: number, message: string = failure(details)) {
    super(details, message);
    this.errorCode = errorCode;
  }
}

/** A build failed. @category Errors */
export class BuildError extends StreamError {
  override name = "BuildError";
  override readonly code = "ERR_BUILD";
  /** The last lines of the build output, at most 100. With BuildKit, those of the failed step. */
  readonly log: readonly string[];
  /** The failed step, such as `[2/3] RUN make`; undefined if it is unknown, as with the classic builder. */
  readonly step: string | undefined;
  /** The place in the Dockerfile; undefined if the engine does not report it: BuildKit does since Docker 23. */
  readonly source: BuildSourcePlace | undefined;

  /**
   * @param details - the engine's report.
   * @param errorCode - exit status of the failed step, if a step failed.
   * @param log - the last lines of the build output.
   * @param place - the failed step, and the place in the Dockerfile.
   */
  constructor(
    details: ApiErrorDetails,
    errorCode: number | undefined,
    log: readonly string[],
    place: { readonly step?: string | undefined; readonly source?: BuildSourcePlace | undefined } = {},
  ) {
    super(details, errorCode, `build failed: ${details.message}`);
    this.log = log;
    this.step = place.step;
    this.source = place.source;
  }
}

/** Returns a message that distinguishes rejected credentials from missing ones. */
function refusalOf(registry: string, details: ApiErrorDetails): string {
  const search = fruitlessSearch(details);
  return search === undefined
    ? `the registry rejected the credentials for ${registry}`
    : `the registry requires credentials for ${registry} (${search})`;
}

/**
 * A registry rejected the credentials of a push, pull, search or login, or requires credentials.
 *
 * @category Errors
 */
export class RegistryAuthenticationError extends UnauthorizedError {
  override name = "RegistryAuthenticationError";
  override readonly code = "ERR_REGISTRY_AUTHENTICATION";
  /** The registry, or the image that was requested from it. */
  readonly registry: string;
  /** Whether the request had credentials, which the registry then rejected; undefined if that is unknown. */
  readonly hadCredentials: boolean | undefined;
  /** The places that were searched for credentials, in order. If a search failed, its place includes the reason. */
  readonly lookedIn: readonly string[];

  /**
   * @param registry - the registry, or the image that was requested from it.
   * @param details - the engine's report.
   */
  constructor(registry: string, details: ApiErrorDetails) {
    super(details, `${refusalOf(registry, details)}: ${details.message}`);
    this.registry = registry;
    this.hadCredentials = details.credentials?.found;
    this.lookedIn = details.credentials?.places ?? [];
  }
}
