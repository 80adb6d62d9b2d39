import type { EndpointSettings, NetworkSettings } from "../../../types/network-endpoint.js";
import { endpointsByGateway } from "./primary-address.js";

/**
 * Network settings that also contain the addresses of one endpoint at the top level. These members are empty if the container
 * has no address.
 *
 * @category Containers
 */
export interface FlatNetworkSettings extends NetworkSettings {
  /** ID of the endpoint; empty unless the container is running. */
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
 * Returns an inspected container's network settings with the container's addresses at the top level, as in API versions before
 * 1.52: `IPAddress`, `IPPrefixLen`, `Gateway`, `MacAddress`, `EndpointID` and their IPv6 counterparts.
 *
 * Addresses that the engine reports at the top level are kept. Otherwise they are copied from the default network or, if the
 * container is not in it, from the network that provides the container's gateway. {@link primaryAddress} returns only the IP
 * address.
 *
 * @param settings - `NetworkSettings` from {@link Client.inspectContainer}; not modified.
 * @category Helpers
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
