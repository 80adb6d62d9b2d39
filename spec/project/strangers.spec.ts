import { describe, expect, it } from "vitest";
import { onlyPassedBy, readTap } from "../strangers/suites/tap.js";

describe("readTap", () => {
  it("sorts the tests of a report by their results", () => {
    const text = [
      "TAP version 13",
      "1..5",
      "ok 1 - image › list",
      "not ok 2 image › search",
      "  Error: it is not ok 3 times",
      "ok 3 image › push # SKIP no registry",
      "not ok 4 image › prune # TODO",
      "ok 5 image › tag\r",
      "# tests 5",
    ].join("\n");
    expect(readTap(text)).toEqual({
      passed: ["image › list", "image › tag"],
      failed: ["image › search"],
      skipped: ["image › push", "image › prune"],
      missing: 0,
    });
  });

  it("counts the tests behind a failed hook, which it names", () => {
    const text = [
      "1..4",
      "ok 1 compose up",
      'not ok 2 compose down "before each" hook: bring up for "removes all"',
      'not ok 2 compose build "before all" hook',
      "ok 2 compose tools",
    ].join("\n");
    const { passed, failed, missing } = readTap(text);
    expect(passed).toEqual(["compose up", "compose tools"]);
    expect(failed).toHaveLength(2);
    expect(missing).toBe(2);
  });

  it("counts the tests that were left when the runner ended", () => {
    expect(readTap("1..3\nok 1 a\n").missing).toBe(2);
  });

  it("reads a plan at the end, and none", () => {
    expect(readTap("ok 1 a\n1..1\n").missing).toBe(0);
    expect(readTap("ok 1 a\n").missing).toBe(0);
  });
});

describe("onlyPassedBy", () => {
  it("names what failed and what had no result", () => {
    const others = [readTap("1..4\nok 1 a\nok 2 b\nok 3 c\nok 4 d\n"), readTap("1..1\nok 1 b\n")];
    const own = readTap("1..4\nok 1 a\nnot ok 2 b\nok 3 d # SKIP\n");
    expect(onlyPassedBy(others, own)).toEqual(["b", "c"]);
  });
});
