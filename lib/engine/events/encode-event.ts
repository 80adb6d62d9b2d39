import { atLeast } from "../../wire/api-version.js";
import type { EngineEvent } from "./event-log.js";

/** The types of objects whose events also have the members of API versions below 1.22. */
const typesWithOldMembers = new Set(["container", "image"]);

/**
 * Encodes an event as JSON.
 *
 * The time in nanoseconds exceeds what a JavaScript number holds exactly, so it is written digit by digit.
 *
 * @param version - the API version of the request.
 */
export function encodeEvent({ type, action, id, attributes, scope, time }: EngineEvent, version: string): string {
  const hasOldMembers = typesWithOldMembers.has(type) && !atLeast(version, "1.52");
  const { image } = attributes;
  const seconds = Number(time / 1_000_000_000n);
  if (!atLeast(version, "1.22")) return JSON.stringify({ status: action, id, from: image, time: seconds });
  const members = {
    ...(hasOldMembers ? { status: action, id, ...(image === undefined ? {} : { from: image }) } : {}),
    Type: type,
    Action: action,
    Actor: { ID: id, Attributes: attributes },
    scope,
    time: seconds,
  };
  return `${JSON.stringify(members).slice(0, -1)},"timeNano":${time}}`;
}
