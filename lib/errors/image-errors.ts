import { type ApiError, type ApiErrorDetails, apiErrorOf, type ApiErrorFactory, ConflictError, NotFoundError } from "./api-error.js";
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
    super(details, `no such image: ${image}`);
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

/** Tells a missing image from something else that the operation needs and that is missing, which share 404. */
export const noSuchImageOrOther =
  (image: string): ApiErrorFactory =>
  (details) =>
    /no such image|image not known|image with reference/i.test(details.message) ? new NoSuchImageError(image, details) : apiErrorOf(details);

/** Makes an {@link ImageInUseError} of a 409. */
export const imageInUse =
  (image: string): ApiErrorFactory =>
  (details) =>
    new ImageInUseError(image, details);

/**
 * Tells by the engine's message what a failure to pull or push means: refused credentials, an image that is not there, or
 * something else, which `other` makes the error of.
 */
export function registryFailure(image: string, details: ApiErrorDetails, other: (details: ApiErrorDetails) => ApiError): ApiError {
  const { message } = details;
  if (isRegistryRefusal(message)) return new RegistryAuthenticationError(image, details);
  if (/manifest unknown|not found|does not exist|no such image|unknown: repository/i.test(message)) return new NoSuchImageError(image, details);
  return other(details);
}

/** Makes the error of an operation that was given an empty name; nothing has been sent. */
export function noImageName(operation: { name: string; method: string; path: string }): NoSuchImageError {
  const { name, method, path } = operation;
  return new NoSuchImageError("", { status: 404, method, path, message: "the image's name is empty", operation: name });
}
