import { encodeFilters, type Filters, type FilterValue, type FilterVersions } from "../../core/fields/fields.js";
import { InvalidOptionError } from "../../errors/usage-errors.js";
import type { EventMessage } from "../../types/event.js";
import { parseReference } from "../../wire/reference.js";

/** Filters for events. If a filter has several values, one of them must match, except for labels, which must all match. */
export type EventFilters = Filters<
  | "config"
  | "container"
  | "daemon"
  | "event"
  | "image"
  | "label"
  | "network"
  | "node"
  | "plugin"
  | "scope"
  | "secret"
  | "service"
  | "type"
  | "volume"
>;

/** The filters, with the API version that introduced each, or true for filters that exist in all versions. */
export const eventFilterVersions: FilterVersions<EventFilters> = {
  config: "1.33",
  container: true,
  daemon: true,
  event: true,
  image: true,
  label: true,
  network: true,
  node: "1.33",
  plugin: "1.27",
  scope: "1.30",
  secret: "1.33",
  service: "1.33",
  type: true,
  volume: true,
};

type Match = (event: EventMessage) => boolean;

const byName: { readonly [K in keyof EventFilters]-?: (values: readonly string[]) => Match } = {
  config: matchObject,
  container: matchObject,
  daemon: matchObject,
  event: matchAction,
  image: matchImage,
  label: matchLabels,
  network: matchObject,
  node: matchObject,
  plugin: matchObject,
  scope: (values) => (event) => values.includes(event.scope ?? "local"),
  secret: matchObject,
  service: matchObject,
  type: (values) => (event) => values.includes(event.Type),
  volume: matchObject,
};

/** Returns the familiar name of an image: without the tag, the digest and the Docker Hub prefix. */
function familiarName(reference: string): string {
  const { repository } = parseReference(reference);
  return repository.replace(/^(?:index\.)?docker\.io\//, "").replace(/^library\/(?=[^/]+$)/, "");
}

/** These actions match by prefix, because a command or a state follows them. */
function matchAction(values: readonly string[]): Match {
  const byStart = values.some((value) => value === "health_status" || value === "exec_create" || value === "exec_start");
  return ({ Action }) => values.some((value) => Action === value || (byStart && Action.startsWith(value)));
}

function matchImage(values: readonly string[]): Match {
  return ({ Type, Actor }) => {
    const name = Actor.Attributes[Type === "image" ? "name" : "image"] ?? "";
    return values.some((value) => [Actor.ID, name, familiarName(Actor.ID), familiarName(name)].includes(value));
  };
}

function matchLabels(values: readonly string[]): Match {
  const labels = values.map((value) => {
    const equals = value.indexOf("=");
    return equals < 0 ? ([value, undefined] as const) : ([value.slice(0, equals), value.slice(equals + 1)] as const);
  });
  return ({ Actor: { Attributes } }) =>
    labels.every(([name, value]) => Object.hasOwn(Attributes, name) && (value === undefined || Attributes[name] === value));
}

/** Matches objects by a prefix of their ID or name. */
function matchObject(values: readonly string[]): Match {
  return ({ Actor }) => values.some((value) => Actor.ID.startsWith(value) || Actor.Attributes.name?.startsWith(value));
}

/**
 * Converts filters to a function that matches events as the engine does. A filter without values matches all events.
 *
 * @throws {@link InvalidOptionError} when a filter is unknown or a filter value is invalid.
 */
export function eventMatcher(filters: EventFilters = {}): Match {
  const matches: Match[] = [];
  for (const [name, value] of Object.entries<FilterValue | undefined>(filters)) {
    if (!Object.hasOwn(byName, name)) throw new InvalidOptionError("filters", `unknown event filter "${name}"`);
    if (encodeFilters({ [name]: value }) === undefined) {
      throw new InvalidOptionError("filters", `filter "${name}" must be a string, a number, a boolean or a list of these`);
    }
    const values = [value ?? []].flat().map(String);
    if (values.length > 0) matches.push(byName[name as keyof EventFilters](values)); // checked above
  }
  return (event) => matches.every((match) => match(event));
}
