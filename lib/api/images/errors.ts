import { emptyName } from "../../core/errors/empty-name.js";
import { missingInRegistry, registryRefusal } from "../../core/errors/registry.js";
import { classifier, type Wording } from "../../core/wordings.js";
import { type ApiErrorFactory, apiErrorOf, type ApiErrors } from "../../errors/api-error.js";
import { NoSuchContainerError } from "../../errors/container-errors.js";
import { ImageInUseError, NoSuchImageError } from "../../errors/image-errors.js";

/** Creates the error for a call with an empty image name. The call is not sent to the engine. */
export const noImageName = (operation: Parameters<typeof emptyName>[0]): NoSuchImageError =>
  new NoSuchImageError("", emptyName(operation, "the image name is empty"));

/** Creates the error for a call that needs a registry but refers to the image by ID. The call is not sent to the engine. */
export const imageIdAsName = (operation: Parameters<typeof emptyName>[0], id: string): NoSuchImageError =>
  new NoSuchImageError(id, emptyName(operation, "registries identify images by name, not by ID"));

/** Converts a 404 to a {@link NoSuchImageError}. */
export const noSuchImage =
  (image: string): ApiErrorFactory =>
  (details) =>
    new NoSuchImageError(image, details);

/** Converts a 409 to a {@link ImageInUseError}. */
export const imageInUse =
  (image: string): ApiErrorFactory =>
  (details) =>
    new ImageInUseError(image, details);

const missingParent = /no such image: ([^\s,]+)/i;

/** Messages for a missing object other than the container: 404. */
export const commitWordings: readonly Wording<[container: string]>[] = [
  [missingParent, "Docker 20+", (details) => new NoSuchImageError(missingParent.exec(details.message)?.[1] ?? "", details)],
];

/** Converts a 404 to the error for a missing container, or for the missing image that the container was created from. */
export const noSuchContainerOrImage = classifier(
  commitWordings,
  (details, container) => new NoSuchContainerError(container, details),
);

/**
 * Creates the error for a failed pull or push, depending on whether the credentials were rejected, the image is missing, or it
 * failed for another reason.
 *
 * @param image - the reference in the registry.
 * @param otherwise - creates the error for other failures.
 */
export const registryFailure = (image: string, otherwise: ApiErrorFactory): ApiErrorFactory =>
  registryRefusal(image, missingInRegistry(noSuchImage(image), otherwise));

/**
 * The errors that an operation can cause if the engine contacts a registry for it.
 *
 * @param image - the reference in the registry.
 */
export function registryErrors(image: string): ApiErrors {
  const failed = registryFailure(image, apiErrorOf);
  return { 401: failed, 403: failed, 404: failed, 500: failed };
}
