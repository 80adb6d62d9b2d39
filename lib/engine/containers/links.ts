import { badRequest, EngineError } from "../engine-error.js";
import type { ContainerRecord, Link } from "./record.js";

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
 * Returns the links of a container as `inspect` shows them; null if it has none.
 *
 * @param find - returns a container by its ID. Links to removed ones have ended.
 */
export function linkTexts({ name, links }: ContainerRecord, find: (id: string) => ContainerRecord | undefined): string[] | null {
  const texts = (links ?? []).flatMap(({ alias, container }) => {
    const target = find(container);
    return target ? [`/${target.name}:/${name}/${alias}`] : [];
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
