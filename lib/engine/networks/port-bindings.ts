import { isIPv4, isIPv6 } from "node:net";
import type { PortBinding, PortMap } from "../../types/network-endpoint.js";
import { badRequest, notSupported } from "../engine-error.js";

/** A range of ports of the host. Both ends are 0 for any free port. */
export interface HostPorts {
  /** The first port. */
  readonly first: number;
  /** The last port. */
  readonly last: number;
}

/** A protocol whose ports can be published. */
export type Protocol = "tcp" | "udp";

/** A port of a container to publish. */
export interface PortToPublish {
  /** The port as in `ExposedPorts`, such as `80/tcp`. */
  readonly key: string;
  /** Its number. */
  readonly port: number;
  /** Its protocol. */
  readonly protocol: Protocol;
  /** Where to publish it. */
  readonly bindings: readonly PortBinding[];
}

/** Parses a port or a range such as `8000-8010`. Returns undefined for anything else. */
function parsePorts(text: string): HostPorts | undefined {
  if (text === "") return { first: 0, last: 0 };
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  if (!match) return undefined;
  const first = Number(match[1]);
  const last = Number(match[2] ?? first);
  return first <= last && last <= 65_535 ? { first, last } : undefined;
}

/**
 * Checks the port bindings of a new container.
 *
 * @throws an {@link EngineError} with status 400.
 */
export function checkBindings(bindings: PortMap | null | undefined): void {
  const invalid = (text: string): Error => badRequest(`invalid port specification: ${JSON.stringify(text)}`);
  for (const [key, list] of Object.entries(bindings ?? {})) {
    const [port = ""] = key.split("/");
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw invalid(port);
    for (const { HostPort = "" } of list ?? []) if (!parsePorts(HostPort)) throw invalid(HostPort);
  }
}

/** Returns the ports of the host that a binding asks for. The binding was checked with {@link checkBindings}. */
export const hostPorts = ({ HostPort = "" }: PortBinding): HostPorts => parsePorts(HostPort) ?? { first: 0, last: 0 };

/** Returns the addresses that a binding asks for. As on Docker, an invalid one stands for all. */
export function hostAddresses({ HostIp = "" }: PortBinding): string[] {
  return isIPv4(HostIp) || isIPv6(HostIp) ? [HostIp] : ["0.0.0.0", "::"];
}

/** What decides which ports of a container are published. */
export interface PortSettings {
  /** The ports that the container exposes, such as `80/tcp`. */
  readonly exposed: readonly string[];
  /** Where to publish them. As on Docker, ports that are not exposed do not count. */
  readonly bindings: PortMap | null | undefined;
  /** Whether exposed ports without bindings are published on free ports. */
  readonly publishAll: boolean;
}

/**
 * Decides which ports are published.
 *
 * @param protocols - those that the executor of the container has.
 * @returns the ports to publish, and those that are only exposed.
 * @throws an {@link EngineError} with status 501 for bindings of other protocols.
 */
export function portsToPublish(
  { exposed, bindings, publishAll }: PortSettings,
  protocols: readonly Protocol[],
): { publish: PortToPublish[]; only: string[] } {
  const publish: PortToPublish[] = [];
  const only: string[] = [];
  for (const key of [...exposed].sort()) {
    const [port = "", name = "tcp"] = key.split("/");
    const protocol = protocols.find((one) => one === name);
    const hasBindings = bindings !== null && bindings !== undefined && Object.hasOwn(bindings, key);
    const wanted = hasBindings ? (bindings[key] ?? []) : publishAll && protocol ? [{}] : undefined;
    if (!wanted) only.push(key);
    else if (wanted.length > 0 && !protocol) {
      const supported = protocols.map((one) => one.toUpperCase()).join(" and ");
      throw notSupported(`the executor of this engine publishes ${supported} ports only: cannot publish ${key}`);
    } else if (wanted.length > 0 && protocol) publish.push({ key, port: Number(port), protocol, bindings: wanted });
  }
  return { publish, only };
}
