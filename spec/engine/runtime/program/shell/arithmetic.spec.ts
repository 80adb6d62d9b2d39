import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ArithmeticError, evaluateArithmetic } from "../../../../../lib/engine/runtime/program/shell/arithmetic.js";

/** Evaluates an expression with variables, which it may change. */
function evaluate(text: string, variables: Map<string, string> = new Map()): bigint {
  return evaluateArithmetic(text, { get: (name) => variables.get(name), set: (name, value) => variables.set(name, value) });
}

const operations = {
  "+": (a: bigint, b: bigint) => a + b,
  "-": (a: bigint, b: bigint) => a - b,
  "*": (a: bigint, b: bigint) => a * b,
  "&": (a: bigint, b: bigint) => a & b,
  "|": (a: bigint, b: bigint) => a | b,
  "^": (a: bigint, b: bigint) => a ^ b,
  "<": (a: bigint, b: bigint) => (a < b ? 1n : 0n),
  "==": (a: bigint, b: bigint) => (a === b ? 1n : 0n),
};

/** An expression of small numbers, and its value as JavaScript computes it. */
const { expression } = fc.letrec<{ expression: { text: string; value: bigint } }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 5 },
    fc.bigInt(0n, 1000n).map((value) => ({ text: String(value), value })),
    tie("expression").map(({ text, value }) => ({ text: `- (${text})`, value: BigInt.asIntN(64, -value) })),
    fc
      .tuple(tie("expression"), fc.constantFrom(...(Object.keys(operations) as (keyof typeof operations)[])), tie("expression"))
      .map(([left, operator, right]) => ({
        text: `(${left.text})${operator}(${right.text})`,
        value: BigInt.asIntN(64, operations[operator](left.value, right.value)),
      })),
  ),
}));

describe("an arithmetic expression", () => {
  it("has the value that C gives it", () => {
    fc.assert(
      fc.property(expression, ({ text, value }) => {
        expect(evaluate(text)).toBe(value);
      }),
    );
  });

  it("is a number of 64 bits or an error, whatever the text", () => {
    const pieces = fc.constantFrom(
      "1",
      "x",
      "+",
      "-",
      "*",
      "/",
      "%",
      "(",
      ")",
      "?",
      ":",
      "=",
      "<<",
      "!",
      "**",
      " ",
      "0x",
      "8#7",
      "++",
      ",",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        try {
          const value = evaluate(parts.join(""));
          expect(BigInt.asIntN(64, value)).toBe(value);
        } catch (error) {
          expect(error).toBeInstanceOf(ArithmeticError);
        }
      }),
    );
  });

  it("reads variables that name expressions, but not without end", () => {
    expect(
      evaluate(
        "x + 1",
        new Map([
          ["x", "y*2"],
          ["y", "4"],
        ]),
      ),
    ).toBe(9n);
    expect(() => evaluate("x", new Map([["x", "x"]]))).toThrow("recursion");
  });
});
