import { describe, expectTypeOf, it } from "vitest";
import { member } from "../../../lib/core/fields/fields.js";
import { empty, list, map, mapOf, type MembersOf, type ShapeOf, value } from "../../../lib/core/members/shape.js";

interface Inner {
  Name: string;
}

interface Body {
  Text?: string | null;
  Kind?: "a" | "b" | (string & {});
  Size: number | null;
  Words?: readonly string[] | null;
  Pairs?: string[][];
  Inner?: Inner | null;
  Inners: Inner[];
  Labels?: Readonly<Record<string, string>> | null;
  Ports?: Record<string, Inner[] | null>;
  Flags?: Record<string, Record<string, never>>;
}

const inner: MembersOf<Inner> = { Name: value };

describe("a table of members", () => {
  it("has every member of its type", () => {
    expectTypeOf<ShapeOf<Inner>>().toEqualTypeOf<{ readonly Name: "value" }>();
    expectTypeOf({
      Text: value,
      Kind: value,
      Size: value,
      Words: list,
      Pairs: [list] as const,
      Inner: inner,
      Inners: [inner] as const,
      Labels: map,
      Ports: mapOf([inner] as const),
      Flags: mapOf(empty),
    } as const).toExtend<MembersOf<Body>>();
  });

  it("does not compile with a missing member, an extra member or another shape", () => {
    // @ts-expect-error Name is missing
    const missing: MembersOf<Inner> = {};
    // @ts-expect-error there is no member Nmae
    const more: MembersOf<Inner> = { Name: value, Nmae: value };
    // @ts-expect-error a string is not a list
    const other: MembersOf<Inner> = { Name: list };
    expectTypeOf([missing, more, other]).toBeArray();
  });

  it("is required by the field of a body that has members", () => {
    member<string>("Name");
    member<Inner>("Inner", { members: inner });
    // @ts-expect-error its members are missing
    member<Inner>("Inner");
    // @ts-expect-error a list of strings has a shape
    member<readonly string[]>("Names", { since: "1.30" });
  });
});
