import { describe, expectTypeOf, it } from "vitest";
import type { Merged } from "../../lib/core/mixin.js";

abstract class Start {
  start(): void {}
}
abstract class Stop {
  stop(): number {
    return 0;
  }
}
type Parts = readonly [typeof Start, typeof Stop];

describe("Merged", () => {
  it("has the methods of every part", () => {
    expectTypeOf<keyof Merged<Parts>>().toEqualTypeOf<"start" | "stop">();
    expectTypeOf<Merged<Parts>["stop"]>().returns.toEqualTypeOf<number>();
  });

  it("lacks the methods of a class that is not in the list", () => {
    expectTypeOf<Merged<readonly [typeof Start]>>().not.toHaveProperty("stop");
  });
});
