import { InvalidOptionError } from "../../../errors/usage-errors.js";
import { type PortBinding, PortProtocol } from "../../../types/network-endpoint.js";

/** Address of the host, port of the host, port of the container, transport; all but the third may be missing. */
const specification = /^(?:(?:(\[[\da-f:.]+\]|[^:[\]]*):)?(\d*):)?(\d+)(?:\/(\w+))?$/i;

const protocols: readonly string[] = Object.values(PortProtocol);

function invalidPort(text: string, what: string): InvalidOptionError {
  return new InvalidOptionError("port", `not a ${what}: ${JSON.stringify(text)}`);
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}

/**
 * Gives the number of a container's port, such as 80 of `80/tcp`.
 *
 * @param port - the port, with or without its transport.
 * @throws {@link InvalidOptionError} when it is not a port from 1 to 65535.
 * @category Containers
 */
export function portNumber(port: string): number {
  const [number = ""] = port.split("/", 1);
  if (!isPort(number)) throw invalidPort(port, 'port such as "80/tcp"');
  return Number(number);
}

/**
 * Gives the transport of a container's port, such as `udp` of `53/udp`.
 *
 * @param port - the port; without a transport it is a TCP port.
 * @category Containers
 */
export function portProtocol(port: string): PortProtocol | (string & {}) {
  return port.split("/")[1] || PortProtocol.TCP;
}

/** Ports of a container, as its configuration and that of its host want them. @category Containers */
export interface PublishedPorts {
  /** The ports that the container listens at, for `config.ExposedPorts`. */
  ExposedPorts: Record<string, Record<string, never>>;
  /** What they are published as, for `hostConfig.PortBindings`. */
  PortBindings: Record<string, PortBinding[]>;
}

/**
 * Reads ports as the docker command's `--publish` takes them: `80` and `80/udp` are exposed only, `8080:80`,
 * `127.0.0.1:8080:80/tcp` and `[::1]:8080:80` are published too, `:80` and `127.0.0.1::80` at a free port.
 *
 * @param specifications - one text for each port. Ranges of ports are not taken.
 * @throws {@link InvalidOptionError} for a text that is none of these.
 * @category Containers
 * @example
 * ```ts
 * const { ExposedPorts, PortBindings } = publishPorts(["8080:80", "127.0.0.1::443"]);
 * await client.createContainer({ config: { Image: "nginx", ExposedPorts }, hostConfig: { PortBindings } });
 * ```
 */
export function publishPorts(specifications: readonly string[]): PublishedPorts {
  const published: PublishedPorts = { ExposedPorts: {}, PortBindings: {} };
  for (const text of specifications) {
    const parts = specification.exec(text);
    const [, address, hostPort, containerPort = "", transport = PortProtocol.TCP] = parts ?? [];
    const protocol = transport.toLowerCase();
    if (!isPort(containerPort) || (hostPort && !isPort(hostPort)) || !protocols.includes(protocol)) {
      throw invalidPort(text, 'port such as "80", "8080:80" or "127.0.0.1:8080:80/tcp"');
    }
    const port = `${containerPort}/${protocol}`;
    published.ExposedPorts[port] = {};
    if (hostPort === undefined) continue;
    const binding: PortBinding = { ...(address ? { HostIp: address.replace(/^\[|\]$/g, "") } : undefined), HostPort: hostPort };
    (published.PortBindings[port] ??= []).push(binding);
  }
  return published;
}
