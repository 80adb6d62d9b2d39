import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawImageGraph, type GraphImage } from "../../../lib/api/conveniences/image-graph.js";

const image = (id: string, more: Partial<GraphImage> = {}): GraphImage => ({ id, parentId: "", names: [], layers: [], ...more });
const long = (digit: string) => `sha256:${digit.repeat(64)}`;

describe("drawImageGraph", () => {
  it("draws the parents that the engine knows", () => {
    const images = [
      image(long("c"), { parentId: long("b"), names: ["app:1", "app:2"] }),
      image(long("b"), { parentId: long("a") }),
      image(long("a")),
    ];
    expect(drawImageGraph(images)).toBe(`digraph docker {
 "bbbbbbbbbbbb" -> "cccccccccccc"
 "aaaaaaaaaaaa" -> "bbbbbbbbbbbb"
 base -> "aaaaaaaaaaaa" [style=invis]
 "cccccccccccc" [label="cccccccccccc\\napp:1\\napp:2",shape=box,fillcolor="paleturquoise",style="filled,rounded"];
 base [style=invisible]
}
`);
  });

  it("recognizes a parent by an ID without the algorithm", () => {
    const drawn = drawImageGraph([image(long("b"), { parentId: "a".repeat(64) }), image(long("a"))]);
    expect(drawn).toContain('\n "aaaaaaaaaaaa" -> "bbbbbbbbbbbb"\n');
  });

  it("finds parents by layers if the engine knows no parents", () => {
    const images = [
      image("app", { layers: ["1", "2", "3", "4"] }),
      image("debian", { layers: ["1"] }),
      image("node", { layers: ["1", "2", "3"] }),
      image("other", { layers: ["2", "3"] }),
      image("empty"),
    ];
    expect(drawImageGraph(images).split("\n")).toEqual([
      "digraph docker {",
      ' "node" -> "app"',
      ' base -> "debian" [style=invis]',
      ' "debian" -> "node"',
      ' base -> "other" [style=invis]',
      ' base -> "empty" [style=invis]',
      " base [style=invisible]",
      "}",
      "",
    ]);
  });

  it("does not treat an image with the same layers as a parent", () => {
    const drawn = drawImageGraph([image("a", { layers: ["1", "2"] }), image("b", { layers: ["1", "2"] })]);
    expect(drawn).not.toMatch(/^ "/m);
  });

  it("draws an image without a parent when the parent is not listed", () => {
    expect(drawImageGraph([image("a", { parentId: "gone" })])).toContain(' base -> "a" [style=invis]\n');
  });

  it("quotes names", () => {
    const drawn = drawImageGraph([image("a", { names: ['odd"name\\x'] })]);
    expect(drawn).toContain('label="a\\nodd\\"name\\\\x"');
  });

  it("draws an empty graph if there are no images", () => {
    expect(drawImageGraph([])).toBe("digraph docker {\n base [style=invisible]\n}\n");
  });

  it("draws one edge per image, and no edge from an image to itself", () => {
    const arbitrary = fc.uniqueArray(
      fc.record({
        id: fc.stringMatching(/^[0-9a-f]{12}$/),
        parentId: fc.constant(""),
        names: fc.array(fc.constantFrom("a:1", "b:2"), { maxLength: 2 }),
        layers: fc.array(fc.constantFrom("1", "2"), { maxLength: 4 }),
      }),
      { selector: ({ id }) => id, maxLength: 12 },
    );
    fc.assert(
      fc.property(arbitrary, (images) => {
        const edges = drawImageGraph(images)
          .split("\n")
          .flatMap((line) => [...line.matchAll(/^ (?:base|"(\w+)") -> "(\w+)"/g)]);
        expect(edges.map(([, , child]) => child)).toEqual(images.map(({ id }) => id));
        for (const [, parent, child] of edges) {
          const layers = images.find(({ id }) => id === child)!.layers;
          const below = images.filter(
            (one) =>
              one.layers.length > 0 && one.layers.length < layers.length && one.layers.every((layer, at) => layers[at] === layer),
          );
          const longest = Math.max(0, ...below.map((one) => one.layers.length));
          expect(images.find(({ id }) => id === parent)?.layers.length ?? 0).toBe(longest);
        }
      }),
    );
  });
});
