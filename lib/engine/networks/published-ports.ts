import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, createServer, isIPv6, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { PortBinding, PortMap } from "../../types/network-endpoint.js";
import { errorCode, isError } from "../../wire/realm.js";
import { EngineError } from "../engine-error.js";
import { forwardConnection } from "./forward-connection.js";
import { forwardDatagrams } from "./forward-datagrams.js";
import { hostAddresses, hostPorts, type PortSettings, portsToPublish, type Protocol } from "./port-bindings.js";

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

/** What reaches the ports of a container. */
export interface PortSource {
  /** Connects to a TCP port. */
  connect(port: number): Promise<Duplex>;
  /** Opens a stream of the datagrams to and from a UDP port, one for each chunk. Executors without UDP do not have it. */
  datagrams?(port: number): Promise<Duplex>;
}

/** A port of the host that a container uses. */
interface Listener {
  readonly container: string;
  readonly protocol: Protocol;
  readonly address: string;
  port: number;
  /** Stops listening, and closes all connections. */
  close: () => void;
}

/** A port to bind, and what it leads to. */
interface Target {
  readonly container: PublishingContainer;
  readonly key: string;
  readonly protocol: Protocol;
  readonly connect: () => Promise<Duplex>;
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
   * @param source - connects to a port of the container, once for each connection.
   * @returns the ports as `inspect` shows them.
   * @throws an {@link EngineError} as Docker answers the start of a container when a port is not free, with status 500, or a protocol
   *   is not supported, with status 501. Then no port is published.
   */
  async publish(container: PublishingContainer, settings: PortSettings, source: PortSource): Promise<PortMap> {
    const { publish, only } = portsToPublish(settings, source.datagrams ? ["tcp", "udp"] : ["tcp"]);
    const ports: PortMap = Object.fromEntries(only.map((key) => [key, null]));
    try {
      for (const { key, port, protocol, bindings } of publish) {
        const connect = (): Promise<Duplex> =>
          protocol === "udp" && source.datagrams ? source.datagrams(port) : source.connect(port);
        const published: PortBinding[] = [];
        for (const binding of bindings) published.push(...(await this.#bind({ container, key, protocol, connect }, binding)));
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
    listener.close();
  }

  /** Listens on one port at all addresses of a binding. */
  async #bind(target: Target, binding: PortBinding): Promise<PortBinding[]> {
    const { first, last } = hostPorts(binding);
    const ports = first === 0 ? Array<number>(ATTEMPTS).fill(0) : Array.from({ length: last - first + 1 }, (_, at) => first + at);
    let refused: unknown;
    for (const port of ports) {
      try {
        return await this.#bindPort(target, hostAddresses(binding), port);
      } catch (error) {
        refused = error;
      }
    }
    const reason = isError(refused) ? refused.message : String(refused);
    const { container } = target;
    const place = `driver failed programming external connectivity on endpoint ${container.name} (${container.endpoint})`;
    throw new EngineError(500, `failed to set up container networking: ${place}: ${reason}`, { cause: refused });
  }

  async #bindPort(target: Target, addresses: readonly string[], port: number): Promise<PortBinding[]> {
    const bound: Listener[] = [];
    try {
      for (const address of addresses) {
        try {
          // all addresses have the same port
          bound.push(await this.#listen(target, address, bound[0]?.port ?? port));
        } catch (error) {
          const code = String(errorCode(error));
          // a host without IPv6
          if (addresses.length > 1 && address === "::" && (code === "EAFNOSUPPORT" || code === "EADDRNOTAVAIL")) continue;
          const reason = reasons[code];
          if (reason === undefined) throw error;
          const host = isIPv6(address) ? `[${address}]` : address;
          const place = `${host}:${port}:${target.container.address}:${target.key}`;
          throw new Error(`failed to bind host port for ${place}: ${reason}`, { cause: error });
        }
      }
    } catch (error) {
      for (const listener of bound) this.#close(listener);
      throw error;
    }
    return bound.map((listener) => ({ HostIp: listener.address, HostPort: String(listener.port) }));
  }

  async #listen({ container, protocol, connect }: Target, address: string, port: number): Promise<Listener> {
    const isTaken = (other: Listener): boolean =>
      port !== 0 && other.protocol === protocol && other.port === port && conflicts(other.address, address);
    const holder = [...this.#listeners].find(isTaken);
    if (holder) {
      const host = isIPv6(holder.address) ? `[${holder.address}]` : holder.address;
      throw new Error(`Bind for ${host}:${port} failed: port is already allocated`);
    }
    const listener: Listener = { container: container.id, protocol, address, port, close: () => undefined };
    this.#listeners.add(listener);
    try {
      const bound = await (protocol === "tcp" ? listenForConnections : listenForDatagrams)(address, port, connect);
      listener.port = bound.port;
      listener.close = bound.close;
    } catch (error) {
      this.#listeners.delete(listener);
      throw error;
    }
    // the container may have been closed meanwhile
    if (!this.#listeners.has(listener)) listener.close();
    return listener;
  }
}

/** A port of the host that is listened on. */
type Bound = Pick<Listener, "port" | "close">;

async function listenForConnections(address: string, port: number, connect: () => Promise<Duplex>): Promise<Bound> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    void forwardConnection(socket, connect);
  });
  server.listen({ host: address, port, ipv6Only: true });
  await once(server, "listening");
  const close = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { port: (server.address() as AddressInfo).port, close }; // a TCP server listens on an address
}

async function listenForDatagrams(address: string, port: number, connect: () => Promise<Duplex>): Promise<Bound> {
  const socket = createSocket(isIPv6(address) ? { type: "udp6", ipv6Only: true } : { type: "udp4" });
  const closeClients = forwardDatagrams(socket, connect);
  const close = (): void => {
    closeClients();
    socket.close();
  };
  socket.bind({ address, port, exclusive: true });
  try {
    await once(socket, "listening");
  } catch (error) {
    close();
    throw error;
  }
  socket.on("error", () => undefined); // a datagram that could not be sent is lost
  return { port: socket.address().port, close };
}

/** Returns whether one port cannot be used at both addresses. */
function conflicts(a: string, b: string): boolean {
  if (isIPv6(a) !== isIPv6(b)) return false;
  return a === b || [a, b].some((address) => address === "0.0.0.0" || address === "::");
}
