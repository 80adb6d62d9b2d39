import type { EndpointSettings, NetworkSettings } from "../../../types/network-endpoint.js";
import { endpointsByGateway } from "./primary-address.js";

/** Network settings with an endpoint's address outside `Networks`, empty where there is none. @category Containers */
export interface FlatNetworkSettings extends NetworkSettings {
  /** ID of the endpoint; empty while the container does not run. */
  EndpointID: string;
  /** IPv4 gateway. */
  Gateway: string;
  /** IPv6 address. */
  GlobalIPv6Address: string;
  /** Length of the IPv6 prefix, in bits. */
  GlobalIPv6PrefixLen: number;
  /** IPv4 address. */
  IPAddress: string;
  /** Length of the IPv4 prefix, in bits. */
  IPPrefixLen: number;
  /** IPv6 gateway. */
  IPv6Gateway: string;
  /** MAC address. */
  MacAddress: string;
}

const hasAddress = (endpoint: Pick<EndpointSettings, "IPAddress" | "GlobalIPv6Address"> | undefined): boolean =>
  Boolean(endpoint?.IPAddress || endpoint?.GlobalIPv6Address);

/**
 * Gives an inspected container's network settings with its address outside `Networks`, where engines told it before API 1.52:
 * `IPAddress`, `IPPrefixLen`, `Gateway`, `MacAddress`, `EndpointID` and their counterparts of IPv6.
 *
 * What the engine tells there itself is kept. Otherwise they are those in the default network; else, which engines left to the
 * caller, those in the network that gives the container its gateway. {@link primaryAddress} gives the address alone.
 *
 * @param settings - `NetworkSettings` of {@link Client.inspectContainer}; they are not changed.
 * @category Containers
 * @example
 * ```ts
 * const { IPAddress, IPPrefixLen } = flatNetworkSettings((await client.inspectContainer({ id: "web" })).NetworkSettings);
 * ```
 */
export function flatNetworkSettings(settings: NetworkSettings): FlatNetworkSettings {
  const { bridge, nat } = settings.Networks ?? {};
  const endpoint = [settings, bridge, nat, ...endpointsByGateway(settings)].find(hasAddress);
  return {
    ...settings,
    EndpointID: endpoint?.EndpointID ?? "",
    Gateway: endpoint?.Gateway ?? "",
    GlobalIPv6Address: endpoint?.GlobalIPv6Address ?? "",
    GlobalIPv6PrefixLen: endpoint?.GlobalIPv6PrefixLen ?? 0,
    IPAddress: endpoint?.IPAddress ?? "",
    IPPrefixLen: endpoint?.IPPrefixLen ?? 0,
    IPv6Gateway: endpoint?.IPv6Gateway ?? "",
    MacAddress: endpoint?.MacAddress ?? "",
  };
}
