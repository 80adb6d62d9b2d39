import { describe, expect, it } from "vitest";
import { toEnv } from "../../../lib/api/system/env.js";

describe("toEnv", () => {
  const env = toEnv({
    Name: "host=a",
    NCPU: 4,
    Debug: true,
    Swap: false,
    Labels: ["a=1", 2],
    Warnings: null,
    Driver: "overlay2",
    Registry: { Mirrors: [] },
    Absent: undefined,
    Off: " No ",
    Big: "123456789012",
    Half: 0.5,
  });

  it("returns one line per member", () => {
    expect(env.lines.slice(0, 6)).toEqual([
      "Name=host=a",
      "NCPU=4",
      "Debug=true",
      "Swap=false",
      'Labels=["a=1",2]',
      "Warnings=null",
    ]);
    expect(env.lines).toHaveLength(11);
  });

  it("returns the value of a member and whether it exists", () => {
    expect([env.get("Name"), env.get("NCPU"), env.get("nope")]).toEqual(["host=a", "4", ""]);
    expect([env.exists("Debug"), env.exists("Absent"), env.exists("toString")]).toEqual([true, false, false]);
  });

  it.each([
    ["Debug", true],
    ["Swap", false],
    ["Off", false],
    ["nope", false],
    ["NCPU", true],
    ["Driver", true],
  ])("reads %s as %s", (key, expected) => {
    expect(env.getBool(key)).toBe(expected);
  });

  it.each([
    ["NCPU", 4],
    ["Big", 123_456_789_012],
    ["Half", 0],
    ["Driver", 0],
    ["nope", 0],
  ])("reads %s as %i", (key, expected) => {
    expect(env.getInt(key)).toBe(expected);
  });

  it("reads lists and JSON values", () => {
    expect([env.getList("Labels"), env.getList("Driver"), env.getList("nope")]).toEqual([["a=1", "2"], ["overlay2"], []]);
    expect([env.getJson("Registry"), env.getJson("Driver"), env.getJson("nope")]).toEqual([
      { Mirrors: [] },
      undefined,
      undefined,
    ]);
  });
});
