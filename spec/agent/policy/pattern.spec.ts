import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { matchesAny } from "../../../lib/agent/policy/pattern.js";

const letters = fc.string({ unit: fc.constantFrom("a", "b", "*", ".", "/"), maxLength: 12 });
const plain = fc.string({ unit: fc.constantFrom("a", "b", ".", "/"), maxLength: 12 });

describe("a pattern", () => {
  test("matches what the same regular expression matches", () => {
    fc.assert(
      fc.property(letters, plain, (pattern, value) => {
        const expression = new RegExp(`^${pattern.replace(/[./]/g, "\\$&").replace(/\*+/g, ".*")}$`, "s");
        expect(matchesAny([pattern], value)).toBe(expression.test(value));
      }),
      { numRuns: 3_000 },
    );
  });

  test("without a star matches itself, and with stars whatever they stand for", () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), fc.array(fc.string()), (parts, fillings) => {
        const own = parts.map((part) => part.replaceAll("*", ""));
        const filled = own.map((part, index) => (index === 0 ? part : `${fillings[index] ?? ""}${part}`)).join("");
        expect(matchesAny([own.join("*")], filled)).toBe(true);
        expect(matchesAny([filled.replaceAll("*", "x")], filled.replaceAll("*", "x"))).toBe(true);
      }),
    );
  });

  test("knows letter case, and none matches without patterns", () => {
    expect(matchesAny(["Get*"], "getContainer")).toBe(false);
    expect(matchesAny([], "")).toBe(false);
  });

  test("takes linear time", () => {
    const began = performance.now();
    expect(matchesAny(["a*".repeat(5_000) + "b"], "a".repeat(100_000))).toBe(false);
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});
