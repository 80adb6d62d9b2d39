import { describe, expect, it } from "vitest";
import { AbortError, type TlsError } from "../../lib/errors/connection-errors.js";
import { connectionErrorOf } from "../../lib/transport/socket-errors.js";

const where = { operation: "spec", endpoint: "tcp://engine:2375" };
const coded = (code: string, message = "low words") => Object.assign(new Error(message), { code });

describe("connectionErrorOf", () => {
  it.each([
    ["ECONNREFUSED", "ConnectionRefusedError", /connection refused; is the engine running/],
    ["ENOENT", "SocketNotFoundError", /no such socket/],
    ["EACCES", "SocketPermissionError", /permission denied/],
    ["EPERM", "SocketPermissionError", /permission denied/],
    ["ENOTFOUND", "HostNotFoundError", /cannot be resolved/],
    ["EAI_AGAIN", "HostNotFoundError", /cannot be resolved/],
    ["ECONNRESET", "ConnectionClosedError", /closed the connection/],
    ["EPIPE", "ConnectionClosedError", /closed the connection/],
    ["ERR_STREAM_PREMATURE_CLOSE", "ConnectionClosedError", /closed the connection/],
    ["EHOSTUNREACH", "ConnectionError", /failed: low words/],
    ["ETIMEDOUT", "ConnectionError", /failed: low words/],
    ["", "ConnectionError", /failed: low words/],
  ])("makes of %s a %s", (code, name, message) => {
    const cause = coded(code);
    const error = connectionErrorOf(cause, where);
    expect(error).toMatchObject({ name, cause, ...where });
    expect(error.message).toMatch(message);
    expect(error.message).toContain("tcp://engine:2375");
  });

  it.each([
    ["CERT_HAS_EXPIRED", "server"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "server"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "server"],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "server"],
    ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "client"],
    ["ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE", "client"],
    ["ERR_SSL_TLSV1_ALERT_UNKNOWN_CA", "client"],
    ["ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE", "protocol"],
    ["ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", "protocol"],
    ["ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR", "protocol"],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "protocol"],
    ["EPROTO", "protocol"],
  ])("makes of %s an error of TLS on the side of the %s", (code, side) => {
    const error = connectionErrorOf(coded(code), where) as TlsError;
    expect(error).toMatchObject({ name: "TlsError", code: "ERR_TLS", side, ...where });
  });

  it("leaves an error of this package alone", () => {
    const own = new AbortError("enough");
    expect(connectionErrorOf(own, where)).toBe(own);
  });

  it("says something of an error that says nothing itself", () => {
    const several = new AggregateError([coded("EHOSTUNREACH"), coded("ENETUNREACH")], "");
    expect(connectionErrorOf(Object.assign(several, { code: "EHOSTUNREACH" }), where).message).toContain("failed: EHOSTUNREACH");
  });

  it.each(["a text", 5, null, undefined])("takes %j, which is no error at all", (cause) => {
    expect(connectionErrorOf(cause, where)).toMatchObject({
      name: "ConnectionError",
      message: expect.stringContaining(String(cause)),
    });
  });
});
