import { type Filters, matchesLabels } from "../server/query.js";
import type { EngineEvent } from "./event-log.js";

/** The names of the filters of events. */
export const eventFilterNames = [
  "config",
  "container",
  "daemon",
  "event",
  "image",
  "label",
  "network",
  "node",
  "plugin",
  "scope",
  "secret",
  "service",
  "type",
  "volume",
] as const;

/** The filters that select objects of one type by ID, its beginning, or name. */
const objectFilters = ["config", "container", "daemon", "network", "node", "plugin", "secret", "service", "volume"] as const;

/** Returns whether an event satisfies all filters. Several values of one filter are alternatives, except those of `label`. */
export function matchesEvent(event: EngineEvent, filters: Filters): boolean {
  const anyOf = (name: string, matches: (value: string) => boolean): boolean => {
    const values = filters.get(name);
    return !values || values.length === 0 || values.some(matches);
  };
  return (
    anyOf("type", (value) => value === event.type) &&
    anyOf("event", (value) => value === event.action || event.action.startsWith(`${value}:`)) &&
    anyOf("scope", (value) => value === event.scope) &&
    matchesLabels(event.attributes, filters.get("label")) &&
    anyOf("image", (value) => matchesImage(event, value)) &&
    objectFilters.every((type) => anyOf(type, (value) => event.type === type && matchesObject(event, value)))
  );
}

function matchesObject({ id, attributes }: EngineEvent, value: string): boolean {
  return id === value || attributes.name === value || id.startsWith(value);
}

/** An image is selected with or without its tag, by its own events and by those of its containers. */
function matchesImage({ id, type, attributes }: EngineEvent, value: string): boolean {
  const names = type === "image" ? [id, attributes.name ?? ""] : [attributes.image ?? ""];
  return names.some((name) => name === value || name.replace(/:[^:/]*$/, "") === value);
}
