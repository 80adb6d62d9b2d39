import { badRequest, EngineError } from "../engine-error.js";
import type { ContainerRecord, Link } from "./record.js";

/** A container to which another one has a link. */
export interface LinkedContainer {
  readonly isRunning: boolean;
  readonly record: ContainerRecord;
}

/**
 * Parses one of `Links`: `container:alias`, `container`, or `/container:/parent/alias` as `inspect` shows it.
 *
 * @throws an {@link EngineError} with the status of Docker when it is malformed.
 */
export function parseLink(text: string): { reference: string; alias: string } {
  const [reference = "", alias = reference, ...rest] = text.split(":");
  if (reference === "") throw new EngineError(500, "empty string specified for links");
  if (rest.length > 0) throw new EngineError(500, `bad format for links: ${text}`);
  return { reference: reference.replace(/^\//, ""), alias: alias.slice(alias.lastIndexOf("/") + 1) };
}

/**
 * Returns the links that a new container asks for.
 *
 * @param find - finds a container. Throws if there is none.
 * @throws an {@link EngineError} when a container does not exist, or has no network of its own.
 */
export function resolveLinks(texts: readonly string[], find: (reference: string) => ContainerRecord): Link[] {
  return texts.map((text) => {
    const { reference, alias } = parseLink(text);
    return { alias, container: linked(reference, find).id };
  });
}

function linked(reference: string, find: (reference: string) => ContainerRecord): ContainerRecord {
  let record: ContainerRecord;
  try {
    record = find(reference);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw badRequest(`could not get container for ${reference}: ${error.message}`, error);
  }
  const { NetworkMode = "" } = record.hostConfig;
  if (NetworkMode === "host")
    throw badRequest(
      "conflicting options: host type networking can't be used with links. This would result in undefined behavior",
    );
  // a container that shares the network of another one is reached there
  return NetworkMode.startsWith("container:") ? linked(NetworkMode.slice("container:".length), find) : record;
}

/**
 * Checks that the containers run to which a container has links, before it starts or a process in it does. As on Docker, a link remains
 * when its container is removed.
 *
 * @param find - returns a container by its ID.
 * @throws an {@link EngineError} with status 500.
 */
export function checkLinks({ name, links }: ContainerRecord, find: (id: string) => LinkedContainer | undefined): void {
  for (const { alias, container, removed } of links ?? []) {
    const target = find(container);
    const linked = target ? target.record.name : removed;
    if (linked !== undefined && !target?.isRunning)
      throw new EngineError(500, `Cannot link to a non running container: /${linked} AS /${name}/${alias}`);
  }
}

/** Notes in the links of a container that another one is removed. Returns whether it has any to it. */
export function endLinks({ links = [] }: ContainerRecord, { id, name }: ContainerRecord): boolean {
  const ended = links.filter(({ container }) => container === id);
  for (const link of ended) link.removed = name;
  return ended.length > 0;
}

/**
 * Returns the links of a container as `inspect` shows them; null if it has none.
 *
 * @param find - returns a container by its ID.
 */
export function linkTexts({ name, links }: ContainerRecord, find: (id: string) => ContainerRecord | undefined): string[] | null {
  const texts = (links ?? []).flatMap(({ alias, container, removed }) => {
    const target = find(container)?.name ?? removed;
    return target === undefined ? [] : [`/${target}:/${name}/${alias}`];
  });
  return texts.length === 0 ? null : texts;
}

/** Returns all names of a container: its own, and those by which other containers link to it. */
export function namesOf({ id, name }: ContainerRecord, all: Iterable<ContainerRecord>): string[] {
  const names = [`/${name}`];
  for (const parent of all)
    for (const { alias, container } of parent.links ?? []) if (container === id) names.push(`/${parent.name}/${alias}`);
  return names;
}

/** Splits the name of a link, `parent/alias`; undefined for other names. */
export function splitLinkName(name: string): { parent: string; alias: string } | undefined {
  const [, parent, alias] = /^\/?([^/]+)\/([^/]+)$/.exec(name) ?? [];
  return parent === undefined || alias === undefined ? undefined : { parent, alias };
}
