import { lookup } from "node:dns/promises";
import { readFile } from "node:fs/promises";
import type { Container } from "../containers/container.js";
import type { ContainerRecord } from "../containers/record.js";
import type { SandboxNetwork } from "../runtime/executor.js";
import { type ContainerNetworking, nameSettings, sandboxEndpoint } from "./container-networking.js";
import { hostsFile, lookUp } from "./name-lookup.js";
import type { Networks } from "./networks.js";
import { resolverFile } from "./resolver-file.js";

/** What names need of the other parts of an engine. */
export interface ContainerNamesParts {
  /** The networks. */
  readonly networks: Networks;
  /** Connects containers with their networks. */
  readonly networking: ContainerNetworking;
  /** Whether containers are processes of the machine, which look names up by themselves. */
  readonly isReal: boolean;
  /** Finds a container by ID or name. */
  readonly find: (reference: string) => Container;
  /** Writes one of the files in `/etc` of a container. */
  readonly write: (record: ContainerRecord, name: "hostname" | "hosts" | "resolv.conf", content: string) => Promise<void>;
}

/** Keeps the names and the networks of running containers up to date. */
export class ContainerNames {
  readonly #parts: ContainerNamesParts;

  constructor(parts: ContainerNamesParts) {
    this.#parts = parts;
  }

  /** Returns the addresses of a name as the container at an address sees it; undefined if there is no such name. */
  async resolve(from: string, name: string): Promise<readonly string[] | undefined> {
    const { networks, find } = this.#parts;
    const asking = networks.endpointAt(from)?.container.id;
    const found = asking === undefined ? undefined : lookUp(networks, nameSettings(find(asking).record), name);
    if (found?.kind !== "external") return found && [found.address];
    // why the machine does not find a name makes no difference to containers
    // a name that cannot be looked up is not found
    const all = await lookup(name, { all: true }).catch(() => undefined);
    return all?.map(({ address }) => address);
  }

  /** Writes the files by which a container finds names. Returns its networks. */
  async write(record: ContainerRecord, hosts: string): Promise<SandboxNetwork> {
    const { networking, isReal, find, write } = this.#parts;
    const network = networking.sandboxNetwork(record, (reference) => find(reference).id);
    await write(record, "hostname", `${record.config.Hostname ?? ""}\n`);
    await write(record, "hosts", hosts);
    const ofHost = await readFile("/etc/resolv.conf", "utf8").catch(() => ""); // a machine without one has no servers
    await write(record, "resolv.conf", resolverFile(record.hostConfig, network, { host: ofHost, isReal }));
    return network;
  }

  /** Connects the processes of a container to a network in which it has an endpoint. */
  async attach(id: string, network: string): Promise<void> {
    const { networks, networking, find } = this.#parts;
    const { record, sandbox } = find(id);
    const endpoint = networks.endpointsFor(id).find((each) => each.network.id === network);
    if (endpoint) await sandbox?.attach?.(sandboxEndpoint(endpoint), networking.outside(id));
    await this.write(record, hostsFile(networks, nameSettings(record)));
  }

  /** Disconnects the processes of a container from a network in which it has no endpoint any more. */
  async detach(id: string, network: string): Promise<void> {
    const { networks, networking, find } = this.#parts;
    const { record, sandbox } = find(id);
    await sandbox?.detach?.(network, networking.outside(id));
    await this.write(record, hostsFile(networks, nameSettings(record)));
  }
}
