import { isDeepStrictEqual } from "node:util";
import { InvalidOptionError } from "../../../errors/usage-errors.js";
import type { ContainerConfig } from "../../../types/container-config.js";
import type { HostConfig } from "../../../types/host-config.js";
import type { EndpointSettings, NetworkingConfig } from "../../../types/network-endpoint.js";
import { publishPorts } from "../helpers/ports.js";

/** The three configurations that a container is created from. */
export interface CreateParts {
  /** Configuration of the container itself. */
  config: ContainerConfig;
  /** Host-dependent configuration. */
  hostConfig?: HostConfig | undefined;
  /** The networks that it joins. */
  networkingConfig?: NetworkingConfig | undefined;
}

const movedFields = ["Memory", "MemorySwap", "CpuShares", "Dns", "VolumesFrom", "PortSpecs"] as const;

/** Whether a field counts as unset. Clients that use the old fields send all of them, most of them empty. */
function isUnset(value: unknown): boolean {
  return value === undefined || value === null || value === "" || value === 0 || (Array.isArray(value) && value.length === 0);
}

/**
 * Sets a member that the caller passed in its old place.
 *
 * @param target - the object to set it on.
 * @param name - name of the member.
 * @param value - its value; an unset value is ignored.
 * @param from - the old place, for the message.
 * @throws {@link InvalidOptionError} when the member already has another value.
 */
export function setMoved<T extends object, K extends keyof T & string>(target: T, name: K, value: T[K], from: string): void {
  if (isUnset(value)) return;
  if (!isUnset(target[name]) && !isDeepStrictEqual(target[name], value)) {
    throw new InvalidOptionError(from, `createContainer: ${from} conflicts with ${name}: set only one of them`, {
      operation: "createContainer",
    });
  }
  target[name] = value;
}

/**
 * Changes the endpoint in the container's own network, which is the one that the network mode names.
 *
 * @param parts - receive a new networking configuration.
 * @param change - receives a copy of the endpoint to change.
 */
export function changeEndpoint(parts: CreateParts, change: (endpoint: EndpointSettings) => void): void {
  const network = parts.hostConfig?.NetworkMode || "default";
  const endpoints = parts.networkingConfig?.EndpointsConfig;
  const endpoint = { ...endpoints?.[network] };
  change(endpoint);
  parts.networkingConfig = { ...parts.networkingConfig, EndpointsConfig: { ...endpoints, [network]: endpoint } };
}

/**
 * Moves the MAC address of a container's configuration to the endpoint in its network, where engines read it since API 1.44.
 *
 * @throws {@link InvalidOptionError} when the endpoint has another address.
 */
export function moveMacAddress(parts: CreateParts): CreateParts {
  const { MacAddress, ...config } = parts.config;
  const moved = { ...parts, config };
  changeEndpoint(moved, (endpoint) => setMoved(endpoint, "MacAddress", MacAddress ?? undefined, "config.MacAddress"));
  return moved;
}

/**
 * Moves former fields of a container's configuration to where engines read them now: `Memory`, `MemorySwap`, `CpuShares`,
 * `Dns` and `VolumesFrom` to the host configuration, `PortSpecs` to the exposed and published ports.
 *
 * @throws {@link InvalidOptionError} when the new place has another value, or a port specification is invalid.
 */
export function moveFields(parts: CreateParts): CreateParts {
  if (!movedFields.some((name) => name in parts.config)) return parts;
  const { Memory, MemorySwap, CpuShares, Dns, VolumesFrom, PortSpecs, ...config } = parts.config;
  const hostConfig: HostConfig = { ...parts.hostConfig };
  setMoved(hostConfig, "Memory", Memory, "config.Memory");
  setMoved(hostConfig, "MemorySwap", MemorySwap, "config.MemorySwap");
  setMoved(hostConfig, "CpuShares", CpuShares, "config.CpuShares");
  setMoved(hostConfig, "Dns", Dns, "config.Dns");
  setMoved(hostConfig, "VolumesFrom", VolumesFrom ? VolumesFrom.split(",") : undefined, "config.VolumesFrom");
  if (PortSpecs && PortSpecs.length > 0) {
    const { ExposedPorts, PortBindings } = publishPorts(PortSpecs);
    config.ExposedPorts = { ...ExposedPorts, ...config.ExposedPorts };
    if (Object.keys(PortBindings).length > 0) hostConfig.PortBindings = { ...PortBindings, ...hostConfig.PortBindings };
  }
  const isNeeded = parts.hostConfig !== undefined || Object.keys(hostConfig).length > 0;
  return { ...parts, config, hostConfig: isNeeded ? hostConfig : undefined };
}
