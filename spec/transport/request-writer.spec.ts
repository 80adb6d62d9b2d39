import { describe, expect, it } from "vitest";
import { InvalidOptionError } from "../../lib/errors/usage-errors.js";
import { Exchange } from "../../lib/transport/exchange.js";
import { requestHead } from "../../lib/transport/request-writer.js";

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
});
