import type { ImageSummary } from "../../types/image.js";

/**
 * Gives the size of an image with all that it was built upon, in bytes: `VirtualSize`, which engines told before API 1.44, and
 * which `Size` is the same as.
 *
 * @param image - an image of {@link Client.listImages}, or what {@link Client.inspectImage} gives.
 * @category Images
 */
export function virtualSize(image: Pick<ImageSummary, "Size" | "VirtualSize">): number {
  return image.VirtualSize ?? image.Size;
}
