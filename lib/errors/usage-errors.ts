import { DockerError, type DockerErrorDetails } from "./docker-error.js";

/** An option is missing, unknown or of the wrong type. Nothing was sent. @category Errors */
export class InvalidOptionError extends DockerError {
  override name = "InvalidOptionError";
  override readonly code: string = "ERR_INVALID_OPTION";
  /** Name of the option. */
  readonly option: string;

  /**
   * @param option - name of the option.
   * @param message - the problem and its solution.
   * @param details - the call and the endpoint.
   */
  constructor(option: string, message: string, details?: DockerErrorDetails) {
    super(message, details);
    this.option = option;
  }
}

/**
 * The axios instance of a client answered, repeated or rejected a request in a way that the client does not support.
 *
 * @category Errors
 */
export class InterceptorError extends DockerError {
  override name = "InterceptorError";
  override readonly code: string = "ERR_INTERCEPTOR";
}

/** The endpoint is malformed: for example, its port is not between 1 and 65535. @category Errors */
export class InvalidEndpointError extends DockerError {
  override name = "InvalidEndpointError";
  override readonly code: string = "ERR_INVALID_ENDPOINT";
}

/** A setting from the environment, `config.json` or a context is invalid. @category Errors */
export class ConfigurationError extends DockerError {
  override name = "ConfigurationError";
  override readonly code: string = "ERR_CONFIGURATION";
}

/** The caller passed no output stream to an operation that needs one. @category Errors */
export class MissingOutputStreamError extends DockerError {
  override name = "MissingOutputStreamError";
  override readonly code: string = "ERR_MISSING_OUTPUT_STREAM";
}

/** A build has no source: neither a context nor a remote repository. @category Errors */
export class MissingRepoError extends DockerError {
  override name = "MissingRepoError";
  override readonly code: string = "ERR_MISSING_REPO";
}

/** A build has more than one source. @category Errors */
export class MultipleContextsError extends DockerError {
  override name = "MultipleContextsError";
  override readonly code: string = "ERR_MULTIPLE_CONTEXTS";
}

/** An export of images has no image names. @category Errors */
export class MustSpecifyNamesError extends DockerError {
  override name = "MustSpecifyNamesError";
  override readonly code: string = "ERR_MUST_SPECIFY_NAMES";
}

/**
 * The negotiated API version lacks an operation or an option. Nothing was sent.
 *
 * @category Errors
 */
export class UnsupportedVersionError extends DockerError {
  override name = "UnsupportedVersionError";
  override readonly code: string = "ERR_UNSUPPORTED_VERSION";
  /** The option or operation that the version lacks. */
  readonly subject: string;
  /** The API version in use. */
  readonly version: string;
  /** The API version that introduced it, if that is later than the version in use. */
  readonly since: string | undefined;
  /** The API version that removed it, if the version in use is that one or newer. */
  readonly removed: string | undefined;

  /**
   * @param subject - the option or operation.
   * @param versions - the version in use, and the versions that introduced and removed the subject.
   * @param details - the call and the endpoint.
   */
  constructor(
    subject: string,
    versions: { version: string; since?: string | undefined; removed?: string | undefined },
    details?: DockerErrorDetails,
  ) {
    const { version, since, removed } = versions;
    const limit = removed === undefined ? `requires API ${since ?? ""} or newer` : `was removed in API ${removed}`;
    super(`${subject} ${limit}; the negotiated version is ${version}`, details);
    this.subject = subject;
    this.version = version;
    this.since = since;
    this.removed = removed;
  }
}

/**
 * The engine and this package have no API version in common, or the engine rejects the pinned version.
 *
 * @category Errors
 */
export class EngineVersionError extends DockerError {
  override name = "EngineVersionError";
  override readonly code: string = "ERR_ENGINE_VERSION";
}

/**
 * No listener is left for an event. The client drops such events and never throws this error. The class exists only for code that
 * refers to it.
 * @category Errors
 */
export class NoListenersError extends DockerError {
  override name = "NoListenersError";
  override readonly code: string = "ERR_NO_LISTENERS";
}

/** The same listener function was added twice. @category Errors */
export class ListenerAlreadyExistsError extends DockerError {
  override name = "ListenerAlreadyExistsError";
  override readonly code: string = "ERR_LISTENER_ALREADY_EXISTS";
}

/** Credentials are unavailable: a helper failed, timed out or is not installed. @category Errors */
export class CredentialsError extends DockerError {
  override name = "CredentialsError";
  override readonly code: string = "ERR_CREDENTIALS";
}

/** An archive is corrupt, or an entry would be written outside the target. @category Errors */
export class ArchiveError extends DockerError {
  override name = "ArchiveError";
  override readonly code: string = "ERR_ARCHIVE";
}

/** The caller's input stream failed, or was destroyed before its end. @category Errors */
export class InputStreamError extends DockerError {
  override name = "InputStreamError";
  override readonly code: string = "ERR_INPUT_STREAM";
}

/** The output exceeds the limit of the call. Raise the limit, or stream the output. @category Errors */
export class OutputLimitError extends DockerError {
  override name = "OutputLimitError";
  override readonly code: string = "ERR_OUTPUT_LIMIT";
  /** The limit, in bytes. */
  readonly limit: number;

  /**
   * @param limit - the limit, in bytes.
   * @param message - the message, which names the option to raise.
   * @param details - the call and the endpoint.
   */
  constructor(limit: number, message: string, details?: DockerErrorDetails) {
    super(message, details);
    this.limit = limit;
  }
}

/** A stream that can be read only once was read a second time, or was read after it was closed. @category Errors */
export class StreamInUseError extends DockerError {
  override name = "StreamInUseError";
  override readonly code: string = "ERR_STREAM_IN_USE";
}

/** The caller's output stream failed, or was closed before the end of the output. @category Errors */
export class OutputStreamError extends DockerError {
  override name = "OutputStreamError";
  override readonly code: string = "ERR_OUTPUT_STREAM";
}
