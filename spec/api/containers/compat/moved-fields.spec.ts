import { describe, expect, it } from "vitest";
import { moveFields, moveMacAddress, setMoved } from "../../../../lib/api/containers/compat/moved-fields.js";
import { InvalidOptionError } from "../../../../lib/errors/usage-errors.js";
import type { HostConfig } from "../../../../lib/types/host-config.js";

describe("moveFields", () => {
  it("returns a current configuration unchanged", () => {
    const parts = { config: { Image: "a", ExposedPorts: { "80/tcp": {} } }, hostConfig: { Memory: 1 } };
    expect(moveFields(parts)).toBe(parts);
  });

  it("moves every field", () => {
    const config = { Image: "a", Memory: 1, MemorySwap: -1, CpuShares: 2, Dns: ["1.1.1.1"], VolumesFrom: "a,b:ro" };
    expect(moveFields({ config, hostConfig: { Privileged: true } })).toEqual({
      config: { Image: "a" },
      hostConfig: {
        Privileged: true,
        Memory: 1,
        MemorySwap: -1,
        CpuShares: 2,
        Dns: ["1.1.1.1"],
        VolumesFrom: ["a", "b:ro"],
      },
    });
  });

  it("parses PortSpecs and keeps ports in the new place", () => {
    const moved = moveFields({
      config: { PortSpecs: ["80", "8080:81", "127.0.0.1:53:53/udp"], ExposedPorts: { "9/tcp": {} } },
      hostConfig: { PortBindings: { "81/tcp": [{ HostPort: "1" }] } },
    });
    expect(moved.config).toEqual({ ExposedPorts: { "80/tcp": {}, "81/tcp": {}, "53/udp": {}, "9/tcp": {} } });
    expect(moved.hostConfig).toEqual({
      PortBindings: { "81/tcp": [{ HostPort: "1" }], "53/udp": [{ HostIp: "127.0.0.1", HostPort: "53" }] },
    });
  });

  it("adds no unnecessary host configuration", () => {
    const config = { Memory: 0, MemorySwap: 0, CpuShares: 0, Dns: null, VolumesFrom: "", PortSpecs: ["80"] };
    const moved = moveFields({ config });
    expect(moved.config).toEqual({ ExposedPorts: { "80/tcp": {} } });
    expect(moved.hostConfig).toBeUndefined();
    expect(moveFields({ config: { PortSpecs: [] }, hostConfig: {} }).hostConfig).toEqual({});
  });

  it("accepts equal values in both places and rejects conflicting ones", () => {
    expect(moveFields({ config: { Dns: ["a"] }, hostConfig: { Dns: ["a"] } }).hostConfig).toEqual({ Dns: ["a"] });
    expect(() => moveFields({ config: { Memory: 1 }, hostConfig: { Memory: 2 } })).toThrow(InvalidOptionError);
    expect(() => moveFields({ config: { Memory: 1 }, hostConfig: { Memory: 2 } })).toThrow(
      /config\.Memory conflicts with Memory/,
    );
    expect(() => moveFields({ config: { PortSpecs: ["http"] } })).toThrow(/not a port/);
  });
});

describe("setMoved", () => {
  it.each([undefined, null, "", 0, []])("does nothing for %j", (value) => {
    const target: HostConfig = { Dns: ["a"] };
    setMoved(target, "Dns", value as never, "x");
    expect(target).toEqual({ Dns: ["a"] });
  });
});

describe("moveMacAddress", () => {
  const MacAddress = "02:42:ac:11:00:09";

  it.each([
    [{ config: { MacAddress } }, { default: { MacAddress } }],
    [{ config: { MacAddress }, hostConfig: { NetworkMode: "net" } }, { net: { MacAddress } }],
    [
      {
        config: { MacAddress },
        hostConfig: { NetworkMode: "net" },
        networkingConfig: { EndpointsConfig: { net: { Aliases: ["a"], MacAddress: "" }, other: {} } },
      },
      { net: { Aliases: ["a"], MacAddress }, other: {} },
    ],
    [{ config: { MacAddress }, networkingConfig: { EndpointsConfig: { default: { MacAddress } } } }, { default: { MacAddress } }],
  ])("moves the address of %j", (parts, endpoints) => {
    const before = structuredClone(parts);
    const moved = moveMacAddress(parts);
    expect(moved.config).toEqual({});
    expect(moved.networkingConfig).toEqual({ EndpointsConfig: endpoints });
    expect(parts).toEqual(before);
  });

  it("rejects a different address in the new place", () => {
    const networkingConfig = { EndpointsConfig: { default: { MacAddress: "02:42:ac:11:00:08" } } };
    expect(() => moveMacAddress({ config: { MacAddress }, networkingConfig })).toThrow(InvalidOptionError);
  });
});
