import { BlockList, isIP } from "node:net";
import { type Client, type ContainerInspect, type CreateContainerOptions, NoSuchNetworkError } from "../../index.js";
import { atLeast } from "../../wire/api-version.js";
import { RpcError } from "../rpc/rpc-error.js";
import type { Nic } from "../schemas/guest.js";

/** Networks that engines have by themselves, under names that not every engine can inspect. */
const BUILT_IN = new Set(["", "bridge", "default", "host", "none"]);

/** The API version since which a creation joins all networks of a container, and sets their MAC addresses. */
const MANY = "1.44";

/** The settings of the networks that a container joins, by the names of the networks. */
type Endpoints = Record<string, NonNullable<NonNullable<CreateContainerOptions["networkingConfig"]>["EndpointsConfig"]>[string]>;

/** Returns the networks for interfaces. @throws an error that names the first interface that is wrong in itself. */
export function endpointsFor(nics: readonly Nic[]): Endpoints {
  const endpoints: Endpoints = {};
  const macs: string[] = [];
  for (const [index, { network, mac = "", address = "" }] of nics.entries()) {
    const name = network || "bridge";
    if (name in endpoints) throw invalid(`nic ${index} joins the network ${name} a second time`, index, "network");
    if (address !== "" && isIP(address) === 0)
      throw invalid(`nic ${index}: ${JSON.stringify(address)} is not an IP address`, index, "address");
    if (mac !== "" && !isMac(mac)) throw invalid(`nic ${index}: ${JSON.stringify(mac)} is not a MAC address`, index, "mac");
    const digits = mac.replaceAll(/[:-]/g, "").toLowerCase();
    const twin = mac === "" ? -1 : macs.indexOf(digits);
    if (twin !== -1) throw invalid(`nic ${index} has the MAC address of nic ${twin}`, index, "mac");
    macs.push(digits);
    endpoints[name] = {
      ...(mac !== "" && { MacAddress: mac.replaceAll("-", ":") }),
      ...(address !== "" && { IPAMConfig: address.includes(":") ? { IPv6Address: address } : { IPv4Address: address } }),
    };
  }
  return endpoints;
}

/** Whether a text is the address of one interface: not that of a group, and not all zeros. */
function isMac(text: string): boolean {
  return /^[\da-f][02468ace]([:-])[\da-f]{2}(\1[\da-f]{2}){4}$/i.test(text) && /[^0:-]/.test(text);
}

/**
 * Splits the creation of a container into what the engine does in one step, and the networks to be joined afterwards: before API 1.44, all
 * but the first one.
 */
export function splitNetworks(options: CreateContainerOptions, { apiVersion }: Client): [CreateContainerOptions, Endpoints] {
  const endpoints = Object.entries(options.networkingConfig?.EndpointsConfig ?? {});
  const [first, ...later] = endpoints;
  if (!first || later.length === 0 || isMany(apiVersion)) return [options, {}];
  return [{ ...options, networkingConfig: { EndpointsConfig: Object.fromEntries([first]) } }, Object.fromEntries(later)];
}

function isMany(apiVersion: string | undefined): boolean {
  return apiVersion === undefined || atLeast(apiVersion, MANY);
}

/** Joins networks that a container is not in yet. */
export async function joinNetworks(
  client: Client,
  { Id, NetworkSettings }: ContainerInspect,
  endpoints: Endpoints,
  signal: AbortSignal,
): Promise<void> {
  for (const [id, endpointConfig] of Object.entries(endpoints)) {
    if (Object.hasOwn(NetworkSettings.Networks ?? {}, id)) continue;
    await client.connectNetwork({ id, container: Id, endpointConfig }, { signal });
  }
}

/**
 * Checks that the networks of interfaces exist and have the addresses that are asked for. An engine finds out only when the guest is
 * started, and does not say which interface is wrong.
 *
 * @throws an error that names the first interface that is wrong.
 */
export async function checkNics(client: Client, nics: readonly Nic[], signal: AbortSignal): Promise<void> {
  for (const [index, { network = "", mac = "", address = "" }] of nics.entries()) {
    if (index > 0 && mac !== "" && !isMany(client.apiVersion))
      throw invalid(`nic ${index}: before API ${MANY}, engines set the MAC address of the first interface only`, index, "mac");
    if (BUILT_IN.has(network) || network.includes(":")) continue;
    const subnets = await subnetsOf(client, network, signal).catch((error: unknown) => {
      if (!(error instanceof NoSuchNetworkError)) throw error;
      throw new RpcError(
        "notFound",
        `nic ${index}: no such network: ${network}`,
        { engineStatus: 404, ...at(index, "network") },
        error,
      );
    });
    if (address === "" || subnets.length === 0 || subnets.some((subnet) => contains(subnet, address))) continue;
    const message = `nic ${index}: the address ${address} is in no subnet of the network ${network}, which has ${subnets.join(", ")}`;
    throw invalid(message, index, "address");
  }
}

function invalid(message: string, index: number, member: keyof Nic): RpcError {
  return new RpcError("invalidParams", message, at(index, member));
}

function at(index: number, member: keyof Nic): { path: string } {
  return { path: `guest.nics.${index}.${member}` };
}

async function subnetsOf(client: Client, network: string, signal: AbortSignal): Promise<string[]> {
  const { IPAM } = await client.inspectNetwork({ id: network }, { signal });
  return (IPAM.Config ?? []).flatMap(({ Subnet }) => (Subnet ? [Subnet] : []));
}

function contains(subnet: string, address: string): boolean {
  const [net = "", bits = ""] = subnet.split("/");
  const family = isIP(net);
  if (family === 0 || family !== isIP(address)) return false;
  const list = new BlockList();
  const type = family === 6 ? "ipv6" : "ipv4";
  list.addSubnet(net, Number(bits), type);
  return list.check(address, type);
}
