import {
  ConnectionClosedError,
  ConnectionError,
  ConnectionRefusedError,
  HostNotFoundError,
  SocketNotFoundError,
  SocketPermissionError,
  TlsError,
} from "../errors/connection-errors.js";
import { DockerError } from "../errors/docker-error.js";

const certificateCodes = new Set([
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "CERT_REVOKED",
  "CERT_REJECTED",
  "CERT_SIGNATURE_FAILURE",
  "CERT_UNTRUSTED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "HOSTNAME_MISMATCH",
  "INVALID_CA",
  "INVALID_PURPOSE",
  "PATH_LENGTH_EXCEEDED",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

/** Where a socket failed. */
interface Where {
  readonly operation: string;
  readonly endpoint: string;
}

/**
 * Turns what a socket, a TLS session or the HTTP reader failed with into an error of this package.
 *
 * @param cause - what it failed with.
 * @param where - the call that it failed in.
 */
export function connectionErrorOf(cause: unknown, where: Where): DockerError {
  if (cause instanceof DockerError) return cause;
  const details = { cause, operation: where.operation, endpoint: where.endpoint };
  const { code = "", message = String(cause) } = cause as { code?: string; message?: string }; // any thrown value has these or not
  const at = `cannot connect to Docker endpoint ${where.endpoint}`;
  switch (code) {
    case "ECONNREFUSED":
      return new ConnectionRefusedError(`${at}: connection refused; is the engine running?`, details);
    case "ENOENT":
      return new SocketNotFoundError(`${at}: there is no such socket; is the engine running?`, details);
    case "EACCES":
    case "EPERM":
      return new SocketPermissionError(`${at}: permission denied; may this user open the socket?`, details);
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new HostNotFoundError(`${at}: the host name cannot be resolved`, details);
    case "ECONNRESET":
    case "EPIPE":
    case "ERR_STREAM_PREMATURE_CLOSE":
      return new ConnectionClosedError(`the engine at ${where.endpoint} closed the connection`, details);
  }
  if (certificateCodes.has(code)) {
    return new TlsError(`the certificate of ${where.endpoint} is not trusted: ${message}`, "server", details);
  }
  if (/^ERR_SSL_.*ALERT/.test(code) && !/ALERT_(PROTOCOL|INTERNAL|HANDSHAKE_FAILURE)/.test(code)) {
    return new TlsError(`${where.endpoint} refused the client's certificate (${code})`, "client", details);
  }
  if (code.startsWith("ERR_SSL_") || code.startsWith("ERR_TLS_") || code === "EPROTO") {
    return new TlsError(`no TLS session with ${where.endpoint} (${code}): does it speak TLS?`, "protocol", details);
  }
  return new ConnectionError(`the connection to ${where.endpoint} failed: ${message}`, details);
}
