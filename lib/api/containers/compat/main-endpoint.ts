import { InvalidOptionError } from "../../../errors/usage-errors.js";
import type { ContainerConfig } from "../../../types/container-config.js";
import type { HostConfig } from "../../../types/host-config.js";
import type { EndpointSettings, NetworkingConfig } from "../../../types/network-endpoint.js";

/** The three configurations that a container is created from. */
export interface CreateParts {
  /** Configuration of the container itself. */
  config: ContainerConfig;
  /** Host-dependent configuration. */
  hostConfig?: HostConfig | undefined;
  /** The networks that it joins. */
  networkingConfig?: NetworkingConfig | undefined;
}

/** The names of the network that a container joins when nothing names one. */
const defaultNetworks: readonly string[] = ["default", "bridge", "nat"];

/**
 * Finds the endpoint that settings of the whole container belong to, following the engine's rules: that of the network in
 * `NetworkMode`, or the only one. The only one may have any key, since a network has a name and an ID.
 *
 * @returns the key of the endpoint; undefined for a container that joins no network.
 * @throws {@link InvalidOptionError} when there are several endpoints, and none is that of `NetworkMode`: a new one would connect
 * the container to one more network.
 */
function mainNetworkOf({ hostConfig, networkingConfig }: CreateParts, setting: string): string | undefined {
  const mode = hostConfig?.NetworkMode || "default";
  if (mode.startsWith("container:")) return undefined;
  const keys = Object.keys(networkingConfig?.EndpointsConfig ?? {});
  const names = defaultNetworks.includes(mode) ? [mode, ...defaultNetworks] : [mode];
  const main = names.find((name) => keys.includes(name));
  if (main !== undefined) return main;
  if (keys.length === 0) return mode;
  if (keys.length === 1) return keys[0];
  throw new InvalidOptionError(
    setting,
    `createContainer: ${setting} belongs to one network, but none of the ${keys.length} in networkingConfig is that of ` +
      `NetworkMode "${mode}": set it in the EndpointsConfig of the network`,
    { operation: "createContainer" },
  );
}

/**
 * Changes the endpoint that settings of the whole container belong to, and creates it if the container has no other one.
 *
 * @param parts - receive a new networking configuration.
 * @param setting - the setting to move to the endpoint, for errors.
 * @param change - receives a copy of the endpoint to change.
 * @returns whether there is such an endpoint. A container in the network of another one has none.
 * @throws {@link InvalidOptionError} when it is unclear which endpoint that is.
 */
export function changeEndpoint(parts: CreateParts, setting: string, change: (endpoint: EndpointSettings) => void): boolean {
  const network = mainNetworkOf(parts, setting);
  if (network === undefined) return false;
  const endpoints = parts.networkingConfig?.EndpointsConfig;
  const endpoint = { ...endpoints?.[network] };
  change(endpoint);
  parts.networkingConfig = { ...parts.networkingConfig, EndpointsConfig: { ...endpoints, [network]: endpoint } };
  return true;
}
