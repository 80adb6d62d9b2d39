import type { NetworkSettings, PortSummary } from "../../../types/network-endpoint.js";
import { portNumber, portProtocol } from "./ports.js";

/**
 * Returns an inspected container's ports in the format of {@link Client.listContainers}: one item for each host address that a
 * port is published on, and one item without an address for each unpublished port.
 *
 * @param settings - `NetworkSettings` from {@link Client.inspectContainer}.
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
