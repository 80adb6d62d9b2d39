import { describe, expect, it } from "vitest";
import { AbortError } from "../../../lib/errors/connection-errors.js";
import { connectionErrorOf, withoutCertificate } from "../../../lib/transport/dial/socket-errors.js";

const where = { operation: "spec", endpoint: "tcp://engine:2375" };
const coded = (code: string, message = "low words") => Object.assign(new Error(message), { code });

describe("connectionErrorOf", () => {
  it.each([
    ["ECONNREFUSED", "ConnectionRefusedError", /connection refused; is the engine running/],
    ["ENOENT", "SocketNotFoundError", /socket does not exist/],
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
  ])("converts %s to a %s", (code, name, message) => {
    const cause = coded(code);
    const error = connectionErrorOf(cause, where);
    expect(error).toMatchObject({ name, cause, ...where });
    expect(error.message).toMatch(message);
    expect(error.message).toContain("tcp://engine:2375");
  });

  it.each(["CERT_HAS_EXPIRED", "DEPTH_ZERO_SELF_SIGNED_CERT", "ERR_TLS_CERT_ALTNAME_INVALID", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"])(
    "converts %s to an error about the server's certificate",
    (code) => {
      expect(connectionErrorOf(coded(code), where)).toMatchObject({
        name: "TlsError",
        code: "ERR_TLS",
        side: "server",
        ...where,
      });
    },
  );

  const alert = (words: string, number: number) =>
    `805C6BF74E7F0000:error:0A000410:SSL routines:ssl3_read_bytes:${words}:../deps/openssl/ssl/record.c:1601:SSL alert number ${number}\n`;

  it.each([
    [
      "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED",
      alert("tlsv13 alert certificate required", 116),
      "client",
      "(alert certificate required)",
    ],
    ["ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE", alert("sslv3 alert bad certificate", 42), "client", "(alert bad certificate)"],
    ["EPROTO", alert("tlsv1 alert unknown ca", 48), "client", "(alert unknown ca)"],
    ["EPROTO", alert("sslv3 alert handshake failure", 40), "protocol", "(alert handshake failure)"],
    ["ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", alert("tlsv1 alert protocol version", 70), "protocol", "(alert protocol version)"],
    [
      "ERR_SSL_WRONG_VERSION_NUMBER",
      "error:0A00010B:SSL routines:ssl3_get_record:wrong version number:",
      "protocol",
      "(ERR_SSL_WRONG_VERSION_NUMBER)",
    ],
    ["EPROTO", "write EPROTO", "protocol", "(EPROTO)"],
  ])('converts %s (%j) to a TLS error with the side "%s"', (code, words, side, reason) => {
    const error = connectionErrorOf(coded(code, words), where);
    expect(error).toMatchObject({ name: "TlsError", code: "ERR_TLS", side, ...where });
    expect(error.message).toContain(reason);
  });

  it.each([41, 42, 43, 44, 45, 46, 48, 49, 116])("attributes alert %i to the client's certificate", (number) => {
    expect(connectionErrorOf(coded("EPROTO", alert("some alert", number)), where)).toMatchObject({ side: "client" });
  });

  it.each([0, 39, 40, 47, 50, 115, 117])("does not attribute alert %i to the client's certificate", (number) => {
    expect(connectionErrorOf(coded("EPROTO", alert("some alert", number)), where)).toMatchObject({ side: "protocol" });
  });

  it("treats a failed handshake of a client without a certificate as a missing certificate", () => {
    const cause = coded("EPROTO", alert("sslv3 alert handshake failure", 40));
    withoutCertificate.add(cause);
    expect(connectionErrorOf(cause, where)).toMatchObject({
      name: "TlsError",
      side: "client",
      message: expect.stringContaining("may require a client"),
    });
  });

  it("returns this package's errors unchanged", () => {
    const own = new AbortError("enough");
    expect(connectionErrorOf(own, where)).toBe(own);
  });

  it("adds a message to an error without one", () => {
    const several = new AggregateError([coded("EHOSTUNREACH"), coded("ENETUNREACH")], "");
    expect(connectionErrorOf(Object.assign(several, { code: "EHOSTUNREACH" }), where).message).toContain("failed: EHOSTUNREACH");
  });

  it.each(["a text", 5, null, undefined])("converts %j, which is not an Error", (cause) => {
    expect(connectionErrorOf(cause, where)).toMatchObject({
      name: "ConnectionError",
      message: expect.stringContaining(String(cause)),
    });
  });
});
