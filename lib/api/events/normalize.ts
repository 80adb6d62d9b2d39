import type { EventActor, EventMessage } from "../../types/event.js";

/** An event as sent: in the current shape, in the one before API 1.22, or in both. */
type WireEvent = Partial<Omit<EventMessage, "Actor">> & { Actor?: Partial<EventActor> | null };

const imageActions = new Set(["delete", "import", "pull", "push", "tag", "untag"]);

/** Adds the current members to an event in the old shape. */
function modernize(event: WireEvent): void {
  const action = event.status ?? "";
  event.Type = imageActions.has(action) ? "image" : "container";
  event.Action = action;
  event.Actor = { ID: event.id ?? "", Attributes: event.from === undefined ? {} : { image: event.from } };
}

/** Adds the old members to an event in the current shape. Engines stopped sending them in API 1.52. */
function addLegacy(event: EventMessage): void {
  const { Type, Action, Actor } = event;
  event.status = Type === "container" || Type === "image" ? Action : `${Type}:${Action}`;
  event.id = Actor.ID;
  const from = Actor.Attributes.image;
  if (from !== undefined) event.from = from;
}

/**
 * Completes an event, so that it has the members of both shapes: the current one and the one before API 1.22.
 *
 * @returns the same object; undefined when it is not an event or has no time.
 */
export function normalizeEvent(document: unknown): EventMessage | undefined {
  if (typeof document !== "object" || document === null) return undefined;
  const wire = document as WireEvent; // engines send only events on this stream
  if (wire.timeNano === undefined || wire.timeNano === 0) {
    if (!wire.time) return undefined;
    wire.timeNano = wire.time * 1e9;
  }
  wire.time ??= Math.floor(wire.timeNano / 1e9);
  if (!wire.Action && !wire.Type) {
    if (!wire.status) return undefined;
    modernize(wire);
  }
  wire.Actor ??= { ID: wire.id ?? "", Attributes: {} };
  wire.Actor.ID ??= "";
  wire.Actor.Attributes ??= {};
  const event = wire as EventMessage; // every member has been filled in above
  if (event.status === undefined) addLegacy(event);
  return event;
}
