/* eslint-disable @typescript-eslint/no-unsafe-declaration-merging, @typescript-eslint/no-extraneous-class -- merged as the client is */
import { describe, it } from "vitest";
import { mixin } from "../../lib/core/mixin.js";

abstract class Start {
  start(): void {}
}
abstract class Stop {
  stop(): void {}
}
abstract class StartAndStop {}
interface StartAndStop extends Start, Stop {}

abstract class Base {
  readonly endpoint: string = "";
  protected open(): void {}
}
abstract class Kill extends Base {
  kill(): void {}
}
abstract class Wait extends Base {
  wait(): void {}
}
abstract class OfBase extends Base {}
interface OfBase extends Kill, Wait {}

describe("mixin", () => {
  it("compiles with a part for every promised method", () => {
    mixin(StartAndStop, [Start, Stop]);
    mixin(OfBase, [Kill, Wait]);
  });

  it("does not compile while a part is missing", () => {
    // @ts-expect-error nobody has stop
    mixin(StartAndStop, [Start]);
    // @ts-expect-error nobody has start or stop
    mixin(StartAndStop, []);
    // @ts-expect-error nobody has wait
    mixin(OfBase, [Kill]);
  });

  it("does not compile with something that is no class", () => {
    // @ts-expect-error an object is no part
    mixin(StartAndStop, [Start, { stop() {} }]);
  });
});
