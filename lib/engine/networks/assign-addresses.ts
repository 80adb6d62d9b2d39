import type { EndpointSettings } from "../../types/network-endpoint.js";
import { EngineError } from "../engine-error.js";
import { formatAddress, type IPAddress, parseAddress } from "./address.js";
import { macOf } from "./endpoint.js";
import { type NetworkRecord, poolsOf } from "./network-record.js";
import { isAssignable, nextAddress, type Pool } from "./pools.js";

interface Assigned {
  readonly pool: Pool;
  readonly address: IPAddress;
}

/**
 * Chooses the addresses of an endpoint: those that the client asks for, otherwise the lowest that are free.
 *
 * @param network - the network, which has addresses.
 * @param settings - the settings of the endpoint.
 * @param others - the settings of the other endpoints in the network.
 * @throws an {@link EngineError} with status 403 when an address is in use, and 500 when all are.
 */
export function assignAddresses(
  network: NetworkRecord,
  { IPAMConfig, MacAddress }: EndpointSettings,
  others: readonly EndpointSettings[],
): Partial<EndpointSettings> {
  const four = network.enableIPv4 ? assign(network, 4, IPAMConfig?.IPv4Address, others) : undefined;
  const six = network.enableIPv6 ? assign(network, 6, IPAMConfig?.IPv6Address, others) : undefined;
  const IPAddress = four ? formatAddress(four.address) : "";
  const GlobalIPv6Address = six ? formatAddress(six.address) : "";
  return {
    MacAddress: (MacAddress ?? "").toLowerCase() || macOf(IPAddress || GlobalIPv6Address),
    Gateway: gatewayOf(network, four),
    IPAddress,
    IPPrefixLen: four?.pool.subnet.prefix ?? 0,
    IPv6Gateway: gatewayOf(network, six),
    GlobalIPv6Address,
    GlobalIPv6PrefixLen: six?.pool.subnet.prefix ?? 0,
  };
}

/** Returns the gateway of an address. Internal networks have none. */
function gatewayOf({ internal }: NetworkRecord, assigned: Assigned | undefined): string {
  if (!assigned || internal) return "";
  return formatAddress({ version: assigned.pool.subnet.version, value: assigned.pool.gateway });
}

function assign(
  network: NetworkRecord,
  version: 4 | 6,
  wanted: string | undefined,
  others: readonly EndpointSettings[],
): Assigned {
  const member = version === 4 ? "IPAddress" : "GlobalIPv6Address";
  const used = new Set(others.map((settings) => parseAddress(settings[member] ?? "")?.value));
  const chosen = parseAddress(wanted ?? "");
  for (const pool of poolsOf(network)) {
    if (pool.subnet.version !== version) continue;
    if (chosen && isAssignable(pool, chosen) && !used.has(chosen.value)) return { pool, address: chosen };
    const next = chosen ? undefined : nextAddress(pool, used);
    if (next) return { pool, address: next };
  }
  if (chosen) throw new EngineError(403, "Address already in use");
  const place = `${network.name} (${network.id})`;
  throw new EngineError(500, `no available IPv${version} addresses on this network's address pools: ${place}`);
}
