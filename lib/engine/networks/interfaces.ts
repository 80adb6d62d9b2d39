import type { NetworkInterface } from "../runtime/program/program.js";
import { hasAddresses } from "./network-record.js";
import type { Endpoint } from "./networks.js";

/** The driver option that names the interface of an endpoint. */
const NAME_OPTION = "com.docker.network.endpoint.ifname";

/** Compares endpoints: the gateway of the first is that of the container, if its network leads outside. */
function byGateway(one: Endpoint, other: Endpoint): number {
  const priority = ({ settings }: Endpoint): number => settings.GwPriority ?? 0;
  return priority(other) - priority(one) || (one.network.name < other.network.name ? -1 : 1);
}

/** Returns the endpoint through which a container reaches what is in none of its networks; undefined if all are internal. */
export function outsideOf(endpoints: readonly Endpoint[]): Endpoint | undefined {
  return endpoints.filter(({ network }) => hasAddresses(network) && !network.internal).sort(byGateway)[0];
}

/** Returns the interfaces of a container to its networks, in the order of their names. */
export function interfacesOf(endpoints: readonly Endpoint[]): NetworkInterface[] {
  const own = endpoints.filter(({ network }) => hasAddresses(network));
  const outside = outsideOf(endpoints);
  return own
    .sort((one, other) => one.index - other.index)
    .map((endpoint) => {
      const { index, settings } = endpoint;
      const { IPAddress, IPPrefixLen = 0, GlobalIPv6Address, GlobalIPv6PrefixLen = 0, MacAddress = "", Gateway } = settings;
      const four = IPAddress ? [`${IPAddress}/${IPPrefixLen}`] : [];
      const six = GlobalIPv6Address ? [`${GlobalIPv6Address}/${GlobalIPv6PrefixLen}`] : [];
      return {
        name: settings.DriverOpts?.[NAME_OPTION] ?? `eth${index}`,
        mac: MacAddress,
        addresses: [...four, ...six],
        ...(endpoint === outside && Gateway ? { gateway: Gateway } : {}),
      };
    });
}
