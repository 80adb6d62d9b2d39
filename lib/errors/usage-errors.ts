import { DockerError, type DockerErrorDetails } from "./docker-error.js";

/** An option is missing, unknown or of the wrong type. Nothing was sent. @category Errors */
export class InvalidOptionError extends DockerError {
  override name = "InvalidOptionError";
  override readonly code: string = "ERR_INVALID_OPTION";
  /** Name of the option. */
  readonly option: string;

  /**
   * @param option - name of the option.
   * @param message - what is wrong with it, and what to do.
   * @param details - where it happened.
   */
  constructor(option: string, message: string, details?: DockerErrorDetails) {
    super(message, details);
    this.option = option;
  }
}

/**
 * The axios instance of a client answered, repeated or rejected a request in a way that the client cannot use.
 *
 * @category Errors
 */
export class InterceptorError extends DockerError {
  override name = "InterceptorError";
  override readonly code: string = "ERR_INTERCEPTOR";
}

/** The endpoint is not one that can be connected to, such as a port outside 1 to 65535. @category Errors */
export class InvalidEndpointError extends DockerError {
  override name = "InvalidEndpointError";
  override readonly code: string = "ERR_INVALID_ENDPOINT";
}

/** A setting from the environment, `config.json` or a context cannot be used. @category Errors */
export class ConfigurationError extends DockerError {
  override name = "ConfigurationError";
  override readonly code: string = "ERR_CONFIGURATION";
}

/** An operation that can only write its output somewhere was given nowhere to write it. @category Errors */
export class MissingOutputStreamError extends DockerError {
  override name = "MissingOutputStreamError";
  override readonly code: string = "ERR_MISSING_OUTPUT_STREAM";
}

/** A build has neither a context nor a remote repository. @category Errors */
export class MissingRepoError extends DockerError {
  override name = "MissingRepoError";
  override readonly code: string = "ERR_MISSING_REPO";
}

/** A build has more than one source of its context. @category Errors */
export class MultipleContextsError extends DockerError {
  override name = "MultipleContextsError";
  override readonly code: string = "ERR_MULTIPLE_CONTEXTS";
}

/** An export of several images names none. @category Errors */
export class MustSpecifyNamesError extends DockerError {
  override name = "MustSpecifyNamesError";
  override readonly code: string = "ERR_MUST_SPECIFY_NAMES";
}

/**
 * The negotiated API version does not know an operation or an option. Nothing was sent.
 *
 * @category Errors
 */
export class UnsupportedVersionError extends DockerError {
  override name = "UnsupportedVersionError";
  override readonly code: string = "ERR_UNSUPPORTED_VERSION";
  /** The option, or the operation itself, that is not known. */
  readonly subject: string;
  /** The API version in use. */
  readonly version: string;
  /** The API version that brought it, when it came later. */
  readonly since: string | undefined;
  /** The API version that dropped it, when it is gone. */
  readonly removed: string | undefined;

  /**
   * @param subject - the option or operation.
   * @param versions - the version in use and the ones that bound the subject.
   * @param details - where it happened.
   */
  constructor(
    subject: string,
    versions: { version: string; since?: string | undefined; removed?: string | undefined },
    details?: DockerErrorDetails,
  ) {
    const { version, since, removed } = versions;
    const bound = removed === undefined ? `needs API ${since ?? ""} or newer` : `is gone since API ${removed}`;
    super(`${subject} ${bound}, and the engine is spoken to in API ${version}`, details);
    this.subject = subject;
    this.version = version;
    this.since = since;
    this.removed = removed;
  }
}

/**
 * The engine and this package have no API version in common, or the pinned version is one that the engine refuses.
 *
 * @category Errors
 */
export class EngineVersionError extends DockerError {
  override name = "EngineVersionError";
  override readonly code: string = "ERR_ENGINE_VERSION";
}

/**
 * An event reached the monitor after its last listener had left. Such events are dropped, so nothing throws this error: it is
 * kept for code that names it.
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

/** Credentials could not be got: a helper failed, timed out or is not installed. @category Errors */
export class CredentialsError extends DockerError {
  override name = "CredentialsError";
  override readonly code: string = "ERR_CREDENTIALS";
}

/** An archive is damaged, or an entry of it would have been written outside the target. @category Errors */
export class ArchiveError extends DockerError {
  override name = "ArchiveError";
  override readonly code: string = "ERR_ARCHIVE";
}

/** A stream that the caller gave as input failed, or ended before its time. @category Errors */
export class InputStreamError extends DockerError {
  override name = "InputStreamError";
  override readonly code: string = "ERR_INPUT_STREAM";
}

/** There was more output than the call may hold in memory. Raise its limit, or stream the output. @category Errors */
export class OutputLimitError extends DockerError {
  override name = "OutputLimitError";
  override readonly code: string = "ERR_OUTPUT_LIMIT";
  /** How many bytes the call may hold. */
  readonly limit: number;

  /**
   * @param limit - how many bytes the call may hold.
   * @param message - the message, naming the option to raise.
   * @param details - where it happened.
   */
  constructor(limit: number, message: string, details?: DockerErrorDetails) {
    super(message, details);
    this.limit = limit;
  }
}

/** A stream that can be read once was read again, or after it was closed. @category Errors */
export class StreamInUseError extends DockerError {
  override name = "StreamInUseError";
  override readonly code: string = "ERR_STREAM_IN_USE";
}

/** A stream that the caller gave for output failed, or was closed while there was more to write. @category Errors */
export class OutputStreamError extends DockerError {
  override name = "OutputStreamError";
  override readonly code: string = "ERR_OUTPUT_STREAM";
}
