import { expect, test } from "vitest";
import { sourceExcerpt } from "../../lib/buildkit/source-excerpt.js";

const content = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n";
const rule = "-".repeat(20);

// what `docker build` prints for such Dockerfiles
test.each([
  ["in the middle", 4, 4, ["   2 |     two", "   3 |     three", "   4 | >>> four", "   5 |     five", "   6 |     six"]],
  ["at the start", 1, 1, ["   1 | >>> one", "   2 |     two", "   3 |     three"]],
  ["at the end", 7, 7, ["   5 |     five", "   6 |     six", "   7 | >>> seven"]],
  ["of several", 3, 4, ["   2 |     two", "   3 | >>> three", "   4 | >>> four", "   5 |     five"]],
])("the excerpt of a line %s", (_name, first, last, lines) => {
  expect(sourceExcerpt("Dockerfile", content, first, last)).toBe(
    [`Dockerfile:${first}`, rule, ...lines.map((line) => ` ${line.slice(1)}`), rule].join("\n"),
  );
});

test("a place beyond the end of the file is no failure", () => {
  expect(sourceExcerpt("Dockerfile", "FROM x\n", 9, 9)).toContain("Dockerfile:9");
});
