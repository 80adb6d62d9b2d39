import { describe, expect, it } from "vitest";
import { flatNetworkSettings } from "../../../../lib/api/containers/helpers/flat-network-settings.js";
import type { EndpointSettings, NetworkSettings } from "../../../../lib/types/network-endpoint.js";

const endpoint = (last: number): EndpointSettings & NetworkSettings => ({
  EndpointID: `e${last}`,
  Gateway: `10.0.${last}.1`,
  GlobalIPv6Address: `fd00::${last}`,
  GlobalIPv6PrefixLen: 64,
  IPAddress: `10.0.${last}.2`,
  IPPrefixLen: 24,
  IPv6Gateway: "fd00::1",
  MacAddress: `02:42:0a:00:0${last}:02`,
});

const nothing = {
  EndpointID: "",
  Gateway: "",
  GlobalIPv6Address: "",
  GlobalIPv6PrefixLen: 0,
  IPAddress: "",
  IPPrefixLen: 0,
  IPv6Gateway: "",
  MacAddress: "",
};

describe("flatNetworkSettings", () => {
  it.each<[string, NetworkSettings, NetworkSettings]>([
    ["the address that the engine already reports there", { ...endpoint(1), Networks: { bridge: endpoint(2) } }, endpoint(1)],
    ["the address of the default network", { Networks: { a: endpoint(1), bridge: endpoint(2) } }, endpoint(2)],
    ["the address of the default network on Windows", { Networks: { a: endpoint(1), nat: endpoint(2) } }, endpoint(2)],
    ["the address of the first network", { Networks: { b: endpoint(1), a: endpoint(2) } }, endpoint(2)],
    [
      "the address of the network with the gateway",
      { Networks: { a: endpoint(1), b: { ...endpoint(2), GwPriority: 1 } } },
      endpoint(2),
    ],
    ["the address of a network that has one", { ...nothing, Networks: { a: { ...nothing }, b: endpoint(2) } }, endpoint(2)],
    [
      "the address of a network with only an IPv6 address",
      { Networks: { bridge: { GlobalIPv6Address: "fd00::2", GlobalIPv6PrefixLen: 64 } } },
      { ...nothing, GlobalIPv6Address: "fd00::2", GlobalIPv6PrefixLen: 64 },
    ],
    ["no address for a container that is not running", { Networks: { bridge: { NetworkID: "n", IPAddress: "" } } }, nothing],
    ["no address without networks", {}, nothing],
  ])("returns %s", (_what, settings, flat) => {
    expect(flatNetworkSettings(settings)).toEqual({ ...settings, ...flat });
  });

  it("does not modify its argument, and keeps all other members", () => {
    const settings = { SandboxID: "s", Ports: { "80/tcp": null }, Networks: { bridge: endpoint(1) } };
    const before = structuredClone(settings);
    const { SandboxID, Ports, Networks } = flatNetworkSettings(settings);
    expect({ SandboxID, Ports, Networks }).toEqual(before);
    expect(settings).toEqual(before);
  });
});
