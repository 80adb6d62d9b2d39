import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { trimEnd } from "../../lib/wire/trim-end.js";

describe("trimEnd", () => {
  it("removes only trailing characters", () => {
    expect(trimEnd("\n a\nb\r\n\n", "\r\n")).toBe("\n a\nb");
    expect(trimEnd("\n\n", "\r\n")).toBe("");
    expect(trimEnd("", "\n")).toBe("");
  });

  it("matches the result of a regular expression", () => {
    const text = fc.string({ unit: fc.constantFrom("a", " ", "\r", "\n") });
    const property = fc.property(text, (value) => {
      expect(trimEnd(value, "\r\n")).toBe(value.replace(/[\r\n]+$/, ""));
    });
    fc.assert(property);
  });

  it("reads a string of newlines only once", () => {
    // a regular expression takes minutes for this
    const output = `${"\n".repeat(1_000_000)}x`;
    expect(trimEnd(output, "\r\n")).toBe(output);
  });
});
