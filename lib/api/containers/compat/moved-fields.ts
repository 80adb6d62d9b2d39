import { isDeepStrictEqual } from "node:util";
import { InvalidOptionError } from "../../../errors/usage-errors.js";
import type { HostConfig } from "../../../types/host-config.js";
import { atLeast } from "../../../wire/api-version.js";
import { publishPorts } from "../helpers/ports.js";
import { changeEndpoint, type CreateParts } from "./main-endpoint.js";

const movedFields = ["Memory", "MemorySwap", "CpuShares", "Dns", "VolumesFrom", "PortSpecs"] as const;

/** Whether a field counts as unset. Programs that use the old fields often set all of them, mostly to empty values. */
function isUnset(value: unknown): boolean {
  return value === undefined || value === null || value === "" || value === 0 || (Array.isArray(value) && value.length === 0);
}

/** Creates the error for a member of the wrong type, which the compiler does not catch in JavaScript callers. */
export function wrongType(place: string, expected: string): InvalidOptionError {
  return new InvalidOptionError(place, `createContainer: ${place} must be ${expected}`, { operation: "createContainer" });
}

/**
 * Sets a member from a value that the caller passed in the member's old location.
 *
 * @param target - the object to set it on.
 * @param name - name of the member.
 * @param value - its value; an unset value is ignored.
 * @param from - the old location, for the message.
 * @throws {@link InvalidOptionError} when the member already has a different value.
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

/** First API version in which engines read a container's MAC address from its endpoint settings. */
const ENDPOINT_MAC_VERSION = "1.44";

/**
 * Moves the MAC address of a container to where the engine reads it, as the docker command does: to the endpoint settings since
 * API 1.44, and to the container's configuration in earlier versions.
 *
 * @param version - the API version in use.
 * @throws {@link InvalidOptionError} when the new location has a different address, or it is ambiguous which endpoint the
 * address belongs to.
 */
export function moveMacAddress(parts: CreateParts, version: string): CreateParts {
  return atLeast(version, ENDPOINT_MAC_VERSION) ? macAddressToEndpoint(parts) : macAddressToConfig(parts);
}

function macAddressToEndpoint(parts: CreateParts): CreateParts {
  const { MacAddress, ...config } = parts.config;
  if (isUnset(MacAddress)) return parts;
  const moved = { ...parts, config };
  const isMoved = changeEndpoint(moved, "config.MacAddress", (endpoint) => {
    setMoved(endpoint, "MacAddress", MacAddress ?? undefined, "config.MacAddress");
  });
  return isMoved ? moved : parts;
}

function macAddressToConfig(parts: CreateParts): CreateParts {
  const endpoints = Object.entries(parts.networkingConfig?.EndpointsConfig ?? {});
  const [only] = endpoints;
  // before API 1.44, a new container is connected to at most one network
  if (!only || endpoints.length > 1 || isUnset(only[1].MacAddress)) return parts;
  const [network, { MacAddress, ...endpoint }] = only;
  const config = { ...parts.config };
  setMoved(config, "MacAddress", MacAddress, `networkingConfig.EndpointsConfig.${network}.MacAddress`);
  return { ...parts, config, networkingConfig: { ...parts.networkingConfig, EndpointsConfig: { [network]: endpoint } } };
}

/**
 * Exposes the published ports, as the docker command does, because Docker publishes only exposed ports.
 */
export function exposePublishedPorts(parts: CreateParts): CreateParts {
  const exposed = parts.config.ExposedPorts;
  const published = Object.entries(parts.hostConfig?.PortBindings ?? {}).filter(
    ([, bindings]) => bindings && bindings.length > 0,
  );
  const missing = published.map(([port]) => port).filter((port) => !Object.hasOwn(exposed ?? {}, port));
  if (missing.length === 0) return parts;
  const added = Object.fromEntries(missing.map((port) => [port, {}]));
  return { ...parts, config: { ...parts.config, ExposedPorts: { ...exposed, ...added } } };
}

/**
 * Moves old fields of a container's configuration to where engines read them now: `Memory`, `MemorySwap`, `CpuShares`, `Dns`
 * and `VolumesFrom` to the host configuration, `PortSpecs` to the exposed and published ports.
 *
 * @throws {@link InvalidOptionError} when the new location has a different value, or a port specification is invalid.
 */
export function moveFields(parts: CreateParts): CreateParts {
  if (!movedFields.some((name) => name in parts.config)) return parts;
  const { Memory, MemorySwap, CpuShares, Dns, VolumesFrom, PortSpecs, ...config } = parts.config;
  if (typeof (VolumesFrom ?? "") !== "string") throw wrongType("config.VolumesFrom", "a string");
  if (!Array.isArray(PortSpecs ?? [])) throw wrongType("config.PortSpecs", "a list");
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
