import type { NetworkSettings, PortSummary } from "../../../types/network-endpoint.js";
import { portNumber, portProtocol } from "./ports.js";

/**
 * Lists an inspected container's ports as a list of containers does: one row for each address of the host that leads to one,
 * and one without an address for a port that is not published.
 *
 * @param settings - `NetworkSettings` of {@link Client.inspectContainer}.
 * @category Containers
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
