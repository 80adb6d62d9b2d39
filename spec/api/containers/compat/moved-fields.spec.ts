import { describe, expect, it } from "vitest";
import type { CreateParts } from "../../../../lib/api/containers/compat/main-endpoint.js";
import {
  exposePublishedPorts,
  moveFields,
  moveMacAddress,
  setMoved,
} from "../../../../lib/api/containers/compat/moved-fields.js";
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

  it("parses PortSpecs and keeps ports that are already in the new place", () => {
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

  it("accepts equal values in both places and rejects conflicting values", () => {
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
  const config = { MacAddress };

  it.each<[CreateParts, object]>([
    [{ config }, { default: { MacAddress } }],
    [{ config, hostConfig: { NetworkMode: "net" } }, { net: { MacAddress } }],
    [{ config, hostConfig: { NetworkMode: "host" } }, { host: { MacAddress } }],
    [
      {
        config,
        hostConfig: { NetworkMode: "net" },
        networkingConfig: { EndpointsConfig: { net: { Aliases: ["a"], MacAddress: "" }, other: {} } },
      },
      { net: { Aliases: ["a"], MacAddress }, other: {} },
    ],
    [{ config, networkingConfig: { EndpointsConfig: { default: { MacAddress } } } }, { default: { MacAddress } }],
    // the only network is the container's, even if NetworkMode has another name for it: the container joins no other network
    [{ config, networkingConfig: { EndpointsConfig: { net: { Aliases: ["a"] } } } }, { net: { Aliases: ["a"], MacAddress } }],
    [
      { config, hostConfig: { NetworkMode: "0123456789ab" }, networkingConfig: { EndpointsConfig: { net: {} } } },
      { net: { MacAddress } },
    ],
    // the default network has two names
    [
      { config, networkingConfig: { EndpointsConfig: { net: {}, bridge: {} } } },
      { net: {}, bridge: { MacAddress } },
    ],
    [
      {
        config,
        hostConfig: { NetworkMode: "bridge" },
        networkingConfig: { EndpointsConfig: { net: {}, default: {} } },
      },
      { net: {}, default: { MacAddress } },
    ],
  ])("moves the address of %j to the endpoint", (parts, endpoints) => {
    const before = structuredClone(parts);
    const moved = moveMacAddress(parts, "1.44");
    expect(moved.config).toEqual({});
    expect(moved.networkingConfig).toEqual({ EndpointsConfig: endpoints });
    expect(parts).toEqual(before);
  });

  it.each([undefined, { NetworkMode: "other" }])("rejects several endpoints, none of which belongs to %j", (hostConfig) => {
    const networkingConfig = { EndpointsConfig: { a: {}, b: {} } };
    expect(() => moveMacAddress({ config, hostConfig, networkingConfig }, "1.44")).toThrow(
      expect.objectContaining({
        name: "InvalidOptionError",
        message:
          `createContainer: config.MacAddress applies to one network, but none of the 2 networks in networkingConfig is NetworkMode ` +
          `"${hostConfig?.NetworkMode ?? "default"}": set it in the EndpointsConfig of the network`,
      }),
    );
  });

  it("rejects an address that differs from the one in the new place", () => {
    const networkingConfig = { EndpointsConfig: { default: { MacAddress: "02:42:ac:11:00:08" } } };
    expect(() => moveMacAddress({ config, networkingConfig }, "1.44")).toThrow(InvalidOptionError);
    expect(() => moveMacAddress({ config, networkingConfig }, "1.43")).toThrow(InvalidOptionError);
  });

  it.each<[CreateParts, string]>([
    [{ config: {} }, "1.44"],
    [{ config, hostConfig: { NetworkMode: "container:a" } }, "1.44"],
    [{ config }, "1.43"],
    [{ config: {}, networkingConfig: { EndpointsConfig: { net: { MacAddress: "" } } } }, "1.43"],
    [{ config: {}, networkingConfig: { EndpointsConfig: { a: config, b: config } } }, "1.43"],
  ])("changes nothing in %j in API %s", (parts, version) => {
    expect(moveMacAddress(parts, version)).toBe(parts);
  });

  it("moves the address of the endpoint to the configuration before API 1.44", () => {
    const networkingConfig = { EndpointsConfig: { net: { Aliases: ["a"], MacAddress } } };
    expect(moveMacAddress({ config: { Image: "a" }, networkingConfig }, "1.43")).toEqual({
      config: { Image: "a", MacAddress },
      networkingConfig: { EndpointsConfig: { net: { Aliases: ["a"] } } },
    });
    expect(networkingConfig.EndpointsConfig.net.MacAddress).toBe(MacAddress);
  });
});

describe("exposePublishedPorts", () => {
  it("exposes ports that are only published", () => {
    const parts = {
      config: { ExposedPorts: { "9/tcp": {} } },
      hostConfig: { PortBindings: { "80/tcp": [{ HostPort: "8080" }], "9/tcp": [{}], "53/udp": null, "54/udp": [] } },
    };
    expect(exposePublishedPorts(parts).config).toEqual({ ExposedPorts: { "9/tcp": {}, "80/tcp": {} } });
    expect(exposePublishedPorts({ config: { ExposedPorts: null }, hostConfig: parts.hostConfig }).config).toEqual({
      ExposedPorts: { "80/tcp": {}, "9/tcp": {} },
    });
  });

  it.each([{}, { hostConfig: {} }, { hostConfig: { PortBindings: null } }])("changes nothing in %j", (given) => {
    const parts = { config: { Image: "a" }, ...given };
    expect(exposePublishedPorts(parts)).toBe(parts);
  });
});
