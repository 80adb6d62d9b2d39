import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type EventFilters, eventMatcher } from "../../../lib/api/events/event-filters.js";
import { normalizeEvent } from "../../../lib/api/events/normalize.js";
import { InvalidOptionError } from "../../../lib/errors/usage-errors.js";
import type { EventMessage } from "../../../lib/types/event.js";

const event = (more: Partial<EventMessage> = {}): EventMessage => ({
  Type: "container",
  Action: "start",
  Actor: { ID: "abc123", Attributes: { name: "web-1", image: "busybox:1", app: "web", empty: "" } },
  time: 1,
  timeNano: 1e9,
  ...more,
});

const image = event({
  Type: "image",
  Action: "tag",
  Actor: { ID: "sha256:12ab", Attributes: { name: "reg:5000/team/app:1.0" } },
});
const health = event({ Action: "health_status: healthy" });

const from = (name: string) => event({ Actor: { ID: "abc123", Attributes: { image: name } } });

describe("eventMatcher", () => {
  it.each<[EventFilters | undefined, EventMessage, boolean]>([
    [undefined, event(), true],
    [{}, event(), true],
    [{ type: "container" }, event(), true],
    [{ type: ["network", "container"] }, event(), true],
    [{ type: "cont" }, event(), false],
    [{ event: "start" }, event(), true],
    [{ event: "sta" }, event(), false],
    [{ event: "health_status" }, health, true],
    [{ event: "health_status: healthy" }, health, true],
    [{ event: "health_status: unhealthy" }, health, false],
    [{ event: ["exec_create", "health"] }, health, true],
    [{ event: "health" }, health, false],
    [{ event: "exec_create" }, event({ Action: "exec_create: sh -c ls" }), true],
    [{ event: "exec_start" }, event({ Action: "exec_start: sh -c ls" }), true],
    [{ container: "web-1" }, event(), true],
    [{ container: "web" }, event(), true],
    [{ container: "abc" }, event(), true],
    [{ container: "eb-1" }, event(), false],
    [{ container: "web" }, event({ Type: "network" }), true],
    [{ network: "web" }, event({ Actor: { ID: "", Attributes: {} } }), false],
    [{ network: "" }, event({ Actor: { ID: "", Attributes: {} } }), true],
    [{ scope: "local" }, event(), true],
    [{ scope: "swarm" }, event(), false],
    [{ scope: "swarm" }, event({ scope: "swarm" }), true],
    [{ label: "app" }, event(), true],
    [{ label: "app=web" }, event(), true],
    [{ label: "app=db" }, event(), false],
    [{ label: "app=" }, event(), false],
    [{ label: ["empty", "empty="] }, event(), true],
    [{ label: ["app=web", "tier"] }, event(), false],
    [{ label: "toString" }, event(), false],
    [{ label: "a=b=c" }, event({ Actor: { ID: "", Attributes: { a: "b=c" } } }), true],
    [{ image: "busybox" }, event(), true],
    [{ image: "busybox:1" }, event(), true],
    [{ image: "busybox:2" }, event(), false],
    [{ image: "busy" }, event(), false],
    [{ image: "abc123" }, event(), true],
    [{ image: "busybox" }, from("docker.io/library/busybox:1"), true],
    [{ image: "busybox" }, from("index.docker.io/library/busybox"), true],
    [{ image: "busybox" }, from("library/busybox:1"), true],
    [{ image: "busybox" }, from("busybox@sha256:0123"), true],
    [{ image: "library/busybox" }, from("busybox:1"), false],
    [{ image: "team/app" }, from("docker.io/team/app:2"), true],
    [{ image: "library/team/app" }, from("library/team/app:2"), true],
    [{ image: "reg:5000/team/app" }, image, true],
    [{ image: "reg:5000/team/app:1.0" }, image, true],
    [{ image: "reg" }, image, false],
    [{ image: "sha256:12ab" }, image, true],
    [{ type: "container", event: ["die", "start"], label: "app" }, event(), true],
    [{ type: "container", event: "die" }, event(), false],
    // a filter without values matches everything
    [{ type: [], event: [], scope: [], image: [], label: [], container: [] }, event(), true],
    [{ type: undefined }, event(), true],
    [{ label: [true, 1] }, event({ Actor: { ID: "", Attributes: { true: "", 1: "" } } }), true],
  ])("applies %j", (filters, given, expected) => {
    expect(eventMatcher(filters)(given)).toBe(expected);
  });

  it.each([
    ["an unknown filter", { action: "die" }, 'unknown event filter "action"'],
    ["the name of a property of Object.prototype", { constructor: "die" }, 'unknown event filter "constructor"'],
    ["an object", { event: { die: true } }, 'filter "event" must be'],
    ["null", { event: null }, 'filter "event" must be'],
    ["a list in a list", { event: [["die"]] }, 'filter "event" must be'],
  ])("rejects %s", (_name, filters, message) => {
    const make = () => eventMatcher(filters as EventFilters);
    expect(make).toThrow(InvalidOptionError);
    expect(make).toThrow(message);
  });

  // recorded on Docker 20.10.24 (API 1.41): the events there, and the ones it selected for these filters
  describe("selects the same events as the engine", () => {
    type Line = { event: unknown } | { filters: EventFilters; chosen: number[] };
    const lines = readFileSync(new URL("engine-filters.jsonl", import.meta.url), "utf8")
      .trimEnd()
      .split("\n");
    const recorded = lines.map((line) => JSON.parse(line) as Line);
    const events = recorded.flatMap((line) => ("event" in line ? [normalizeEvent(line.event)!] : []));
    const cases = recorded.flatMap((line) => ("filters" in line ? [line] : []));

    it("covers enough events and filters", () => {
      expect([events.length, cases.length]).toEqual([122, expect.any(Number)]);
      expect(cases.length).toBeGreaterThan(200);
      expect(new Set(cases.flatMap(({ filters }) => Object.keys(filters))).size).toBe(14);
    });

    it.each(cases)("for $filters", ({ filters, chosen }) => {
      const matches = eventMatcher(filters);
      expect(events.flatMap((one, at) => (matches(one) ? [at] : []))).toEqual(chosen);
    });
  });
});
