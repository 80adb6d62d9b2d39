import { isIP } from "node:net";
import { type Client, type NetworkInspect, NoSuchNetworkError } from "../../index.js";
import { ID_LABEL } from "../containers/definition.js";
import { isLoopback } from "../containers/loopback.js";
import { withImage } from "../containers/with-image.js";
import { InvalidJobError } from "../errors.js";
import { nameOf } from "../values/identifier.js";
import { type CompleteLink, completeLinks, type NetworkLink } from "../values/links.js";
import { findBase, isUp, type Owned } from "./owned.js";

/** The label of the containers that forward connections: the identifier of the container whose network they share. */
const FORWARD_LABEL = "ts-dockerclient.jobs.forwards";

/**
 * Forwards connections with the program that the image has. The smaller of the two forms of busybox's `nc` cannot listen on one
 * address alone.
 */
const FORWARD = `
if command -v socat >/dev/null; then exec socat "TCP-LISTEN:$2,bind=$1,fork,reuseaddr" "TCP:$3:$4"; fi
if nc --help 2>&1 | grep -q -e -k; then exec nc -lk -s "$1" -p "$2" -e nc "$3" "$4"; fi
exec nc -ll -p "$2" -e nc "$3" "$4"`;

/**
 * Links containers. Each container that has links has a network of its own, in which its targets are known under their identifiers
 * and under the names that the links lead from. Links from a loopback address need a program that forwards connections: it runs in
 * a container that shares the network of the first one.
 */
export class Links {
  readonly #client: Client;
  readonly #image: string;

  constructor(client: Client, forwarderImage: string) {
    this.#client = client;
    this.#image = forwarderImage;
  }

  /** @throws an error that names a link which an engine cannot have. */
  check(links: readonly NetworkLink[]): void {
    for (const { fromHost, fromPort, toPort } of completeLinks(links)) {
      const name = `${fromHost}:${fromPort}`;
      if (isLoopback(fromHost)) continue;
      if (isIP(fromHost) !== 0)
        throw unsupported(`the link from ${name} is not supported: a link leads from a name or from a loopback address`);
      if (fromPort !== toPort)
        throw unsupported(
          `the link from ${name} to port ${toPort} is not supported: only links from a loopback address change the port`,
        );
    }
  }

  /**
   * Gives a container the links that it is to have, in place of those that it has. A link to a container that does not exist is made
   * when that one is installed.
   */
  async apply(container: Owned, links: readonly NetworkLink[], signal: AbortSignal): Promise<void> {
    this.check(links);
    const complete = completeLinks(links);
    if (complete.length === 0) return this.remove(container.id, signal);
    const targets = await this.#targetsOf(complete);
    await this.#connect(container, targets, signal);
    await this.stop(container.id, signal);
    if (!isUp((await findBase(this.#client, container.id)) ?? container)) return;
    for (const [index, link] of complete.filter(({ fromHost }) => isLoopback(fromHost)).entries())
      await this.#forward(container, link, index, signal);
  }

  /** Removes what forwards the connections of a container. */
  async stop(id: string, signal: AbortSignal): Promise<void> {
    const forwarders = await this.#client.listContainers({ all: true, filters: { label: `${FORWARD_LABEL}=${id}` } }, { signal });
    await Promise.all(forwarders.map(({ Id }) => this.#client.removeContainer({ id: Id, force: true }, { signal })));
  }

  /** Removes the links of a container. */
  async remove(id: string, signal: AbortSignal): Promise<void> {
    await this.stop(id, signal);
    const network = await this.#inspect(id, signal);
    if (!network) return;
    for (const container of Object.keys(network.Containers ?? {}))
      await this.#client.disconnectNetwork({ id: network.Id, container, force: true }, { signal });
    await this.#client.removeNetwork({ id: network.Id }, { signal });
  }

  /** Returns the containers that links lead to, with the names that they have for the container that the links are of. */
  async #targetsOf(links: readonly CompleteLink[]): Promise<Map<string, { container: Owned; aliases: string[] }>> {
    const targets = new Map<string, { container: Owned; aliases: string[] }>();
    for (const { fromHost, toHost } of links) {
      const container = targets.get(toHost)?.container ?? (await findBase(this.#client, toHost));
      if (!container) continue;
      const { aliases } = targets.get(toHost) ?? { aliases: [toHost] };
      targets.set(toHost, { container, aliases: isLoopback(fromHost) ? aliases : [...aliases, fromHost] });
    }
    return targets;
  }

  async #connect(
    { id, containerId }: Owned,
    targets: ReadonlyMap<string, { container: Owned; aliases: string[] }>,
    signal: AbortSignal,
  ): Promise<void> {
    const network = (await this.#inspect(id, signal)) ?? (await this.#create(id, signal));
    const members = new Set(Object.keys(network.Containers ?? {}));
    const wanted = new Map([[containerId, [] as string[]]]);
    for (const { container, aliases } of targets.values()) wanted.set(container.containerId, aliases);
    for (const member of members)
      if (!wanted.has(member))
        await this.#client.disconnectNetwork({ id: network.Id, container: member, force: true }, { signal });
    for (const [container, aliases] of wanted) await this.#join(network, container, aliases, signal);
  }

  /** Connects a container, unless it is connected and has the names already. */
  async #join({ Id, Name }: NetworkInspect, container: string, aliases: string[], signal: AbortSignal): Promise<void> {
    const { NetworkSettings } = await this.#client.inspectContainer({ id: container }, { signal });
    const endpoint = NetworkSettings.Networks?.[Name];
    if (endpoint) {
      const has = new Set(endpoint.Aliases ?? []);
      if (aliases.every((alias) => has.has(alias))) return;
      await this.#client.disconnectNetwork({ id: Id, container, force: true }, { signal });
    }
    await this.#client.connectNetwork({ id: Id, container, endpointConfig: { Aliases: aliases } }, { signal });
  }

  /** Starts a program that forwards the connections of a link. */
  async #forward(
    { id, containerId }: Owned,
    { fromHost, fromPort, toHost, toPort }: CompleteLink,
    index: number,
    signal: AbortSignal,
  ): Promise<void> {
    const listen = fromHost === "localhost" ? "127.0.0.1" : fromHost;
    const options = {
      name: `forward-${nameOf(id)}-${index}`,
      config: {
        Image: this.#image,
        Entrypoint: ["sh", "-c", FORWARD, "sh"],
        Cmd: [listen, String(fromPort), toHost, String(toPort)],
        Labels: { [FORWARD_LABEL]: id },
      },
      hostConfig: { NetworkMode: `container:${containerId}`, RestartPolicy: { Name: "on-failure" } },
    };
    const { Id } = await withImage(this.#client, this.#image, signal, () => this.#client.createContainer(options, { signal }));
    await this.#client.startContainer({ id: Id }, { signal });
  }

  async #inspect(id: string, signal: AbortSignal): Promise<NetworkInspect | undefined> {
    try {
      return await this.#client.inspectNetwork({ id: networkName(id) }, { signal });
    } catch (error) {
      if (error instanceof NoSuchNetworkError) return undefined;
      throw error;
    }
  }

  async #create(id: string, signal: AbortSignal): Promise<NetworkInspect> {
    await this.#client.createNetwork({ name: networkName(id), checkDuplicate: true, labels: { [ID_LABEL]: id } }, { signal });
    return this.#client.inspectNetwork({ id: networkName(id) }, { signal });
  }
}

function networkName(id: string): string {
  return `links-${nameOf(id)}`;
}

function unsupported(message: string): InvalidJobError {
  return new InvalidJobError(message, { data: { option: "networkLinks" } });
}
