import { type ApiErrorDetails, ConflictError, NotFoundError, withReason } from "./api-error.js";

/** The volume does not exist. For an empty name, this error is thrown before anything is sent. @category Errors */
export class NoSuchVolumeError extends NotFoundError {
  override name = "NoSuchVolumeError";
  override readonly code = "ERR_NO_SUCH_VOLUME";
  /** The requested name. */
  readonly volume: string;

  /**
   * @param volume - the requested name.
   * @param details - the engine's response.
   */
  constructor(volume: string, details: ApiErrorDetails) {
    super(details, withReason(`no such volume: ${volume}`, details));
    this.volume = volume;
  }
}

/** Running or stopped containers use the volume. @category Errors */
export class VolumeInUseError extends ConflictError {
  override name = "VolumeInUseError";
  override readonly code = "ERR_VOLUME_IN_USE";
  /** The requested name. */
  readonly volume: string;

  /**
   * @param volume - the requested name.
   * @param details - the engine's response.
   */
  constructor(volume: string, details: ApiErrorDetails) {
    super(details, withReason(`volume is in use: ${volume}`, details));
    this.volume = volume;
  }
}
