import { contains, parseAddress, parseBlock } from "./address.js";
import { poolsOf } from "./network-record.js";
import type { Endpoint, Networks } from "./networks.js";

/** What a host name or an address stands for in a container. */
export type Destination =
  /** A container: the asking one itself, or another. */
  | { readonly kind: "container"; readonly id: string; readonly address: string }
  /** The host of the engine. */
  | { readonly kind: "host"; readonly address: string }
  /** Something outside the engine: an address, or a name that DNS may know. */
  | { readonly kind: "external"; readonly address: string };

/** What the settings of a container say about names. */
export interface NameSettings {
  /** ID of the container. */
  readonly id: string;
  /** Host name of the container. */
  readonly hostname: string;
  /** Domain name of the container. */
  readonly domainname?: string;
  /** Lines for `/etc/hosts`, as `name:address`. The address may be `host-gateway`. */
  readonly extraHosts?: readonly string[] | null;
  /** Links to containers of the default network, as `container:alias`. */
  readonly links?: readonly string[] | null;
}

/** Names of the host that Docker Desktop knows in every container. */
const hostNames = new Set(["host.docker.internal", "gateway.docker.internal"]);

const loopback = parseBlock("127.0.0.0/8");

/** Splits `name:address` and `name=address` at their separator. An IPv6 address may be in brackets. */
function extraHost(line: string, gateway: string): [name: string, address: string] {
  const at = line.search(/[:=]/);
  const address = line.slice(at + 1).replace(/^\[(.*)\]$/, "$1");
  return [line.slice(0, at), address === "host-gateway" ? gateway : address];
}

