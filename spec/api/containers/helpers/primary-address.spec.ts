import { describe, expect, it } from "vitest";
import { primaryAddress } from "../../../../lib/api/containers/helpers/primary-address.js";

describe("primaryAddress", () => {
  it.each([
    ["the address outside the networks", { IPAddress: "172.17.0.2", Networks: { a: { IPAddress: "10.0.0.2" } } }, "172.17.0.2"],
    [
      "the address in the default network",
      { Networks: { a: { IPAddress: "10.0.0.2" }, bridge: { IPAddress: "172.17.0.2" } } },
      "172.17.0.2",
    ],
    [
      "the address in the default network on Windows",
      { IPAddress: "", Networks: { a: { IPAddress: "10.0.0.2" }, nat: { IPAddress: "172.17.0.2" } } },
      "172.17.0.2",
    ],
    [
      "the address in the first network by name",
      { IPAddress: "", Networks: { b: { IPAddress: "10.0.0.3" }, a: { IPAddress: "10.0.0.2" } } },
      "10.0.0.2",
    ],
    [
      "the address in the network with the highest priority",
      { Networks: { a: { IPAddress: "10.0.0.2" }, b: { IPAddress: "10.0.0.3", GwPriority: 1 } } },
      "10.0.0.3",
    ],
    [
      "the first existing address",
      { Networks: { a: { IPAddress: "" }, b: { IPAddress: "10.0.0.3", GwPriority: -1 } } },
      "10.0.0.3",
    ],
    ["an IPv6 address without an IPv4 address", { Networks: { a: { IPAddress: "", GlobalIPv6Address: "fd00::2" } } }, "fd00::2"],
    ["the IPv6 address outside the networks", { IPAddress: "", GlobalIPv6Address: "fd00::3" }, "fd00::3"],
    ["undefined for a stopped container", { IPAddress: "", Networks: { bridge: { IPAddress: "" } } }, undefined],
    ["undefined without networks", {}, undefined],
  ])("returns %s", (_what, settings, address) => {
    expect(primaryAddress(settings)).toBe(address);
  });
});
