/** An image in a graph. */
export interface GraphImage {
  /** ID of the image. */
  readonly id: string;
  /** ID of its parent; empty if the engine does not know it. */
  readonly parentId: string;
  /** Its names. */
  readonly names: readonly string[];
  /** Digests of its layers, lowest first. They reveal the parent if the engine does not know it. */
  readonly layers: readonly string[];
}

/** Length of a short ID. */
const SHORT = 12;

// some engines omit the algorithm from the ID of a parent
const bare = (id: string): string => id.replace(/^sha256:/, "");
const shorten = (id: string): string => bare(id).slice(0, SHORT);
const quote = (text: string): string => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
const keyOf = (layers: readonly string[]): string => layers.join(" ");

/** Finds each image's parent: as the engine says, or else the largest image whose layers it starts with. */
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
    // an invisible node ties the images without a parent together
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
