import type { EndpointSettings, NetworkSettings } from "../../../types/network-endpoint.js";

/** A container's endpoints, the one that gives it its gateway first: by `GwPriority`, then by the network's name. */
export function endpointsByGateway({ Networks }: Pick<NetworkSettings, "Networks">): EndpointSettings[] {
  const priority = ({ GwPriority = 0 }: EndpointSettings) => GwPriority;
  const networks = Object.entries(Networks ?? {});
  return networks
    .sort(([a, left], [b, right]) => priority(right) - priority(left) || (a < b ? -1 : 1))
    .map(([, endpoint]) => endpoint);
}

/**
 * Finds the address under which other containers of its network, and the engine's host, reach a container.
 *
 * It is that in the default network; else that in the network which gives the container its gateway, which is the one of the
 * highest `GwPriority`, and among equal ones the first by name. IPv4 goes before IPv6.
 *
 * @param settings - `NetworkSettings` of {@link Client.inspectContainer}; API 1.52 and later no longer tell the address
 * outside `Networks`, which makes no difference here.
 * @returns undefined when the container has no address: it does not run, or shares the network of its host.
 * @category Containers
 */
export function primaryAddress(settings: NetworkSettings): string | undefined {
  const fallback = endpointsByGateway(settings)
    .map((endpoint) => endpoint.IPAddress || endpoint.GlobalIPv6Address)
    .find(Boolean);
  const own = settings.IPAddress || settings.Networks?.bridge?.IPAddress || settings.Networks?.nat?.IPAddress;
  return own || settings.GlobalIPv6Address || fallback || undefined;
}
