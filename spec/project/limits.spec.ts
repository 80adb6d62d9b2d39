import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { describeOperations } from "../../lib/index.js";

const guide = await readFile(new URL("../../docs/guides/connecting.md", import.meta.url), "utf8");

/** Returns the methods in the row of the guide's table that starts with a text. */
function methodsOf(row: string): string[] {
  const line = guide.split("\n").find((one) => one.startsWith(`| ${row} `));
  expect(line, `the row "${row}" of the guide`).toBeDefined();
  return [...(line ?? "").split("|")[3]!.matchAll(/`(\w+)`/g)].map(([, name]) => name!).sort();
}

describe("the guide's table of timeouts", () => {
  it("names only examples of the operations to which the timeouts apply", () => {
    const names = new Map(describeOperations().map(({ name, duration }) => [name, duration]));
    const examples = methodsOf("apply");
    expect(examples).not.toEqual([]);
    expect(examples.filter((name) => names.get(name) !== "short")).toEqual([]);
  });

  it.each([
    ["long", "do not apply"],
    ["varies", "depend on options"],
  ] as const)('lists the operations with the duration "%s"', (duration, row) => {
    const names = describeOperations()
      .filter((operation) => operation.duration === duration)
      .map(({ name }) => name);
    expect(methodsOf(row)).toEqual(names.sort());
  });
});
