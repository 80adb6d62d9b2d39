import type { EndpointSettings, NetworkSettings } from "../../../types/network-endpoint.js";

/** A container's endpoints, the one that provides its gateway first: by `GwPriority`, then by network name. */
export function endpointsByGateway({ Networks }: Pick<NetworkSettings, "Networks">): EndpointSettings[] {
  const priority = ({ GwPriority = 0 }: EndpointSettings) => GwPriority;
  const networks = Object.entries(Networks ?? {});
  return networks
    .sort(([a, left], [b, right]) => priority(right) - priority(left) || (a < b ? -1 : 1))
    .map(([, endpoint]) => endpoint);
}

/**
 * Returns the address at which the engine's host and other containers of its network reach a container.
 *
 * This is the address in the default network, or else in the network that provides the container's gateway: the one with
 * the highest `GwPriority`, then the first by name. IPv4 takes precedence over IPv6.
 *
 * @param settings - `NetworkSettings` of {@link Client.inspectContainer}; API 1.52 removed the address outside
 * `Networks`, which makes no difference here.
 * @returns undefined when the container has no address: it is not running, or uses the host's network.
 * @category Helpers
 */
export function primaryAddress(settings: NetworkSettings): string | undefined {
  const fallback = endpointsByGateway(settings)
    .map((endpoint) => endpoint.IPAddress || endpoint.GlobalIPv6Address)
    .find(Boolean);
  const own = settings.IPAddress || settings.Networks?.bridge?.IPAddress || settings.Networks?.nat?.IPAddress;
  return own || settings.GlobalIPv6Address || fallback || undefined;
}
