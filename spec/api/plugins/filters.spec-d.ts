import { describe, expectTypeOf, it } from "vitest";
import type { ListPluginsFilters } from "../../../lib/api/plugins/list.js";

describe("plugin filters", () => {
  it("are those that engines accept, whatever the API documents call them", () => {
    expectTypeOf<keyof ListPluginsFilters>().toEqualTypeOf<"capability" | "enabled">();
  });

  it("accept one value or several", () => {
    expectTypeOf<{ capability: readonly string[]; enabled: boolean }>().toExtend<ListPluginsFilters>();
    expectTypeOf<{ enabled: string }>().not.toExtend<ListPluginsFilters>();
  });
});
