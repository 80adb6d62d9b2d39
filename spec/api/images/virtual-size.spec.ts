import { describe, expect, it } from "vitest";
import { virtualSize } from "../../../lib/api/images/list.js";

describe("virtualSize", () => {
  it.each([
    [{ Size: 3, VirtualSize: 4 }, 4],
    [{ Size: 3, VirtualSize: 0 }, 0],
    [{ Size: 3 }, 3],
  ])("of %j is %i", (image, size) => {
    expect(virtualSize(image)).toBe(size);
  });
});
