import {
  type ApiError,
  type ApiErrorDetails,
  apiErrorOf,
  type ApiErrorFactory,
  type ApiErrors,
  ConflictError,
  NotFoundError,
} from "./api-error.js";
import { NoSuchContainerError } from "./container-errors.js";
import { isRegistryRefusal, RegistryAuthenticationError } from "./stream-errors.js";

/** There is no such image. Thrown before anything is sent when the name is empty. @category Errors */
export class NoSuchImageError extends NotFoundError {
  override name = "NoSuchImageError";
  override readonly code = "ERR_NO_SUCH_IMAGE";
  /** The reference or ID that was asked for. */
  readonly image: string;

  /**
   * @param image - the reference or ID that was asked for.
   * @param details - the engine's answer.
   */
  constructor(image: string, details: ApiErrorDetails) {
    const told = `no such image: ${image}`;
    // "No such image: x:latest" says no more than the name does; what a registry answers may say why
    const more = details.message !== "" && !details.message.toLowerCase().includes(told.toLowerCase());
    super(details, more ? `${told} (${details.message})` : told);
    this.image = image;
  }
}

/** A container uses the image, or several repositories refer to it. @category Errors */
export class ImageInUseError extends ConflictError {
  override name = "ImageInUseError";
  override readonly code = "ERR_IMAGE_IN_USE";
  /** The reference or ID that was asked for. */
  readonly image: string;

  /**
   * @param image - the reference or ID that was asked for.
   * @param details - the engine's answer.
   */
  constructor(image: string, details: ApiErrorDetails) {
    super(details, `image is in use: ${image} (${details.message})`);
    this.image = image;
  }
}

/** Makes a {@link NoSuchImageError} of a 404. */
export const noSuchImage =
  (image: string): ApiErrorFactory =>
  (details) =>
    new NoSuchImageError(image, details);

const missingImage = /no such image|image not known|image with reference/i;

/** Tells a missing image from something else that the operation needs and that is missing, which share 404. */
export const noSuchImageOrOther =
  (image: string): ApiErrorFactory =>
  (details) =>
    missingImage.test(details.message) ? new NoSuchImageError(image, details) : apiErrorOf(details);

/** Makes an {@link ImageInUseError} of a 409. */
export const imageInUse =
  (image: string): ApiErrorFactory =>
  (details) =>
    new ImageInUseError(image, details);

const missingInRegistry =
  /manifest unknown|no matching manifest|no match for platform|manifest .*not found|: not found$|does not exist|name unknown|404 not found/i;

/** Tells by the engine's message whether it was the registry that does not have what was asked for. */
export function isMissingInRegistry(message: string): boolean {
  return missingImage.test(message) || missingInRegistry.test(message);
}

/**
 * Tells by the engine's message what a failure to pull or push means: refused credentials, an image that is not there, or
 * something else, which `other` makes the error of.
 */
export function registryFailure(
  image: string,
  details: ApiErrorDetails,
  other: (details: ApiErrorDetails) => ApiError,
): ApiError {
  const { message, status } = details;
  if (isRegistryRefusal(message)) return new RegistryAuthenticationError(image, details);
  const missing = status === 404 || isMissingInRegistry(message);
  return missing ? new NoSuchImageError(image, details) : other(details);
}

/**
 * The errors of an operation for which the engine asks a registry.
 *
 * @param image - the image that it asks for.
 */
export function registryErrors(image: string): ApiErrors {
  const failed: ApiErrorFactory = (details) => registryFailure(image, details, apiErrorOf);
  return { 401: failed, 403: failed, 404: failed, 500: failed };
}

/** Makes a {@link RegistryAuthenticationError} of a status that may also stand for something else. */
export const registryRefusal =
  (registry: string): ApiErrorFactory =>
  (details) =>
    isRegistryRefusal(details.message) ? new RegistryAuthenticationError(registry, details) : apiErrorOf(details);

/** Tells a missing container from the image that it was made from, which is missing. */
export const noSuchContainerOrImage =
  (container: string): ApiErrorFactory =>
  (details) => {
    const image = /no such image: ([^\s,]+)/i.exec(details.message)?.[1];
    return image === undefined ? new NoSuchContainerError(container, details) : new NoSuchImageError(image, details);
  };

/** What an error needs to know of an operation that sent nothing. */
interface UnsentOperation {
  readonly name: string;
  readonly method: string;
  readonly path: string;
}

const unsent = ({ name, method, path }: UnsentOperation, message: string): ApiErrorDetails => ({
  status: 404,
  method,
  path,
  message,
  operation: name,
  sent: false,
});

/** Makes the error of an operation that was given an empty name; nothing has been sent. */
export const noImageName = (operation: UnsentOperation): NoSuchImageError =>
  new NoSuchImageError("", unsent(operation, "the image's name is empty"));

/** Makes the error of an operation on something else that was given an empty container; nothing has been sent. */
export const noContainerName = (operation: UnsentOperation): NoSuchContainerError =>
  new NoSuchContainerError("", unsent(operation, "the container's name is empty"));
