import { InvalidOptionError } from "../../../errors/usage-errors.js";
import type { ContainerConfig } from "../../../types/container-config.js";
import type { HostConfig } from "../../../types/host-config.js";
import type { EndpointSettings, NetworkingConfig } from "../../../types/network-endpoint.js";

/** The three configurations in a request to create a container. */
export interface CreateParts {
  /** Configuration of the container itself. */
  config: ContainerConfig;
  /** Host-dependent configuration. */
  hostConfig?: HostConfig | undefined;
  /** The networks that the container joins. */
  networkingConfig?: NetworkingConfig | undefined;
}

/** Names for the network that a container joins by default. */
const defaultNetworks: readonly string[] = ["default", "bridge", "nat"];

/**
 * Finds the endpoint that container-wide settings apply to, by the engine's rules: the endpoint in the network of
 * `NetworkMode`, or the only endpoint. A single endpoint may have any key, because a network can be referred to by name or by
 * ID.
 *
 * @returns the key of the endpoint; undefined for a container that joins no network.
 * @throws {@link InvalidOptionError} when there are several endpoints and none of them is in the network of `NetworkMode`.
 * Adding an endpoint would connect the container to an additional network.
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
    `createContainer: ${setting} applies to one network, but none of the ${keys.length} networks in networkingConfig is ` +
      `NetworkMode "${mode}": set it in the EndpointsConfig of the network`,
    { operation: "createContainer" },
  );
}

/**
 * Changes the endpoint that container-wide settings apply to. Creates it if there are no endpoints.
 *
 * @param parts - the configurations; `networkingConfig` is replaced.
 * @param setting - name of the setting that is moved to the endpoint, for errors.
 * @param change - modifies a copy of the endpoint.
 * @returns whether there is such an endpoint. A container that shares the network of another container has no endpoints.
 * @throws {@link InvalidOptionError} when it is ambiguous which endpoint the setting applies to.
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
