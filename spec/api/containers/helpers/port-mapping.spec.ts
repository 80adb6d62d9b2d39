import { describe, expect, it } from "vitest";
import { portMappingApi } from "../../../../lib/api/containers/helpers/port-mapping.js";

describe("portMappingApi", () => {
  it("returns one row per binding, and one row per unpublished port", () => {
    const Ports = {
      "80/tcp": [
        { HostIp: "0.0.0.0", HostPort: "8080" },
        { HostIp: "::", HostPort: "8080" },
      ],
      "53/udp": null,
      "9/sctp": [],
      "10/tcp": [{}],
    };
    expect(portMappingApi({ Ports })).toEqual([
      { IP: "0.0.0.0", PrivatePort: 80, PublicPort: 8080, Type: "tcp" },
      { IP: "::", PrivatePort: 80, PublicPort: 8080, Type: "tcp" },
      { PrivatePort: 53, Type: "udp" },
      { PrivatePort: 9, Type: "sctp" },
      { PrivatePort: 10, Type: "tcp" },
    ]);
  });

  it("returns an empty list without ports", () => {
    expect(portMappingApi({})).toEqual([]);
    expect(portMappingApi({ Ports: {} })).toEqual([]);
  });
});
