import { type ApiErrorDetails } from "../../errors/api-error.js";
import { NoSuchImageError } from "../../errors/image-errors.js";
import { classifier, type Wording } from "../wordings.js";

const missing = (details: ApiErrorDetails, image: string) => new NoSuchImageError(image, details);

/** Wordings for a missing image. The status is the same if another object that the operation needs is missing. */
export const missingImageWordings: readonly Wording<[image: string]>[] = [
  [/no such image/i, "Docker 20+, Podman 4+", missing],
  [/image not known/i, "Podman 4+", missing],
  [/image with reference .* was found but/i, "Docker 20+", missing],
];

/** Creates a {@link NoSuchImageError} when the message says that the image is missing. */
export const noSuchImageOrOther = classifier(missingImageWordings);
