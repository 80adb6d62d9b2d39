import { readAnswer } from "../../core/answers/read.js";
import type { CallOptions } from "../../core/call-options.js";
import { filterMembers } from "../../core/fields/fields.js";
import { composite, type OptionKinds } from "../../core/signatures.js";
import { NoSuchImageError } from "../../errors/image-errors.js";
import type { ListImagesFilters } from "../images/list.js";
import { imageFilterVersions } from "../images/list-filters.js";
import { drawImageGraph, type GraphImage } from "./image-graph.js";
import { Resources } from "./resources.js";

/** Number of images inspected concurrently. */
const AT_ONCE = 8;

/** Options for {@link Client.imagesViz}. */
export interface ImagesVizOptions {
  /** Filters for the images. If omitted, the graph shows all images, including intermediate images. */
  filters?: ListImagesFilters | undefined;
}

composite("imagesViz", { filters: filterMembers(imageFilterVersions) } satisfies OptionKinds<ImagesVizOptions>);

async function layersOf(client: Resources, id: string, call: CallOptions | undefined): Promise<readonly string[]> {
  try {
    const image = await client.inspectImage({ name: id }, call);
    return readAnswer("inspectImage", client.endpoint, () => image.RootFS.Layers) ?? [];
  } catch (error) {
    // the image was removed after it was listed
    if (error instanceof NoSuchImageError) return [];
    throw error;
  }
}

/** Mixed into {@link Client}. */
export default abstract class ImagesVizMixin extends Resources {
  /**
   * Draws the engine's images and their parents as a directed graph in the DOT language: an edge from each image to its
   * children, and a box for each tagged image.
   *
   * Engines know only the parents of images that they have built. For all other images, the method finds the parent by
   * comparing layers.
   *
   * @category Images
   * @returns the graph in the DOT language, for example as input for `dot -Tsvg`.
   * @throws {@link NoSuchImageError} when the image in the filter `before` or `since` does not exist.
   * @throws {@link BadRequestError} when a filter value is invalid.
   */
  async imagesViz(options: ImagesVizOptions = {}, call?: CallOptions): Promise<string> {
    const listed = await this.listImages({ all: true, ...options }, call);
    const images: GraphImage[] = [];
    const found = readAnswer("listImages", this.endpoint, () =>
      listed.map(({ Id, ParentId, RepoTags }) => {
        return { id: Id, parentId: ParentId, names: RepoTags.filter((name) => name !== "<none>:<none>") };
      }),
    );
    const pending = found.entries();
    const collect = async () => {
      for (const [at, image] of pending) {
        images[at] = { ...image, layers: image.parentId === "" ? await layersOf(this, image.id, call) : [] };
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, collect));
    return readAnswer("listImages", this.endpoint, () => drawImageGraph(images));
  }
}
