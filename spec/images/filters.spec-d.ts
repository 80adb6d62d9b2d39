import { describe, expectTypeOf, it } from "vitest";
import type { ListImagesFilters } from "../../lib/images/list.js";
import type { PruneBuildsFilters } from "../../lib/images/build-cache.js";
import type { PruneImagesFilters } from "../../lib/images/prune.js";
import type { SearchImagesFilters } from "../../lib/images/search.js";

describe("filters of images", () => {
  it("are those that engines know", () => {
    expectTypeOf<keyof ListImagesFilters>().toEqualTypeOf<"before" | "dangling" | "label" | "reference" | "since" | "until">();
    expectTypeOf<keyof PruneImagesFilters>().toEqualTypeOf<"dangling" | "label" | "label!" | "until">();
    expectTypeOf<keyof SearchImagesFilters>().toEqualTypeOf<"is-automated" | "is-official" | "stars">();
    expectTypeOf<keyof PruneBuildsFilters>().toEqualTypeOf<
      "description" | "id" | "inuse" | "parent" | "private" | "shared" | "type" | "until"
    >();
  });

  it("take one value or several", () => {
    expectTypeOf<{ label: readonly string[]; dangling: boolean; until: number }>().toExtend<ListImagesFilters>();
    expectTypeOf<{ label: Date }>().not.toExtend<ListImagesFilters>();
  });
});
