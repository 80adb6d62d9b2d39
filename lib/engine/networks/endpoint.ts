import type { EndpointSettings } from "../../types/network-endpoint.js";
import { badRequest } from "../engine-error.js";
import { contains, parseAddress } from "./address.js";
import { hasAddresses, type NetworkRecord, poolsOf } from "./network-record.js";

/** The members of an endpoint that only a running container has. */
const unset = {
  EndpointID: "",
  Gateway: "",
  IPAddress: "",
  IPPrefixLen: 0,
  IPv6Gateway: "",
  GlobalIPv6Address: "",
  GlobalIPv6PrefixLen: 0,
};

/** What an endpoint needs to know of its container. */
export interface NamedContainer {
  /** ID. */
  readonly id: string;
  /** Name, without the slash. */
  readonly name: string;
}

const macPattern = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i;

/** Returns the settings of an endpoint before its container runs, with all members that `inspect` shows. */
export function newEndpoint(settings: EndpointSettings = {}): EndpointSettings {
  return {
    IPAMConfig: settings.IPAMConfig ?? null,
    Links: settings.Links ?? null,
    Aliases: settings.Aliases ?? null,
    MacAddress: settings.MacAddress ?? "",
    DriverOpts: settings.DriverOpts ?? null,
    GwPriority: settings.GwPriority ?? 0,
    NetworkID: "",
    ...unset,
    DNSNames: null,
  };
}

/** Returns the settings of an endpoint after its container has stopped. A MAC address that the client chose stays. */
export function stoppedEndpoint(settings: EndpointSettings): EndpointSettings {
  const { MacAddress = "", IPAddress = "", GlobalIPv6Address = "" } = settings;
  const isChosen = MacAddress !== macOf(IPAddress) && MacAddress !== macOf(GlobalIPv6Address);
  return { ...settings, ...unset, MacAddress: isChosen ? MacAddress : "" };
}

/** Returns the MAC address that belongs to an IP address; an empty string for an empty one. */
export function macOf(address: string): string {
  const parsed = parseAddress(address);
  if (!parsed) return "";
  const digits = (parsed.value & 0xffffffffn).toString(16).padStart(8, "0");
  return `02:42:${digits.replace(/(..)(?=.)/g, "$1:")}`;
}

/** Returns all names of a container in a network: only networks that users created have names. */
export function dnsNames(network: NetworkRecord, container: NamedContainer, settings: EndpointSettings): string[] | null {
  if (!hasAddresses(network) || network.name === "bridge") return null;
  return [...new Set([container.name, ...(settings.Aliases ?? []), container.id.slice(0, 12)])];
}

/**
 * Checks the settings of an endpoint that a client passed.
 *
 * @throws an {@link EngineError} with status 400 that lists everything wrong.
 */
export function checkEndpoint(network: NetworkRecord, settings: EndpointSettings): void {
  const errors: string[] = [];
  const isPredefined = !hasAddresses(network) || network.name === "bridge";
  const { IPv4Address = "", IPv6Address = "", LinkLocalIPs } = settings.IPAMConfig ?? {};
  if (IPv4Address !== "" && parseAddress(IPv4Address)?.version !== 4) errors.push(`invalid IPv4 address: ${IPv4Address}`);
  if (IPv6Address !== "" && parseAddress(IPv6Address)?.version !== 6) errors.push(`invalid IPv6 address: ${IPv6Address}`);
  for (const address of LinkLocalIPs ?? []) if (!parseAddress(address)) errors.push(`invalid link-local IP address: ${address}`);
  if (isPredefined && (settings.Aliases ?? []).length > 0)
    errors.push("network-scoped alias is supported only for containers in user defined networks");
  if (isPredefined && (IPv4Address !== "" || IPv6Address !== ""))
    errors.push("user specified IP address is supported on user defined networks only");
  for (const [version, text] of [
    [4, IPv4Address],
    [6, IPv6Address],
  ] as const) {
    if (text === "") continue;
    const pools = poolsOf(network).filter(({ subnet, isConfigured }) => isConfigured && subnet.version === version);
    const address = parseAddress(text);
    if (pools.length === 0)
      errors.push("user specified IP address is supported only when connecting to networks with user configured subnets");
    else if (address && !pools.some(({ subnet }) => contains(subnet, address)))
      errors.push(`no configured subnet or ip-range contain the IP address ${text}`);
  }
  const [only] = errors;
  if (only !== undefined) {
    const list = errors.length === 1 ? only : errors.map((error) => `* ${error}`).join("\n");
    throw badRequest(`invalid endpoint settings:\n${list}`);
  }
  if (settings.MacAddress && !macPattern.test(settings.MacAddress))
    throw badRequest(`invalid MAC address ${settings.MacAddress}`);
}
