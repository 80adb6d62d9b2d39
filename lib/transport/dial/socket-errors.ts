import {
  ConnectionClosedError,
  ConnectionError,
  ConnectionRefusedError,
  HostNotFoundError,
  SocketNotFoundError,
  SocketPermissionError,
  TlsError,
} from "../../errors/connection-errors.js";
import { DockerError } from "../../errors/docker-error.js";

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

/** The numbers of the TLS alerts that reject the client's certificate (RFC 8446, section 6.2). */
const certificateAlerts = new Set([41, 42, 43, 44, 45, 46, 48, 49, 116]);

/**
 * The alert for a handshake without a common cipher. Older servers, and TLS 1.2, also send it when the client has no certificate.
 */
const HANDSHAKE_FAILURE = 40;

/** Errors of TLS sessions in which the client had no certificate. */
export const withoutCertificate = new WeakSet<object>();

/** The call in which a socket failed. */
interface Where {
  readonly operation: string;
  readonly endpoint: string;
}

/**
 * Converts an error from a socket, a TLS session or the HTTP reader into one of this package's errors.
 *
 * @param cause - the error.
 * @param where - the call in which it happened.
 */
export function connectionErrorOf(cause: unknown, where: Where): DockerError {
  if (cause instanceof DockerError) return cause;
  const details = { cause, operation: where.operation, endpoint: where.endpoint };
  const { code = "", message } = Object(cause) as { code?: string; message?: string }; // a thrown value may lack both
  const words = message || code || String(cause);
  const at = `cannot connect to Docker endpoint ${where.endpoint}`;
  switch (code) {
    case "ECONNREFUSED":
      return new ConnectionRefusedError(`${at}: connection refused; is the engine running?`, details);
    case "ENOENT":
      return new SocketNotFoundError(`${at}: the socket does not exist; is the engine running?`, details);
    case "EACCES":
    case "EPERM":
      return new SocketPermissionError(`${at}: permission denied; does this user have access to the socket?`, details);
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new HostNotFoundError(`${at}: the host name cannot be resolved`, details);
    case "ECONNRESET":
    case "EPIPE":
    case "ERR_STREAM_PREMATURE_CLOSE":
      return new ConnectionClosedError(`the engine at ${where.endpoint} closed the connection`, details);
  }
  return (
    tlsErrorOf(cause, code, words, where) ?? new ConnectionError(`the connection to ${where.endpoint} failed: ${words}`, details)
  );
}

/** The message for a plain HTTP request on a TLS port. */
export const plainHttpToTls = (endpoint: string): string => `${endpoint} expects TLS, but the request was sent in plain HTTP`;

/** Converts an error from a TLS session; returns undefined for other errors. */
function tlsErrorOf(cause: unknown, code: string, words: string, { operation, endpoint }: Where): TlsError | undefined {
  const details = { cause, operation, endpoint };
  if (certificateCodes.has(code)) {
    return new TlsError(`the certificate of ${endpoint} is not trusted: ${words}`, "server", details);
  }
  if (!code.startsWith("ERR_SSL_") && !code.startsWith("ERR_TLS_") && code !== "EPROTO") return undefined;
  const alert = Number(/SSL alert number (\d+)/.exec(words)?.[1]);
  const reason = /alert [a-z0-9 ]+(?=:)/.exec(words)?.[0] ?? code;
  if (certificateAlerts.has(alert)) {
    return new TlsError(`${endpoint} rejected the client's certificate (${reason})`, "client", details);
  }
  if (alert === HANDSHAKE_FAILURE && withoutCertificate.has(Object(cause) as object)) {
    return new TlsError(`${endpoint} rejected the handshake (${reason}): it may require a client certificate`, "client", details);
  }
  return new TlsError(`the TLS handshake with ${endpoint} failed (${reason}): does the endpoint use TLS?`, "protocol", details);
}
