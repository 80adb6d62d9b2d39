import { DockerError, type DockerErrorDetails } from "./docker-error.js";

/**
 * The engine could not be reached, or the connection to it broke.
 *
 * @category Errors
 */
export class ConnectionError extends DockerError {
  override name = "ConnectionError";
  override readonly code: string = "ERR_CONNECTION";
}

/** Nothing listens at the endpoint. @category Errors */
export class ConnectionRefusedError extends ConnectionError {
  override name = "ConnectionRefusedError";
  override readonly code: string = "ERR_CONNECTION_REFUSED";
}

/** The endpoint's Unix socket or named pipe does not exist. @category Errors */
export class SocketNotFoundError extends ConnectionError {
  override name = "SocketNotFoundError";
  override readonly code: string = "ERR_SOCKET_NOT_FOUND";
}

/** The current user is not permitted to open the endpoint's socket. @category Errors */
export class SocketPermissionError extends ConnectionError {
  override name = "SocketPermissionError";
  override readonly code: string = "ERR_SOCKET_PERMISSION";
}

/** The endpoint's host name could not be resolved. @category Errors */
export class HostNotFoundError extends ConnectionError {
  override name = "HostNotFoundError";
  override readonly code: string = "ERR_HOST_NOT_FOUND";
}

/** The engine closed the connection before it responded. @category Errors */
export class ConnectionClosedError extends ConnectionError {
  override name = "ConnectionClosedError";
  override readonly code: string = "ERR_CONNECTION_CLOSED";
}

/**
 * The TLS handshake failed: the engine's certificate is not trusted, the engine rejected the client's certificate, or one side
 * does not use TLS.
 *
 * @category Errors
 */
export class TlsError extends ConnectionError {
  override name = "TlsError";
  override readonly code: string = "ERR_TLS";
  /** The cause: the engine's certificate (`server`), the client's certificate (`client`), or the protocol. */
  readonly side: "server" | "client" | "protocol";

  /**
   * @param message - the message.
   * @param side - the cause.
   * @param details - the call and the endpoint.
   */
  constructor(message: string, side: "server" | "client" | "protocol", details?: DockerErrorDetails) {
    super(message, details);
    this.side = side;
  }
}

/** The `ssh` command failed, or the remote host has neither `docker` nor `podman`. @category Errors */
export class SshError extends ConnectionError {
  override name = "SshError";
  override readonly code: string = "ERR_SSH";
}

/** The ssh server rejected all offered keys. @category Errors */
export class SshAuthenticationError extends SshError {
  override name = "SshAuthenticationError";
  override readonly code: string = "ERR_SSH_AUTHENTICATION";
}

/** The ssh server's host key is unknown or has changed. @category Errors */
export class SshHostKeyError extends SshError {
  override name = "SshHostKeyError";
  override readonly code: string = "ERR_SSH_HOST_KEY";
}

/** The client was closed before or during the call. @category Errors */
export class ClientClosedError extends ConnectionError {
  override name = "ClientClosedError";
  override readonly code: string = "ERR_CLIENT_CLOSED";
}

/** The four timeouts of a call. */
export type TimeoutKind = "connect" | "headers" | "inactivity" | "total";

const timeoutTexts: Readonly<Record<TimeoutKind, string>> = {
  connect: "could not connect to the engine",
  headers: "got no response from the engine",
  inactivity: "received nothing on its stream",
  total: "did not finish",
};

/** A call timed out. `kind` says which of its timeouts expired. @category Errors */
export class TimeoutError extends DockerError {
  override name = "TimeoutError";
  override readonly code: string = "ERR_TIMEOUT";
  /** The timeout that expired: `connect`, `headers`, `inactivity` or `total`. */
  readonly kind: TimeoutKind;
  /** The length of the timeout, in milliseconds. */
  readonly timeout: number;

  /**
   * @param kind - the timeout.
   * @param timeout - its length, in milliseconds.
   * @param details - the call and the endpoint.
   * @param note - text to append to the message.
   */
  constructor(kind: TimeoutKind, timeout: number, details?: DockerErrorDetails, note?: string) {
    const { operation = "the call" } = details ?? {};
    const addition = note === undefined ? "" : `: ${note}`;
    super(`${operation} ${timeoutTexts[kind]} within ${timeout} ms (${kind} timeout)${addition}`, details);
    this.kind = kind;
    this.timeout = timeout;
  }
}

/**
 * The total timeout of a call expired while it waited for a free connection, because other calls were using as many as the
 * client's `maxConnections` allows. Nothing was sent.
 *
 * @category Errors
 */
export class QueueTimeoutError extends TimeoutError {
  override name = "QueueTimeoutError";
  override readonly code = "ERR_QUEUE_TIMEOUT";
  /** The number of calls that use the connections. */
  readonly busy: number;

  /**
   * @param busy - the number of calls that use the connections.
   * @param timeout - the length of the total timeout, in milliseconds.
   * @param details - the call and the endpoint.
   */
  constructor(busy: number, timeout: number, details?: DockerErrorDetails) {
    super("total", timeout, details, `it waited for a free connection (${busy} in use): raise maxConnections`);
    this.busy = busy;
  }
}

/**
 * The caller's `AbortSignal` ended the call. `cause` is the signal's reason. The `name` of the error is `AbortError`, as in
 * Node.js.
 *
 * @category Errors
 */
export class AbortError extends DockerError {
  override name = "AbortError";
  override readonly code: string = "ABORT_ERR";
}

/**
 * The engine violated the protocol: it sent an unknown frame, malformed JSON, a body that was cut off, or a response that lacks
 * documented members.
 *
 * @category Errors
 */
export class ProtocolError extends DockerError {
  override name = "ProtocolError";
  override readonly code: string = "ERR_PROTOCOL";
  readonly #unquoted: string;

  /**
   * @param message - the message.
   * @param details - the call and the endpoint.
   * @param quotation - a quotation from the response, to append to the message.
   */
  constructor(message: string, details?: DockerErrorDetails, quotation?: string) {
    super(quotation === undefined ? message : `${message}: ${quotation}`, details);
    this.#unquoted = message;
  }

  /**
   * Returns the same error without the quotation, for calls with secrets.
   *
   * @internal
   */
  withoutQuotation(): ProtocolError {
    const { operation, endpoint } = this;
    return new ProtocolError(this.#unquoted, { operation, endpoint });
  }
}
