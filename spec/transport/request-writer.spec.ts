import { describe, expect, it } from "vitest";
import { InvalidOptionError } from "../../lib/errors/usage-errors.js";
import { Exchange } from "../../lib/transport/exchange.js";
import { checkHeaders, type HeaderFields, requestHead } from "../../lib/transport/request-writer.js";

const exchange = new Exchange("request", "unix:///spec", { connect: 0, headers: 0, inactivity: 0, total: 0 }, undefined);
const headOf = (method: string) => requestHead({ method, path: "/x", headers: {}, ownConnection: false }, {}, exchange);

describe("requestHead", () => {
  it.each(["GET", "PATCH", "M-SEARCH"])("accepts the method %s", (method) => {
    expect(headOf(method)).toMatch(new RegExp(`^${method} /x HTTP/1\\.1\r\n`));
  });

  it.each(["", "GET ", "GET /evil HTTP/1.1\r\nX: y\r\n\r\nGET", "G\u00cbT", "GET\0"])("rejects the method %j", (method) => {
    expect(() => headOf(method)).toThrow(InvalidOptionError);
    expect(() => headOf(method)).toThrow("the method of request is not an HTTP method");
  });

  it("declares an empty body, except where HTTP expects none", () => {
    for (const method of ["GET", "HEAD"]) expect(headOf(method)).toBe(`${method} /x HTTP/1.1\r\n\r\n`);
    for (const method of ["POST", "PUT", "DELETE"])
      expect(headOf(method)).toBe(`${method} /x HTTP/1.1\r\nContent-Length: 0\r\n\r\n`);
  });

  const withHeaders = (headers: HeaderFields, secret?: Record<string, string>) =>
    requestHead({ method: "GET", path: "/x", headers, ownConnection: false }, secret ? { headers: secret } : {}, exchange);

  it("serializes headers that many requests share once", () => {
    let reads = 0;
    const headers = {
      get "X-Shared"() {
        reads += 1;
        return "value";
      },
    };
    const heads = [withHeaders(headers), withHeaders(headers)];
    expect(heads).toEqual(Array.from({ length: 2 }, () => "GET /x HTTP/1.1\r\nX-Shared: value\r\n\r\n"));
    expect(reads).toBe(1);
  });

  it("sends a field with a list once per value, and credentials in place of a field of the same name", () => {
    expect(withHeaders({ A: ["1", "2"], "x-secret": "shown", B: "3" }, { "X-Secret": "hidden" })).toBe(
      "GET /x HTTP/1.1\r\nA: 1\r\nA: 2\r\nB: 3\r\nX-Secret: hidden\r\n\r\n",
    );
  });

  it.each<[string, HeaderFields, string]>([
    ["a name", { "a b": "1" }, 'header "a b" of request has characters that HTTP does not allow'],
    ["a value", { a: "1\n" }, 'header "a" of request has characters that HTTP does not allow'],
    ["a value in a list", { a: ["1", "\0"] }, 'header "a" of request has characters that HTTP does not allow'],
    [
      "a long name, which is shortened",
      { [`${"n".repeat(50)} `]: "1" },
      `header "${"n".repeat(40)}" of request has characters that HTTP does not allow`,
    ],
    ["a length", { "content-Length": "1" }, 'header "content-Length" of request is set by the client and cannot be overridden'],
  ])("rejects %s that HTTP or the client does not allow", (_what, headers, message) => {
    expect(() => withHeaders(headers)).toThrow(message);
    expect(() => checkHeaders(headers, exchange)).toThrow(InvalidOptionError);
  });

  it("requests the end of its own connection, unless the connection is upgraded", () => {
    const own = (headers: HeaderFields) => requestHead({ method: "GET", path: "/x", headers, ownConnection: true }, {}, exchange);
    expect(own({})).toBe("GET /x HTTP/1.1\r\nConnection: close\r\n\r\n");
    expect(own({ Connection: "Upgrade" })).toBe("GET /x HTTP/1.1\r\nConnection: Upgrade\r\n\r\n");
  });
});
