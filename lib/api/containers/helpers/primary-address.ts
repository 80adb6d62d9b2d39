import type { EndpointSettings, NetworkSettings } from "../../../types/network-endpoint.js";

/** Returns a container's endpoints, starting with the one that provides its gateway: by `GwPriority`, then by network name. */
export function endpointsByGateway({ Networks }: Pick<NetworkSettings, "Networks">): EndpointSettings[] {
  const priority = ({ GwPriority = 0 }: EndpointSettings) => GwPriority;
  const networks = Object.entries(Networks ?? {});
  return networks
    .sort(([a, left], [b, right]) => priority(right) - priority(left) || (a < b ? -1 : 1))
    .map(([, endpoint]) => endpoint);
}

/**
 * Returns the IP address at which the engine's host, and other containers on the same network, can reach a container.
 *
 * This is the address in the default network or, if the container is not in it, in the network that provides the container's
 * gateway: the network with the highest `GwPriority`, or the first by name among equals. IPv4 is preferred over IPv6.
 *
 * @param settings - `NetworkSettings` from {@link Client.inspectContainer}, in any API version: the top-level address, removed
 * in API 1.52, is used only if it is present.
 * @returns undefined if the container has no address, because it is not running or uses the host's network.
 * @category Helpers
 */
export function primaryAddress(settings: NetworkSettings): string | undefined {
  const fallback = endpointsByGateway(settings)
    .map((endpoint) => endpoint.IPAddress || endpoint.GlobalIPv6Address)
    .find(Boolean);
  const own = settings.IPAddress || settings.Networks?.bridge?.IPAddress || settings.Networks?.nat?.IPAddress;
  return own || settings.GlobalIPv6Address || fallback || undefined;
}
