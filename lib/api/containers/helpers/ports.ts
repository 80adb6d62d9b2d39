import { InvalidOptionError } from "../../../errors/usage-errors.js";
import { type PortBinding, PortProtocol } from "../../../types/network-endpoint.js";

/** Matches host address, host port, container port and protocol, of which only the container port is required. */
const specification = /^(?:(?:(\[[\da-f:.]+\]|[^:[\]]*):)?(\d*):)?(\d+)(?:\/(\w+))?$/i;

const protocols: readonly string[] = Object.values(PortProtocol);

function invalidPort(text: string, what: string): InvalidOptionError {
  return new InvalidOptionError("port", `not a ${what}: ${JSON.stringify(text)}`);
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}

/**
 * Returns a container port as a number, such as 80 for `80/tcp`.
 *
 * @param port - the port, with or without a protocol.
 * @throws {@link InvalidOptionError} when it is not a port from 1 to 65535.
 * @category Helpers
 */
export function portNumber(port: string): number {
  const [number = ""] = port.split("/", 1);
  if (!isPort(number)) throw invalidPort(port, 'port such as "80/tcp"');
  return Number(number);
}

/**
 * Returns the protocol of a container port, such as `udp` for `53/udp`.
 *
 * @param port - the port; if it has no protocol, it is a TCP port.
 * @category Helpers
 */
export function portProtocol(port: string): PortProtocol | (string & {}) {
  return port.split("/")[1] || PortProtocol.TCP;
}

/** The ports of a container, in the format of the options `config` and `hostConfig`. @category Containers */
export interface PublishedPorts {
  /** Ports that the container listens on, for `config.ExposedPorts`. */
  ExposedPorts: Record<string, Record<string, never>>;
  /** Host ports that the container's ports are published on, for `hostConfig.PortBindings`. */
  PortBindings: Record<string, PortBinding[]>;
}

/**
 * Parses ports in the syntax of `docker run --publish`: `8080:80`, `127.0.0.1:8080:80/tcp` and `[::1]:8080:80` are exposed and
 * published; `:80` and `127.0.0.1::80` are published on a free port. Unlike with `docker run --publish`, `80` and `80/udp` are
 * only exposed, as with `--expose`.
 *
 * @param specifications - one string per port. Port ranges are not supported.
 * @throws {@link InvalidOptionError} when a specification is invalid.
 * @category Helpers
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
