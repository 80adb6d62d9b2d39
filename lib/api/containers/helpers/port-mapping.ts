import type { NetworkSettings, PortSummary } from "../../../types/network-endpoint.js";
import { portNumber, portProtocol } from "./ports.js";

/**
 * Returns an inspected container's ports in the form of {@link Client.listContainers}: one row per host address, and one
 * row without an address for a port that is not published.
 *
 * @param settings - `NetworkSettings` of {@link Client.inspectContainer}.
 * @category Helpers
 */
export function portMappingApi(settings: Pick<NetworkSettings, "Ports">): PortSummary[] {
  return Object.entries(settings.Ports ?? {}).flatMap(([port, bindings]): PortSummary[] => {
    const row = { PrivatePort: portNumber(port), Type: portProtocol(port) };
    if (!bindings || bindings.length === 0) return [row];
    return bindings.map(({ HostIp, HostPort }) => ({
      ...(HostIp ? { IP: HostIp } : undefined),
      ...row,
      ...(HostPort ? { PublicPort: portNumber(HostPort) } : undefined),
    }));
  });
}
