import type { Filters, FilterValue } from "../core/fields.js";
import type { EventMessage } from "../types/event.js";

/** What events can be chosen by. Several values of one filter are alternatives, except labels, which must all be there. */
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

/** API versions that brought the later filters. */
export const eventFilterVersions = {
  plugin: "1.27",
  scope: "1.30",
  config: "1.33",
  node: "1.33",
  secret: "1.33",
  service: "1.33",
} as const;

type Match = (event: EventMessage) => boolean;

function textsOf(value: FilterValue): string[] {
  return (Array.isArray(value) ? (value as readonly unknown[]) : [value]).map(String);
}

/** An image's name without its tag. */
function withoutTag(name: string): string {
  const colon = name.indexOf(":", name.lastIndexOf("/") + 1);
  return colon < 0 ? name : name.slice(0, colon);
}

/** The beginning of an action is enough where the rest of it is a command or a state. */
function matchAction(values: readonly string[]): Match {
  const byStart = values.some((value) => value === "health_status" || value === "exec_create" || value === "exec_start");
  return ({ Action }) => values.some((value) => Action === value || (byStart && Action.startsWith(value)));
}

function matchImage(values: readonly string[]): Match {
  return ({ Type, Actor }) => {
    const name = Actor.Attributes[Type === "image" ? "name" : "image"] ?? "";
    return values.some((value) => [Actor.ID, name, withoutTag(Actor.ID), withoutTag(name)].includes(value));
  };
}

function matchLabels(values: readonly string[]): Match {
  const labels = values.map((value) => {
    const equals = value.indexOf("=");
    return equals < 0 ? ([value, undefined] as const) : ([value.slice(0, equals), value.slice(equals + 1)] as const);
  });
  return ({ Actor }) =>
    labels.every(([name, value]) => (value === undefined ? name in Actor.Attributes : Actor.Attributes[name] === value));
}

/** An object is named by its ID or its name, or by the beginning of one. */
function matchObject(values: readonly string[]): Match {
  return ({ Actor }) => values.some((value) => Actor.ID.startsWith(value) || (Actor.Attributes.name?.startsWith(value) ?? false));
}

function matchOf(name: string, values: readonly string[]): Match {
  switch (name) {
    case "type":
      return ({ Type }) => values.includes(Type);
    case "event":
      return matchAction(values);
    case "scope":
      return ({ scope = "local" }) => values.includes(scope);
    case "image":
      return matchImage(values);
    case "label":
      return matchLabels(values);
    default:
      return matchObject(values);
  }
}

/** Makes of filters the test that an engine would apply to its events. */
export function eventMatcher(filters: EventFilters | undefined): Match {
  const matches = Object.entries(filters ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [matchOf(name, textsOf(value))],
  );
  return (event) => matches.every((match) => match(event));
}
