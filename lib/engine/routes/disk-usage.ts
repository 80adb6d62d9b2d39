import type { Clock } from "../clock.js";
import type { Containers } from "../containers/containers.js";
import { summarizeContainer } from "../containers/inspect.js";
import { listImages } from "../store/image-list.js";
import type { ImageStore } from "../store/images.js";
import type { Volumes } from "../volumes/volumes.js";
import { sizeOf } from "./sizes.js";
import type { SystemSources } from "./system.js";

/** What is counted for `system/df`. */
export interface UsedParts {
  readonly images: ImageStore;
  readonly containers: Containers;
  readonly volumes: Volumes;
  readonly clock: Clock;
}

/** Returns what `system/df` counts. The build cache is empty, because steps are taken from images. */
export function diskUsageOf({ images, containers, volumes, clock }: UsedParts): SystemSources["usage"] {
  return {
    images: () => Promise.resolve(listImages(images)),
    layersSize: () => Promise.resolve([...images.layers.all()].reduce((sum, { size }) => sum + size, 0)),
    containers: () =>
      Promise.all(
        containers
          .all()
          .map(async (container) => summarizeContainer(container, clock.now(), container.record.image, await sizeOf(container))),
      ),
    volumes: () => volumes.usage(),
    buildCache: () => Promise.resolve([]),
  };
}
