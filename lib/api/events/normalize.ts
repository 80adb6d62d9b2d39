import { isRecord } from "../../core/fields/fields.js";
import type { EventActor, EventMessage } from "../../types/event.js";

/** An event as sent by the engine: with the current members, the members before API 1.22, or both. */
type WireEvent = Partial<Omit<EventMessage, "Actor">> & { Actor?: Partial<EventActor> | null };

/** The members with a string value. */
const texts = ["Type", "Action", "status", "id", "from"] as const;

const imageActions = new Set(["delete", "import", "pull", "push", "tag", "untag"]);

/** Adds the current members to an event with the old members. */
function modernize(event: WireEvent): void {
  const action = event.status ?? "";
  event.Type = imageActions.has(action) ? "image" : "container";
  event.Action = action;
  event.Actor = { ID: event.id ?? "", Attributes: event.from === undefined ? {} : { image: event.from } };
}

/** Adds the old members to an event with the current members. Since API 1.52, engines no longer send the old members. */
function addLegacy(event: EventMessage): void {
  const { Type, Action, Actor } = event;
  event.status = Type === "container" || Type === "image" ? Action : `${Type}:${Action}`;
  event.id = Actor.ID;
  const from = Actor.Attributes.image;
  if (from !== undefined) event.from = from;
}

const isText = (value: unknown): boolean => value === undefined || typeof value === "string";

/** Converts a value to a string; undefined for objects and lists, which are invalid here. */
const textOf = (value: unknown): string | undefined =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;

function hasOnlyTexts(attributes: Readonly<Record<string, unknown>>): boolean {
  for (const name in attributes) if (typeof attributes[name] !== "string") return false;
  return true;
}

const textsOf = (attributes: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) => {
      const text = textOf(value);
      return text === undefined ? [] : [[name, text]];
    }),
  );

/** Converts the actor of an event to its declared type, because a malformed event must not end the stream of all listeners. */
function actorOf({ Actor, id = "" }: WireEvent): EventActor {
  if (!isRecord(Actor)) return { ID: id, Attributes: {} };
  if (!isRecord(Actor.Attributes)) Actor.Attributes = {};
  else if (!hasOnlyTexts(Actor.Attributes)) Actor.Attributes = textsOf(Actor.Attributes);
  if (typeof Actor.ID !== "string") Actor.ID = textOf(Actor.ID) ?? id;
  return Actor as EventActor; // both members have been checked above
}

/**
 * Completes an event, so that it has both the current members and the members before API 1.22.
 *
 * @returns the same object; undefined if it is not an event or has no time.
 */
export function normalizeEvent(document: unknown): EventMessage | undefined {
  if (!isRecord(document)) return undefined;
  const wire = document as WireEvent; // engines send only events on this stream
  if (!(isText(wire.Type) && isText(wire.Action) && isText(wire.status) && isText(wire.id) && isText(wire.from))) {
    for (const name of texts) if (!isText(wire[name])) wire[name] = textOf(wire[name]);
  }
  if (typeof wire.time !== "number") wire.time = undefined;
  if (typeof wire.timeNano !== "number" || wire.timeNano === 0) {
    if (!wire.time) return undefined;
    wire.timeNano = wire.time * 1e9;
  }
  wire.time ??= Math.floor(wire.timeNano / 1e9);
  if (!wire.Action && !wire.Type) {
    if (!wire.status) return undefined;
    modernize(wire);
  }
  wire.Actor = actorOf(wire);
  wire.Type ??= "";
  wire.Action ??= "";
  const event = wire as EventMessage; // every member has been filled in above
  if (event.status === undefined) addLegacy(event);
  return event;
}
