import type { ConfigReference, IPAM } from "../../types/network.js";
import type { EndpointSettings, NetworkingConfig } from "../../types/network-endpoint.js";
import { list, map, mapOf, type MembersOf, value } from "./shape.js";

export const ipam: MembersOf<IPAM> = {
  Driver: value,
  Config: [{ Subnet: value, IPRange: value, Gateway: value, AuxiliaryAddresses: map }],
  Options: map,
};

export const configReference: MembersOf<ConfigReference> = { Network: value };

export const endpointSettings: MembersOf<EndpointSettings> = {
  IPAMConfig: { IPv4Address: value, IPv6Address: value, LinkLocalIPs: list },
  Links: list,
  Aliases: list,
  MacAddress: value,
  DriverOpts: map,
  GwPriority: value,
  NetworkID: value,
  EndpointID: value,
  Gateway: value,
  IPAddress: value,
  IPPrefixLen: value,
  IPv6Gateway: value,
  GlobalIPv6Address: value,
  GlobalIPv6PrefixLen: value,
  DNSNames: list,
};

export const networkingConfig: MembersOf<NetworkingConfig> = { EndpointsConfig: mapOf(endpointSettings) };
