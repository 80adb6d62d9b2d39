import { type ApiErrorDetails, ConflictError, fruitlessSearch, NotFoundError, withReason } from "./api-error.js";

/** The image does not exist. For an empty name, this error is thrown before anything is sent. @category Errors */
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
    const search = /\bmay require\b/.test(details.message) ? fruitlessSearch(details) : undefined;
    super(details, `${withReason(`no such image: ${image}`, details)}${search === undefined ? "" : `; ${search}`}`);
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
    super(details, withReason(`image is in use: ${image}`, details));
    this.image = image;
  }
}
