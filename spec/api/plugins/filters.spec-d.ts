import { describe, expectTypeOf, it } from "vitest";
import type { ListPluginsFilters } from "../../../lib/api/plugins/list.js";

describe("filters of plugins", () => {
  it("are those that engines read, whatever the documents call them", () => {
    expectTypeOf<keyof ListPluginsFilters>().toEqualTypeOf<"capability" | "enabled">();
  });

  it("take one value or several", () => {
    expectTypeOf<{ capability: readonly string[]; enabled: boolean }>().toExtend<ListPluginsFilters>();
    expectTypeOf<{ enabled: string }>().not.toExtend<ListPluginsFilters>();
  });
});
