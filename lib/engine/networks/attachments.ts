import type { EndpointSettings } from "../../types/network-endpoint.js";
import { badRequest, EngineError, notFound } from "../engine-error.js";
import { checkEndpoint, dnsNames, type NamedContainer, newEndpoint, stoppedEndpoint } from "./endpoint.js";
import type { NetworkRecord } from "./network-record.js";
import type { Networks } from "./networks.js";

/** What attachments need to know of a container. */
export interface AttachableContainer extends NamedContainer {
  /** Its network mode, such as `bridge`, `host` or `container:<id>`. */
  readonly networkMode: string;
  /** Its endpoints by the name of the network. */
  readonly networks: Readonly<Record<string, EndpointSettings>>;
  /** Whether it runs. */
  readonly isRunning: boolean;
}

/** The containers of an engine, as attachments need them. */
export interface AttachableContainers {
  /**
   * Finds a container by ID, name, or the beginning of its ID.
   *
   * @throws an {@link EngineError} with status 404 when there is none.
   */
  find(reference: string): AttachableContainer;
  /** Stores the endpoints of a container. */
  setNetworks(id: string, networks: Record<string, EndpointSettings>): Promise<void>;
  /** Connects the processes of a container that runs to a network, by its ID. Its endpoint exists already. */
  attach?(id: string, network: string): Promise<void>;
  /** Disconnects the processes of a container that runs from a network. Its endpoint is gone already. */
  detach?(id: string, network: string): Promise<void>;
}

/** Connects containers to networks while they exist, and disconnects them. */
export class Attachments {
  readonly #networks: Networks;
  readonly #containers: AttachableContainers;

  constructor(networks: Networks, containers: AttachableContainers) {
    this.#networks = networks;
    this.#containers = containers;
  }

  /**
   * Connects a container to a network. One that does not run gets its addresses when it starts.
   *
   * @throws an {@link EngineError} in the words of Docker.
   */
  async connect(reference: string, containerReference: string, settings: EndpointSettings = {}): Promise<void> {
    const network = this.#networks.find(reference);
    const container = this.#container(containerReference);
    checkModes(network, container);
    const isConnected = Object.hasOwn(container.networks, network.name);
    if (container.isRunning && isConnected)
      throw new EngineError(403, `endpoint with name ${container.name} already exists in network ${network.name}`);
    checkEndpoint(network, settings);
    const endpoint = { ...newEndpoint(settings), DNSNames: dnsNames(network, container, settings) };
    const filled = container.isRunning ? this.#networks.connect(network.id, container, endpoint) : endpoint;
    try {
      if (container.isRunning) await this.#containers.attach?.(container.id, network.id);
      await this.#containers.setNetworks(container.id, { ...container.networks, [network.name]: filled });
    } catch (error) {
      if (container.isRunning) this.#networks.release(network.id, container.id);
      throw error;
    }
  }

  /**
   * Disconnects a container from a network.
   *
   * @param force - also removes the endpoint of a container that does not exist any more.
   * @throws an {@link EngineError} in the words of Docker.
   */
  async disconnect(reference: string, containerReference: string, force = false): Promise<void> {
    const network = this.#networks.find(reference);
    let container: AttachableContainer;
    try {
      container = this.#container(containerReference);
    } catch (error) {
      if (!force) throw error;
      this.#disconnectLost(network, containerReference);
      return;
    }
    const { id, networkMode, isRunning } = container;
    if (network.driver === "host" && networkMode === "host")
      throw badRequest("cannot disconnect container from host network - container was created in host network mode");
    if (!Object.hasOwn(container.networks, network.name)) {
      const place = isRunning ? `network ${network.name}` : `the network ${network.name}`;
      throw new EngineError(500, `container ${id} is not connected to ${place}`);
    }
    const rest = Object.entries(container.networks).filter(([name]) => name !== network.name);
    await this.#containers.setNetworks(id, Object.fromEntries(rest));
    this.#networks.release(network.id, id);
    if (isRunning) await this.#containers.detach?.(id, network.id);
  }

  #container(reference: string): AttachableContainer {
    if (reference === "") throw badRequest('invalid name or ID supplied: ""');
    return this.#containers.find(reference);
  }

  #disconnectLost(network: NetworkRecord, name: string): void {
    const lost = this.#networks.endpointsOf(network.id).find(({ container }) => container.name === name || container.id === name);
    if (!lost) throw notFound(`endpoint ${name} not found`);
    this.#networks.release(network.id, lost.container.id);
  }
}

function checkModes(network: NetworkRecord, { networkMode, networks }: AttachableContainer): void {
  if (networkMode === "host" || networkMode.startsWith("container:"))
    throw badRequest(
      "container sharing network namespace with another container or host cannot be connected to any other network",
    );
  if (network.driver === "host")
    throw badRequest("cannot connect container to host network - container must be created in host network mode");
  const others = Object.keys(networks).filter((name) => name !== network.name);
  if (others.length > 0 && (network.driver === "null" || others.includes("none")))
    throw badRequest("container cannot be connected to multiple networks with one of the networks in private (none) mode");
}

/**
 * Connects a container that starts to all its networks.
 *
 * @param endpoints - its endpoints by the name of the network.
 * @returns the endpoints with addresses.
 * @throws an {@link EngineError} as Docker answers the start of a container. Then the container is in none of the networks.
 */
export function connectAll(
  networks: Networks,
  container: NamedContainer,
  endpoints: Readonly<Record<string, EndpointSettings>>,
): Record<string, EndpointSettings> {
  const connected: Record<string, EndpointSettings> = {};
  try {
    for (const [name, settings] of Object.entries(endpoints)) connected[name] = networks.connect(name, container, settings);
  } catch (error) {
    for (const name of Object.keys(connected)) networks.release(name, container.id);
    if (!(error instanceof EngineError)) throw error;
    throw new EngineError(error.status, `failed to set up container networking: ${error.message}`, { cause: error });
  }
  return connected;
}

/** Removes a container that stopped from all its networks. Returns its endpoints without addresses. */
export function releaseAll(
  networks: Networks,
  container: string,
  endpoints: Readonly<Record<string, EndpointSettings>>,
): Record<string, EndpointSettings> {
  for (const name of Object.keys(endpoints)) networks.release(name, container);
  return Object.fromEntries(Object.entries(endpoints).map(([name, settings]) => [name, stoppedEndpoint(settings)]));
}
