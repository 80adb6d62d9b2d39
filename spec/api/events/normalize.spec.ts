import { describe, expect, it } from "vitest";
import { gapEvent, isGap } from "../../../lib/api/events/gap.js";
import { normalizeEvent } from "../../../lib/api/events/normalize.js";

const time = { time: 1700000000, timeNano: 1700000000123456800 };

describe("normalizeEvent", () => {
  it.each(["delete", "import", "pull", "push", "tag", "untag"])("converts a legacy %s to an image event", (status) => {
    expect(normalizeEvent({ status, id: "busybox:latest", ...time })).toEqual({
      status,
      id: "busybox:latest",
      Type: "image",
      Action: status,
      Actor: { ID: "busybox:latest", Attributes: {} },
      ...time,
    });
  });

  it.each(["create", "start", "die", "exec_create: sh -c ls", "commit"])(
    "converts a legacy %s to a container event",
    (status) => {
      expect(normalizeEvent({ status, id: "abc", from: "busybox", ...time })).toEqual({
        status,
        id: "abc",
        from: "busybox",
        Type: "container",
        Action: status,
        Actor: { ID: "abc", Attributes: { image: "busybox" } },
        ...time,
      });
    },
  );

  it.each([
    ["container", "start", { image: "busybox", name: "web" }, { status: "start", id: "x", from: "busybox" }],
    ["image", "pull", { name: "busybox" }, { status: "pull", id: "x" }],
    ["network", "connect", { container: "c" }, { status: "network:connect", id: "x" }],
    ["volume", "mount", {}, { status: "volume:mount", id: "x" }],
  ])("adds the legacy members to a %s %s event", (Type, Action, Attributes, expected) => {
    const wire = { Type, Action, Actor: { ID: "x", Attributes }, scope: "local", ...time };
    const event = normalizeEvent(wire);
    expect(event).toBe(wire);
    expect(event).toEqual({ Type, Action, Actor: { ID: "x", Attributes }, scope: "local", ...time, ...expected });
  });

  it("leaves an event with both current and legacy members unchanged", () => {
    const both = {
      status: "start",
      id: "abc",
      from: "busybox",
      Type: "container",
      Action: "start",
      Actor: { ID: "abc", Attributes: { image: "busybox" } },
      scope: "local",
      ...time,
    };
    expect(normalizeEvent({ ...both })).toEqual(both);
  });

  it.each([
    [{ time: 12 }, { time: 12, timeNano: 12e9 }],
    [
      { time: 12, timeNano: 0 },
      { time: 12, timeNano: 12e9 },
    ],
    [{ timeNano: 12_500_000_000 }, { time: 12, timeNano: 12_500_000_000 }],
  ])("fills in the missing time of %j", (given, expected) => {
    expect(normalizeEvent({ Type: "daemon", Action: "reload", ...given })).toMatchObject(expected);
  });

  it.each([
    ["null", null],
    ["a number", 7],
    ["a string", "event"],
    ["an event without a time", { Type: "container", Action: "start" }],
    ["an event with a time of zero", { Type: "container", Action: "start", time: 0, timeNano: 0 }],
    ["an object that is not an event", { message: "broken", time: 12 }],
    ["a list", []],
  ])("skips %s", (_name, document) => {
    expect(normalizeEvent(document)).toBeUndefined();
  });

  it.each([
    ["no actor", {}],
    ["a null actor", { Actor: null }],
    ["an empty actor", { Actor: {} }],
    ["an actor with null attributes", { Actor: { ID: "", Attributes: null } }],
  ])("adds an empty actor to an event with %s", (_name, given) => {
    expect(normalizeEvent({ Type: "daemon", Action: "reload", ...given, ...time })?.Actor).toEqual({ ID: "", Attributes: {} });
  });

  it.each([
    ["a string", "web", { ID: "abc", Attributes: {} }],
    ["a number", 7, { ID: "abc", Attributes: {} }],
    ["a numeric ID", { ID: 7, Attributes: { a: "b" } }, { ID: "7", Attributes: { a: "b" } }],
    [
      "odd attributes",
      { ID: "x", Attributes: { a: 1, b: true, c: null, d: { e: [] }, f: "g" } },
      { ID: "x", Attributes: { a: "1", b: "true", f: "g" } },
    ],
    ["a list of attributes", { ID: "x", Attributes: ["a"] }, { ID: "x", Attributes: {} }],
  ])("converts %s to a valid actor", (_name, Actor, expected) => {
    expect(normalizeEvent({ Type: "container", Action: "start", id: "abc", Actor, ...time })?.Actor).toEqual(expected);
  });

  it("converts types and actions to strings, and drops an event whose time is a string", () => {
    expect(normalizeEvent({ Type: 1, Action: {}, ...time })).toMatchObject({ Type: "1", Action: "" });
    expect(normalizeEvent({ Type: "container", Action: "start", time: "12", timeNano: "x" })).toBeUndefined();
  });

  it("uses the legacy ID if the actor is missing", () => {
    expect(normalizeEvent({ Type: "container", Action: "start", id: "abc", ...time })?.Actor.ID).toBe("abc");
  });
});

describe("gapEvent", () => {
  it("reports the start and end of the gap", () => {
    const gap = gapEvent(1700000000123456800);
    expect(isGap(gap)).toBe(true);
    expect(gap.Actor.Attributes).toEqual({ since: String(1700000000123456800), until: String(gap.timeNano) });
    expect(Math.abs(gap.timeNano / 1e6 - Date.now())).toBeLessThan(5000);
    expect(gap.time).toBe(Math.floor(gap.timeNano / 1e9));
  });

  it("omits the start if there was no earlier event", () => {
    expect(Object.keys(gapEvent(undefined).Actor.Attributes)).toEqual(["until"]);
    expect(isGap({ Type: "container", Action: "start", Actor: { ID: "", Attributes: {} }, time: 1, timeNano: 1 })).toBe(false);
  });
});