/** Splits `container:alias`. */
function link(text: string): [container: string, alias: string] {
  const [container = "", alias = ""] = text.replace(/^\//, "").split(":");
  return [container, alias.slice(alias.lastIndexOf("/") + 1) || container];
}

/** Finds the endpoint that a link leads to, among those of its network. */
function linkedEndpoint(others: readonly Endpoint[], container: string): Endpoint | undefined {
  return others.find((other) => other.container.name === container || other.container.id.startsWith(container));
}

/** Returns the names that a link on the default network gives to a container. */
const linkedNames = ({ container }: Endpoint, alias: string): string[] => [
  ...new Set([alias, container.id.slice(0, 12), container.name]),
];

/** Returns the address by which others reach an endpoint. */
const addressOf = ({ settings }: Endpoint): string => settings.IPAddress || settings.GlobalIPv6Address || "";

/**
 * Finds what a host name or an address stands for in a container: names, aliases, links and addresses of the containers in its
 * networks, `/etc/hosts`, and the host.
 *
 * @returns undefined when there is nothing, or nothing that the container reaches.
 */
export function lookUp(networks: Networks, asking: NameSettings, host: string): Destination | undefined {
  const endpoints = networks.endpointsFor(asking.id);
  const name = host.toLowerCase();
  const isHostMode = endpoints.some(({ network }) => network.driver === "host");
  const self = { kind: "container", id: asking.id, address: "127.0.0.1" } as const;
  if (isLoopback(name)) return isHostMode ? { kind: "host", address: "127.0.0.1" } : self;
  if (parseAddress(host)) return lookUpAddress(networks, asking.id, host);
  for (const line of asking.extraHosts ?? []) {
    const [extra, address] = extraHost(line, networks.hostGateway);
    if (extra.toLowerCase() === name) return lookUpAddress(networks, asking.id, address);
  }
  if (name === asking.hostname.toLowerCase()) return self;
  const found = findName(networks, asking, endpoints, name);
  if (found) return { kind: "container", id: found.container.id, address: addressOf(found) };
  if (hostNames.has(name)) return { kind: "host", address: networks.hostGateway };
  return isOutsideReachable(endpoints) ? { kind: "external", address: host } : undefined;
}

function isLoopback(name: string): boolean {
  const address = parseAddress(name);
  return (
    name === "localhost" || name === "::1" || (address !== undefined && loopback !== undefined && contains(loopback, address))
  );
}

/** Containers reach the outside through any network that has a gateway, and that of the host. */
function isOutsideReachable(endpoints: readonly Endpoint[]): boolean {
  return endpoints.some(({ network }) => network.driver === "host" || (network.driver === "bridge" && !network.internal));
}

function findName(networks: Networks, asking: NameSettings, endpoints: readonly Endpoint[], name: string): Endpoint | undefined {
  for (const { network, settings } of endpoints) {
    const others = networks.endpointsOf(network.id);
    const links = network.name === "bridge" ? asking.links : settings.Links;
    for (const [container, alias] of (links ?? []).map(link)) {
      const linked = linkedEndpoint(others, container);
      if (!linked) continue;
      const names = network.name === "bridge" ? linkedNames(linked, alias) : [alias];
      if (names.some((each) => each.toLowerCase() === name)) return linked;
    }
    const named = others.find((other) => other.settings.DNSNames?.some((each) => each.toLowerCase() === name));
    if (named) return named;
    // names may be qualified with the network
    const suffix = `.${network.name.toLowerCase()}`;
    const qualified = name.endsWith(suffix) ? name.slice(0, -suffix.length) : undefined;
    const found = others.find((other) => other.settings.DNSNames?.some((each) => each.toLowerCase() === qualified));
    if (found) return found;
  }
  return undefined;
}

function lookUpAddress(networks: Networks, asking: string, text: string): Destination | undefined {
  const address = parseAddress(text);
  if (!address) return undefined;
  const endpoints = networks.endpointsFor(asking);
  const isHostMode = endpoints.some(({ network }) => network.driver === "host");
  // the host reaches all networks
  const reached = isHostMode ? networks.records() : endpoints.map(({ network }) => network);
  const isSame = (other: string | undefined): boolean => other !== undefined && parseAddress(other)?.value === address.value;
  for (const network of reached) {
    const found = networks
      .endpointsOf(network.id)
      .find(({ settings }) => isSame(settings.IPAddress) || isSame(settings.GlobalIPv6Address));
    if (found) return { kind: "container", id: found.container.id, address: text };
    if (networks.gatewaysOf(network).some(isSame)) return { kind: "host", address: text };
  }
  if (text === networks.hostGateway) return isOutsideReachable(endpoints) ? { kind: "host", address: text } : undefined;
  const isInside = networks.records().some((network) => poolsOf(network).some(({ subnet }) => contains(subnet, address)));
  return !isInside && isOutsideReachable(endpoints) ? { kind: "external", address: text } : undefined;
}

/** Returns the text of `/etc/hosts` of a running container. */
export function hostsFile(networks: Networks, container: NameSettings): string {
  const lines = [
    "127.0.0.1\tlocalhost",
    "::1\tlocalhost ip6-localhost ip6-loopback",
    "fe00::\tip6-localnet",
    "ff00::\tip6-mcastprefix",
    "ff02::1\tip6-allnodes",
    "ff02::2\tip6-allrouters",
  ];
  for (const line of container.extraHosts ?? []) {
    const [name, address] = extraHost(line, networks.hostGateway);
    lines.push(`${address}\t${name}`);
  }
  const endpoints = networks.endpointsFor(container.id);
  const bridge = endpoints.find(({ network }) => network.name === "bridge");
  for (const [linked, alias] of (bridge ? (container.links ?? []) : []).map(link)) {
    const found = bridge && linkedEndpoint(networks.endpointsOf(bridge.network.id), linked);
    if (found) lines.push(`${addressOf(found)}\t${linkedNames(found, alias).join(" ")}`);
  }
  const { hostname, domainname } = container;
  const names = domainname ? `${hostname}.${domainname} ${hostname}` : hostname;
  for (const { settings } of endpoints)
    for (const address of [settings.IPAddress, settings.GlobalIPv6Address]) if (address) lines.push(`${address}\t${names}`);
  return `${lines.join("\n")}\n`;
}
