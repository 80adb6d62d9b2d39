import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { errorCode } from "../../wire/realm.js";
import { ConnectionError, type ProgramNetwork } from "../runtime/program/connections.js";
import type { NetworkInterface } from "../runtime/program/program.js";
import { interfacesOf } from "./interfaces.js";
import { lookUp, type NameSettings } from "./name-lookup.js";
import type { Networks } from "./networks.js";

/** The running containers of an engine, as the network between them needs them. */
export interface RunningContainers {
  /** Returns what the settings of a container say about names; undefined if it does not exist. */
  nameSettings(id: string): NameSettings | undefined;
  /**
   * Connects to a port of a container.
   *
   * @returns undefined if the container does not run.
   */
  connect(id: string, port: number): Promise<Duplex> | undefined;
}

/** Connects programs to the containers that share a network with theirs, to the host, and to the outside. */
export class ContainerNetwork implements ProgramNetwork {
  readonly #networks: Networks;
  readonly #containers: RunningContainers;

  constructor(networks: Networks, containers: RunningContainers) {
    this.#networks = networks;
    this.#containers = containers;
  }

  async connect(container: string, host: string, port: number): Promise<Duplex> {
    const settings = this.#containers.nameSettings(container);
    const destination = settings && lookUp(this.#networks, settings, host);
    if (!destination) throw new ConnectionError("ENETUNREACH", `network is unreachable: ${host}`);
    if (destination.kind === "host") return connectTo("127.0.0.1", port);
    if (destination.kind === "external") return connectTo(destination.address, port);
    const connected = this.#containers.connect(destination.id, port);
    if (!connected) throw new ConnectionError("ECONNREFUSED", `connection refused by ${host}:${port}`);
    return connected;
  }

  connectHost(port: number): Promise<Duplex> {
    return connectTo("127.0.0.1", port);
  }

  interfaces(container: string): NetworkInterface[] {
    return interfacesOf(this.#networks.endpointsFor(container));
  }
}

/** The codes that programs know, by those of Node.js. */
const codes: Readonly<Record<string, ConnectionError["code"]>> = {
  EAI_AGAIN: "ENOTFOUND",
  ECONNREFUSED: "ECONNREFUSED",
  EHOSTUNREACH: "ENETUNREACH",
  ENETUNREACH: "ENETUNREACH",
  ENOTFOUND: "ENOTFOUND",
};

/** Connects to a port of the host, or outside of it. */
function connectTo(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, allowHalfOpen: true, noDelay: true });
    const fail = (error: Error): void => {
      const code = codes[String(errorCode(error))];
      reject(code ? new ConnectionError(code, `cannot connect to ${host}:${port}`) : error);
    };
    socket.once("error", fail);
    socket.once("connect", () => {
      socket.off("error", fail);
      resolve(socket);
    });
  });
}
