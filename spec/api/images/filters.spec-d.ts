import { describe, expectTypeOf, it } from "vitest";
import type { PruneBuildsFilters } from "../../../lib/api/builds/build-cache.js";
import type { ListImagesFilters } from "../../../lib/api/images/list.js";
import type { PruneImagesFilters } from "../../../lib/api/images/prune.js";
import type { SearchImagesFilters } from "../../../lib/api/images/search.js";

describe("image filters", () => {
  it("are the filters that engines accept", () => {
    expectTypeOf<keyof ListImagesFilters>().toEqualTypeOf<"before" | "dangling" | "label" | "reference" | "since" | "until">();
    expectTypeOf<keyof PruneImagesFilters>().toEqualTypeOf<"dangling" | "label" | "label!" | "until">();
    expectTypeOf<keyof SearchImagesFilters>().toEqualTypeOf<"is-automated" | "is-official" | "stars">();
    expectTypeOf<keyof PruneBuildsFilters>().toEqualTypeOf<
      "description" | "id" | "inuse" | "parent" | "private" | "shared" | "type" | "until"
    >();
  });

  it("accept one value or several", () => {
    expectTypeOf<{ label: readonly string[]; dangling: boolean; until: number }>().toExtend<ListImagesFilters>();
    expectTypeOf<{ label: Date }>().not.toExtend<ListImagesFilters>();
  });
});
