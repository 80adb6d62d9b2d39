import { describe, expectTypeOf, it } from "vitest";
import type { ListPluginsFilters } from "../../../lib/api/plugins/list.js";

describe("plugin filters", () => {
  it("are the filters that engines accept, even where the API documentation differs", () => {
    expectTypeOf<keyof ListPluginsFilters>().toEqualTypeOf<"capability" | "enabled">();
  });

  it("accept one value or several", () => {
    expectTypeOf<{ capability: readonly string[]; enabled: boolean }>().toExtend<ListPluginsFilters>();
    expectTypeOf<{ enabled: string }>().not.toExtend<ListPluginsFilters>();
  });
});
