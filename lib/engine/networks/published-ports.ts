import { once } from "node:events";
import { type AddressInfo, createServer, isIPv6, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { PortBinding, PortMap } from "../../types/network-endpoint.js";
import { errorCode, isError } from "../../wire/realm.js";
import { EngineError } from "../engine-error.js";
import { forwardConnection } from "./forward-connection.js";
import { hostAddresses, hostPorts, type PortSettings, portsToPublish } from "./port-bindings.js";

/** A running container whose ports are published. */
export interface PublishingContainer {
  /** ID. */
  readonly id: string;
  /** Name, without the slash. */
  readonly name: string;
  /** ID of its endpoint, for error messages. */
  readonly endpoint: string;
  /** Its address, for error messages. */
  readonly address: string;
}

/** Connects to a port of a container. */
export type ConnectToPort = (port: number) => Promise<Duplex>;

/** A port of the host that a container uses. */
interface Listener {
  readonly container: string;
  readonly address: string;
  port: number;
  server?: Server;
  readonly sockets: Set<Socket>;
}

/** How often a free port is looked for that is free for IPv4 and IPv6. */
const ATTEMPTS = 20;

/** The reasons that Linux reports. */
const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: "address already in use",
  EADDRNOTAVAIL: "cannot assign requested address",
  EACCES: "permission denied",
};

/** The ports of the host that forward to containers. */
export class PublishedPorts {
  readonly #listeners = new Set<Listener>();

  /**
   * Publishes the ports of a container that runs.
   *
   * @param container - the container.
   * @param settings - which ports, and where.
   * @param connect - connects to a port of the container, once for each connection.
   * @returns the ports as `inspect` shows them.
   * @throws an {@link EngineError} as Docker answers the start of a container when a port is not free, with status 500, or a protocol
   *   is not supported, with status 501. Then no port is published.
   */
  async publish(container: PublishingContainer, settings: PortSettings, connect: ConnectToPort): Promise<PortMap> {
    const { publish, only } = portsToPublish(settings);
    const ports: PortMap = Object.fromEntries(only.map((key) => [key, null]));
    try {
      for (const { key, port, bindings } of publish) {
        const published: PortBinding[] = [];
        for (const binding of bindings) published.push(...(await this.#bind(container, key, binding, () => connect(port))));
        ports[key] = published;
      }
    } catch (error) {
      this.close(container.id);
      throw error;
    }
    return ports;
  }

  /** Closes the ports of a container, and all connections to them. */
  close(container: string): void {
    for (const listener of this.#listeners) if (listener.container === container) this.#close(listener);
  }

  /** Closes all ports. */
  closeAll(): void {
    for (const listener of this.#listeners) this.#close(listener);
  }

  #close(listener: Listener): void {
    this.#listeners.delete(listener);
    listener.server?.close();
    for (const socket of listener.sockets) socket.destroy();
  }

  /** Listens on one port at all addresses of a binding. */
  async #bind(
    container: PublishingContainer,
    key: string,
    binding: PortBinding,
    connect: () => Promise<Duplex>,
  ): Promise<PortBinding[]> {
    const { first, last } = hostPorts(binding);
    const ports = first === 0 ? Array<number>(ATTEMPTS).fill(0) : Array.from({ length: last - first + 1 }, (_, at) => first + at);
    let refused: unknown;
    for (const port of ports) {
      try {
        return await this.#bindPort(container, hostAddresses(binding), port, key, connect);
      } catch (error) {
        refused = error;
      }
    }
    const reason = isError(refused) ? refused.message : String(refused);
    const place = `driver failed programming external connectivity on endpoint ${container.name} (${container.endpoint})`;
    throw new EngineError(500, `failed to set up container networking: ${place}: ${reason}`, { cause: refused });
  }

  async #bindPort(
    container: PublishingContainer,
    addresses: readonly string[],
    port: number,
    key: string,
    connect: () => Promise<Duplex>,
  ): Promise<PortBinding[]> {
    const bound: Listener[] = [];
    try {
      for (const address of addresses) {
        try {
          // all addresses have the same port
          bound.push(await this.#listen(container.id, address, bound[0]?.port ?? port, connect));
        } catch (error) {
          const code = String(errorCode(error));
          // a host without IPv6
          if (addresses.length > 1 && address === "::" && (code === "EAFNOSUPPORT" || code === "EADDRNOTAVAIL")) continue;
          const reason = reasons[code];
          if (reason === undefined) throw error;
          const host = isIPv6(address) ? `[${address}]` : address;
          const target = `${host}:${port}:${container.address}:${key}`;
          throw new Error(`failed to bind host port for ${target}: ${reason}`, { cause: error });
        }
      }
    } catch (error) {
      for (const listener of bound) this.#close(listener);
      throw error;
    }
    return bound.map((listener) => ({ HostIp: listener.address, HostPort: String(listener.port) }));
  }

  async #listen(container: string, address: string, port: number, connect: () => Promise<Duplex>): Promise<Listener> {
    const holder = [...this.#listeners].find((other) => port !== 0 && other.port === port && conflicts(other.address, address));
    if (holder) {
      const host = isIPv6(holder.address) ? `[${holder.address}]` : holder.address;
      throw new Error(`Bind for ${host}:${port} failed: port is already allocated`);
    }
    const listener: Listener = { container, address, port, sockets: new Set() };
    this.#listeners.add(listener);
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      listener.sockets.add(socket);
      socket.once("close", () => listener.sockets.delete(socket));
      void forwardConnection(socket, connect);
    });
    listener.server = server;
    try {
      server.listen({ host: address, port, ipv6Only: true });
      await once(server, "listening");
    } catch (error) {
      this.#listeners.delete(listener);
      throw error;
    }
    // the container may have been closed meanwhile
    if (!this.#listeners.has(listener)) server.close();
    listener.port = (server.address() as AddressInfo | null)?.port ?? port; // a TCP server listens on an address
    return listener;
  }
}

/** Returns whether one port cannot be used at both addresses. */
function conflicts(a: string, b: string): boolean {
  if (isIPv6(a) !== isIPv6(b)) return false;
  return a === b || [a, b].some((address) => address === "0.0.0.0" || address === "::");
}
