import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { portNumber, portProtocol, publishPorts } from "../../../../lib/api/containers/helpers/ports.js";
import { InvalidOptionError } from "../../../../lib/errors/usage-errors.js";

describe("portNumber and portProtocol", () => {
  it.each([
    ["80/tcp", 80, "tcp"],
    ["53/udp", 53, "udp"],
    ["80", 80, "tcp"],
    ["80/", 80, "tcp"],
  ])("parse %s", (port, number, protocol) => {
    expect(portNumber(port)).toBe(number);
    expect(portProtocol(port)).toBe(protocol);
  });

  it.each(["", "/tcp", "http", "0/tcp", "65536", "-1", "1.5", "080000", "8000-8010/tcp"])("reject %j", (port) => {
    expect(() => portNumber(port)).toThrow(InvalidOptionError);
  });
});

describe("publishPorts", () => {
  it.each([
    ["80", "80/tcp", undefined],
    ["80/UDP", "80/udp", undefined],
    ["8080:80", "80/tcp", { HostPort: "8080" }],
    [":80", "80/tcp", { HostPort: "" }],
    ["127.0.0.1:8080:80/sctp", "80/sctp", { HostIp: "127.0.0.1", HostPort: "8080" }],
    ["127.0.0.1::80", "80/tcp", { HostIp: "127.0.0.1", HostPort: "" }],
    ["[::1]:8080:80", "80/tcp", { HostIp: "::1", HostPort: "8080" }],
    ["::80", "80/tcp", { HostPort: "" }],
  ])("parses %s", (text, port, binding) => {
    expect(publishPorts([text])).toEqual({
      ExposedPorts: { [port]: {} },
      PortBindings: binding ? { [port]: [binding] } : {},
    });
  });

  it("collects the bindings of one port", () => {
    expect(publishPorts(["1:80", "2:80", "80"])).toEqual({
      ExposedPorts: { "80/tcp": {} },
      PortBindings: { "80/tcp": [{ HostPort: "1" }, { HostPort: "2" }] },
    });
  });

  it.each(["", "http", "80/", "80/icmp", "0:80", "1:0", "65536:80", "a:b:c:d", "8000-8010:80", "::1:8080:80", "1:2:3:80"])(
    "rejects %j",
    (text) => {
      expect(() => publishPorts([text])).toThrow(InvalidOptionError);
    },
  );

  it("parses every valid specification", () => {
    const port = fc.integer({ min: 1, max: 65_535 });
    const address = fc.option(fc.oneof(fc.ipV4(), fc.constant("[fe80::1]")), { nil: undefined });
    fc.assert(
      fc.property(
        port,
        fc.option(port, { nil: undefined }),
        address,
        fc.constantFrom("tcp", "udp", "sctp"),
        (to, from, ip, transport) => {
          const head = ip === undefined ? (from === undefined ? "" : `${from}:`) : `${ip}:${from ?? ""}:`;
          const { ExposedPorts, PortBindings } = publishPorts([`${head}${to}/${transport}`]);
          const key = `${to}/${transport}`;
          expect(Object.keys(ExposedPorts)).toEqual([key]);
          const expected = {
            ...(ip ? { HostIp: ip.replace(/[[\]]/g, "") } : {}),
            HostPort: from === undefined ? "" : String(from),
          };
          expect(PortBindings).toEqual(head === "" ? {} : { [key]: [expected] });
        },
      ),
    );
  });

  it("parses or rejects any string", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          publishPorts([text]);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidOptionError);
        }
      }),
    );
  });
});
