import type { CallOptions } from "../../core/call-options.js";
import { NoSuchImageError } from "../../errors/image-errors.js";
import { drawImageGraph, type GraphImage } from "./image-graph.js";
import type { ListImagesFilters } from "../images/list.js";
import { Resources } from "./resources.js";

/** How many images are inspected at the same time. */
const AT_ONCE = 8;

/** Options of {@link Client.imagesViz}. */
export interface ImagesVizOptions {
  /** What images to draw. By default all, those of a build's single steps too. */
  filters?: ListImagesFilters | undefined;
}

async function layersOf(client: Resources, id: string, call: CallOptions | undefined): Promise<readonly string[]> {
  try {
    return (await client.inspectImage({ name: id }, call)).RootFS.Layers ?? [];
  } catch (error) {
    // it has gone since it was listed
    if (error instanceof NoSuchImageError) return [];
    throw error;
  }
}

/** Mixed into {@link Client}. */
export default abstract class ImagesVizMixin extends Resources {
  /**
   * Draws what the engine's images are built upon as a directed graph in Graphviz' language: an edge from each image to
   * those built upon it, and a box for each that has a name.
   *
   * Engines know it of what was built here. Of all other images the layers tell it, which each of them is asked for.
   *
   * @category Images
   * @returns text for `dot -Tsvg`.
   * @throws {@link NoSuchImageError} when the filter `before` or `since` names no image.
   * @throws {@link BadRequestError} when a filter value is invalid.
   */
  async imagesViz(options: ImagesVizOptions = {}, call?: CallOptions): Promise<string> {
    const listed = await this.listImages({ all: true, ...options }, call);
    const images: GraphImage[] = [];
    const pending = listed.entries();
    const collect = async () => {
      for (const [at, { Id: id, ParentId: parentId, RepoTags }] of pending) {
        const names = (RepoTags ?? []).filter((name) => name !== "<none>:<none>");
        images[at] = { id, parentId, names, layers: parentId === "" ? await layersOf(this, id, call) : [] };
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, collect));
    return drawImageGraph(images);
  }
}
