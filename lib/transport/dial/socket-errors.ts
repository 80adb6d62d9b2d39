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

/** The alerts with which a server refuses the client's certificate, by their numbers (RFC 8446, 6.2). */
const certificateAlerts = new Set([41, 42, 43, 44, 45, 46, 48, 49, 116]);

/** The alert of a server that speaks no common cipher; older ones and TLS 1.2 use it for a missing certificate too. */
const HANDSHAKE_FAILURE = 40;

/** What TLS sessions failed with in which the client had no certificate to offer. */
export const withoutCertificate = new WeakSet<object>();

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
  const { code = "", message } = Object(cause) as { code?: string; message?: string }; // any thrown value has these or not
  const words = message || code || String(cause);
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
  return (
    tlsErrorOf(cause, code, words, where) ?? new ConnectionError(`the connection to ${where.endpoint} failed: ${words}`, details)
  );
}

/** Makes the error of what a TLS session failed with; undefined when it is something else. */
function tlsErrorOf(cause: unknown, code: string, words: string, { operation, endpoint }: Where): TlsError | undefined {
  const details = { cause, operation, endpoint };
  if (certificateCodes.has(code)) {
    return new TlsError(`the certificate of ${endpoint} is not trusted: ${words}`, "server", details);
  }
  if (!code.startsWith("ERR_SSL_") && !code.startsWith("ERR_TLS_") && code !== "EPROTO") return undefined;
  const alert = Number(/SSL alert number (\d+)/.exec(words)?.[1]);
  const reason = /alert [a-z0-9 ]+(?=:)/.exec(words)?.[0] ?? code;
  if (certificateAlerts.has(alert)) {
    return new TlsError(`${endpoint} refused the client's certificate (${reason})`, "client", details);
  }
  if (alert === HANDSHAKE_FAILURE && withoutCertificate.has(Object(cause) as object)) {
    return new TlsError(`${endpoint} refused the handshake (${reason}): it may want a client's certificate`, "client", details);
  }
  return new TlsError(`no TLS session with ${endpoint} (${reason}): does it speak TLS?`, "protocol", details);
}
