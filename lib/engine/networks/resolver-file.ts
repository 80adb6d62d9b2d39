import type { HostConfig } from "../../types/host-config.js";
import type { SandboxNetwork } from "../runtime/executor.js";

/** Servers on the machine itself, which containers with interfaces of their own do not reach. */
const local = /^nameserver\s+(127\.|::1)/;

/**
 * Returns the text of `/etc/resolv.conf` of a container.
 *
 * In networks that users created, the engine itself answers at the address of the bridge. Elsewhere it is the file of the host, as far as
 * the container does not ask for others.
 *
 * @param host - the file of the host.
 */
export function resolverFile({ Dns, DnsOptions, DnsSearch }: HostConfig, network: SandboxNetwork, host: string): string {
  const lines = host
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#") && (network.kind === "host" || !local.test(line)));
  const named = network.kind === "own" ? network.endpoints.find(({ settings }) => settings.DNSNames) : undefined;
  const own = named?.gateways[0]?.replace(/\/.*/, "");
  const kept = (keyword: string): string[] => lines.filter((line) => line.startsWith(keyword));
  const servers = own === undefined ? Dns : [own];
  const options = own === undefined ? DnsOptions : [...(DnsOptions ?? []), "ndots:0"];
  const all = [
    ...(servers?.length ? servers.map((server) => `nameserver ${server}`) : kept("nameserver")),
    ...(DnsSearch?.length ? [`search ${DnsSearch.join(" ")}`] : kept("search")),
    ...(options?.length ? [`options ${options.join(" ")}`] : kept("options")),
  ];
  return all.map((line) => `${line}\n`).join("");
}
