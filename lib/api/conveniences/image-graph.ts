/** An image in a graph. */
export interface GraphImage {
  /** ID of the image. */
  readonly id: string;
  /** ID of the parent image; empty if the engine does not know it. */
  readonly parentId: string;
  /** Names of the image. */
  readonly names: readonly string[];
  /** Digests of the layers, from bottom to top. They identify the parent if the engine does not know it. */
  readonly layers: readonly string[];
}

/** Length of a short ID, in characters. */
const SHORT = 12;

// some engines omit the algorithm from the ID of a parent
const bare = (id: string): string => id.replace(/^sha256:/, "");
const shorten = (id: string): string => bare(id).slice(0, SHORT);
const quote = (text: string): string => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
const keyOf = (layers: readonly string[]): string => layers.join(" ");

/**
 * Finds the parent of each image: the parent that the engine reports, or the largest image whose layers are the first layers of
 * this image.
 */
function parentsOf(images: readonly GraphImage[]): Map<string, string> {
  const ids = new Map(images.map(({ id }) => [bare(id), id]));
  const byLayers = new Map<string, string>();
  for (const { id, layers } of images) {
    const key = keyOf(layers);
    if (layers.length > 0 && !byLayers.has(key)) byLayers.set(key, id);
  }
  const parents = new Map<string, string>();
  for (const { id, parentId, layers } of images) {
    const known = ids.get(bare(parentId));
    if (known !== undefined) parents.set(id, known);
    for (let count = layers.length - 1; count > 0 && !parents.has(id); count -= 1) {
      const parent = byLayers.get(keyOf(layers.slice(0, count)));
      if (parent !== undefined) parents.set(id, parent);
    }
  }
  return parents;
}

/**
 * Draws images and their parents as a directed graph in the DOT language: an edge from each image to its children, and a box
 * for each tagged image.
 *
 * @param images - the images.
 */
export function drawImageGraph(images: readonly GraphImage[]): string {
  const parents = parentsOf(images);
  const edges = images.map(({ id }) => {
    const parent = parents.get(id);
    const node = quote(shorten(id));
    // an invisible root node keeps the images without a parent together
    return parent === undefined ? ` base -> ${node} [style=invis]` : ` ${quote(shorten(parent))} -> ${node}`;
  });
  const boxes = images
    .filter(({ names }) => names.length > 0)
    .map(({ id, names }) => {
      const label = [shorten(id), ...names].map((line) => quote(line).slice(1, -1)).join("\\n");
      return ` ${quote(shorten(id))} [label="${label}",shape=box,fillcolor="paleturquoise",style="filled,rounded"];`;
    });
  return ["digraph docker {", ...edges, ...boxes, " base [style=invisible]", "}", ""].join("\n");
}
