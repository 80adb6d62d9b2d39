import { isIP } from "node:net";
import type { Client, NetworkAttachmentConfig } from "../../index.js";
import { ID_LABEL } from "../containers/definition.js";
import { isLoopback } from "../containers/loopback.js";
import { InvalidJobError } from "../errors.js";
import type { JobStore } from "../store.js";
import { completeLinks, type NetworkLink } from "../values/links.js";
import { networkName } from "./names.js";
import { isUp, listOwned } from "./owned-service.js";
import { settle, whenFree } from "./rollout.js";
import type { ServiceSettings } from "./service-spec.js";

/** The networks of the jobs: their IDs by the identifiers of the containers whose links they are for. */
type Networks = ReadonlyMap<string, string>;

/**
 * Links containers. Each container that has links has an overlay network of its own, in which its targets are known under their
 * identifiers and under the names that the links lead from. The networks of a service are those of its own links, and of the
 * links to it: a change replaces its tasks.
 */
export class SwarmLinks {
  readonly #client: Client;
  readonly #store: JobStore;
  readonly #settings: ServiceSettings;

  constructor(client: Client, store: JobStore, settings: ServiceSettings) {
    this.#client = client;
    this.#store = store;
    this.#settings = settings;
  }

  /** @throws an error that names a link which a swarm cannot have. */
  check(links: readonly NetworkLink[]): void {
    for (const { fromHost, fromPort, toPort } of completeLinks(links)) {
      const name = `${fromHost}:${fromPort}`;
      if (isLoopback(fromHost))
        throw unsupported(`the link from ${name} is not supported on a swarm: services cannot share the network of another one`);
      if (isIP(fromHost) !== 0) throw unsupported(`the link from ${name} is not supported on a swarm: a link leads from a name`);
      if (fromPort !== toPort)
        throw unsupported(
          `the link from ${name} to port ${toPort} is not supported on a swarm: the ports of a link are the same`,
        );
    }
  }

  /**
   * Returns the networks of a service. Those of links that the store does not know stay as they are: another process has made them.
   *
   * @param current - the networks that it has.
   */
  async networksOf(
    id: string,
    current: readonly NetworkAttachmentConfig[],
    signal: AbortSignal,
  ): Promise<readonly NetworkAttachmentConfig[]> {
    if (completeLinks(this.#store.links.get(id) ?? []).length > 0) await this.#ensure(id, signal);
    return this.#attachments(id, current, await this.#list(signal));
  }

  /**
   * Connects all services with the networks that they are to have, and waits until their tasks are replaced.
   *
   * @param except - identifier of a container that is left alone.
   * @param isGone - whether that container is to be removed, and its links with it.
   */
  async apply(except: string | undefined, isGone: boolean, signal: AbortSignal): Promise<void> {
    const networks = await this.#list(signal);
    if (networks.size === 0) return;
    const changed: string[] = [];
    for (const owned of await listOwned(this.#client)) {
      const { id, service } = owned;
      if (id === except) continue;
      const current = service.Spec.TaskTemplate?.Networks ?? [];
      const wanted = this.#attachments(id, current, networks, isGone ? except : undefined);
      if (isSame(current, wanted)) continue;
      await this.#connect(service.ID, wanted, signal);
      if (isUp(owned)) changed.push(service.ID);
    }
    for (const service of changed) await settle(this.#client, service, this.#settings, signal);
  }

  /** Connects one service with the networks that it is to have. */
  async connect(id: string, signal: AbortSignal): Promise<void> {
    const [owned] = await listOwned(this.#client, id);
    if (!owned) return;
    const current = owned.service.Spec.TaskTemplate?.Networks ?? [];
    const wanted = await this.networksOf(id, current, signal);
    if (isSame(current, wanted)) return;
    await this.#connect(owned.service.ID, wanted, signal);
    if (isUp(owned)) await settle(this.#client, owned.service.ID, this.#settings, signal);
  }

  /** Removes the network of a container, when the last task has left it. */
  async remove(id: string, signal: AbortSignal): Promise<void> {
    const network = (await this.#list(signal)).get(id);
    if (network === undefined) return;
    await whenFree(() => this.#client.removeNetwork({ id: network }, { signal }), this.#settings.patience, signal);
  }

  async #connect(service: string, networks: readonly NetworkAttachmentConfig[], signal: AbortSignal): Promise<void> {
    await this.#client.updateService(
      { id: service, spec: (spec) => ({ ...spec, TaskTemplate: { ...spec.TaskTemplate, Networks: [...networks] } }) },
      { signal },
    );
  }

  #attachments(
    id: string,
    current: readonly NetworkAttachmentConfig[],
    networks: Networks,
    gone?: string,
  ): NetworkAttachmentConfig[] {
    const decided = new Set([...this.#store.links.all().keys(), ...(gone === undefined ? [] : [gone])]);
    const replaced = new Set([...networks].flatMap(([from, network]) => (decided.has(from) ? [network] : [])));
    const made = [...this.#store.links.all()].flatMap(([from, links]): NetworkAttachmentConfig[] => {
      const Target = networks.get(from);
      const complete = completeLinks(links);
      if (Target === undefined || from === gone || complete.length === 0) return [];
      const toHere = complete.filter(({ toHost }) => toHost === id);
      if (toHere.length === 0) return from === id ? [{ Target }] : [];
      return [{ Target, Aliases: [...new Set([id, ...toHere.map(({ fromHost }) => fromHost)])] }];
    });
    return [...current.filter(({ Target = "" }) => !replaced.has(Target)), ...made];
  }

  async #list(signal: AbortSignal): Promise<Networks> {
    const networks = await this.#client.listNetworks({ filters: { label: ID_LABEL, driver: "overlay" } }, { signal });
    return new Map(networks.flatMap(({ Id, Labels }) => (Labels[ID_LABEL] === undefined ? [] : [[Labels[ID_LABEL], Id]])));
  }

  async #ensure(id: string, signal: AbortSignal): Promise<void> {
    if ((await this.#list(signal)).has(id)) return;
    await this.#client.createNetwork(
      { name: networkName(id), driver: "overlay", checkDuplicate: true, labels: { [ID_LABEL]: id } },
      { signal },
    );
  }
}

/** Whether a service has the same networks, under the same names. */
function isSame(one: readonly NetworkAttachmentConfig[], other: readonly NetworkAttachmentConfig[]): boolean {
  const text = (all: readonly NetworkAttachmentConfig[]): string =>
    all
      .map(({ Target, Aliases }) => JSON.stringify([Target, [...(Aliases ?? [])].sort()]))
      .sort()
      .join();
  return text(one) === text(other);
}

function unsupported(message: string): InvalidJobError {
  return new InvalidJobError(message, { data: { option: "networkLinks" } });
}
