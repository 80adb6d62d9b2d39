import { describe, expectTypeOf, it } from "vitest";
import type { Merged } from "../../lib/core/mixin.js";

interface Start {
  start(): void;
}
interface Stop {
  stop(): number;
}
type Mixin<T> = abstract new () => T;
type Parts = readonly [Mixin<Start>, Mixin<Stop>];

describe("Merged", () => {
  it("has the methods of every class", () => {
    expectTypeOf<keyof Merged<Parts>>().toEqualTypeOf<"start" | "stop">();
    expectTypeOf<Merged<Parts>["stop"]>().returns.toEqualTypeOf<number>();
  });

  it("lacks the methods of a class that is not in the list", () => {
    expectTypeOf<Merged<readonly [Mixin<Start>]>>().not.toHaveProperty("stop");
  });
});
