import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { errorCode, errorMessage, isBytes, isDate, isError } from "../../lib/wire/realm.js";

/** Evaluates an expression in another realm. */
const foreign = (expression: string): unknown => runInNewContext(expression);

describe("values from another realm", () => {
  it("are recognized by kind", () => {
    expect(foreign("new Error('x')") instanceof Error).toBe(false);
    expect(isError(foreign("new RangeError('x')"))).toBe(true);
    expect(isDate(foreign("new Date(0)"))).toBe(true);
    expect(isBytes(foreign("new Uint8Array(2)"))).toBe(true);
  });

  it("have a readable code and message", () => {
    const error = foreign("Object.assign(new Error('gone'), { code: 'ENOENT' })");
    expect([errorCode(error), errorMessage(error)]).toEqual(["ENOENT", "gone"]);
  });
});

describe("values of this realm", () => {
  it("are recognized by kind", () => {
    expect(isError(new TypeError("x"))).toBe(true);
    expect(isError(AbortSignal.abort().reason)).toBe(true);
    expect(isError(Object.create(Error.prototype))).toBe(true);
    expect(isDate(new Date())).toBe(true);
    expect(isBytes(Buffer.from("x"))).toBe(true);
  });

  it.each([undefined, null, "x", 1, {}, { message: "x", code: "ENOENT" }, [], new Uint16Array(1)])(
    "of no known kind are not recognized: %j",
    (value) => {
      expect([isError(value), isDate(value), isBytes(value), errorCode(value)]).toEqual([false, false, false, undefined]);
    },
  );

  it("include the code and message of a failed system call", () => {
    let thrown: unknown;
    try {
      readFileSync("/nowhere/at/all");
    } catch (error) {
      thrown = error;
    }
    expect(errorCode(thrown)).toBe("ENOENT");
    expect(errorMessage(thrown)).toContain("/nowhere/at/all");
    expect(errorMessage("a string")).toBe("a string");
  });
});
