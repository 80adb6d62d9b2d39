import { type ApiErrorDetails, ConflictError, NotFoundError } from "./api-error.js";

/** The image does not exist. Thrown before sending the request when the name is empty. @category Errors */
export class NoSuchImageError extends NotFoundError {
  override name = "NoSuchImageError";
  override readonly code = "ERR_NO_SUCH_IMAGE";
  /** The requested reference or ID. */
  readonly image: string;

  /**
   * @param image - the requested reference or ID.
   * @param details - the engine's response.
   */
  constructor(image: string, details: ApiErrorDetails) {
    const problem = `no such image: ${image}`;
    // "No such image: x:latest" only repeats the name; a registry's answer may add the reason
    const hasReason = details.message !== "" && !details.message.toLowerCase().includes(problem.toLowerCase());
    super(details, hasReason ? `${problem} (${details.message})` : problem);
    this.image = image;
  }
}

/** A container uses the image, or several repositories refer to it. @category Errors */
export class ImageInUseError extends ConflictError {
  override name = "ImageInUseError";
  override readonly code = "ERR_IMAGE_IN_USE";
  /** The requested reference or ID. */
  readonly image: string;

  /**
   * @param image - the requested reference or ID.
   * @param details - the engine's response.
   */
  constructor(image: string, details: ApiErrorDetails) {
    super(details, `image is in use: ${image} (${details.message})`);
    this.image = image;
  }
}
