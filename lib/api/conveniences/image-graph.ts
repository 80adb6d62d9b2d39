/** An image, as far as a graph of images needs to know it. */
export interface GraphImage {
  /** ID of the image. */
  readonly id: string;
  /** ID of the image that it was built upon; empty where the engine does not know. */
  readonly parentId: string;
  /** Its names. */
  readonly names: readonly string[];
  /** Digests of its layers, the lowest first. They tell what an image is built upon where the engine does not. */
  readonly layers: readonly string[];
}

/** Length of an ID as people get to see it. */
const SHORT = 12;

// some engines leave the algorithm out where they name a parent
const bare = (id: string): string => id.replace(/^sha256:/, "");
const shorten = (id: string): string => bare(id).slice(0, SHORT);
const quote = (text: string): string => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
const keyOf = (layers: readonly string[]): string => layers.join(" ");

/** Finds what each image is built upon: what the engine says, else the image whose layers it begins with, of several the largest. */
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
 * Draws what images are built upon as a directed graph in Graphviz' language: an edge from each image to those built upon it,
 * and a box for each that has a name.
 *
 * @param images - the images.
 */
export function drawImageGraph(images: readonly GraphImage[]): string {
  const parents = parentsOf(images);
  const edges = images.map(({ id }) => {
    const parent = parents.get(id);
    const node = quote(shorten(id));
    // an invisible node holds all that are built upon nothing together
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
