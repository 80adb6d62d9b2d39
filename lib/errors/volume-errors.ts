import { type ApiErrorDetails, type ApiErrorFactory, type ApiErrors, ConflictError, NotFoundError } from "./api-error.js";

/** There is no such volume. Thrown before anything is sent when the name is empty. @category Errors */
export class NoSuchVolumeError extends NotFoundError {
  override name = "NoSuchVolumeError";
  override readonly code = "ERR_NO_SUCH_VOLUME";
  /** The name that was asked for. */
  readonly volume: string;

  /**
   * @param volume - the name that was asked for.
   * @param details - the engine's answer.
   */
  constructor(volume: string, details: ApiErrorDetails) {
    super(details, `no such volume: ${volume}`);
    this.volume = volume;
  }
}

/** Containers use the volume, running or not. @category Errors */
export class VolumeInUseError extends ConflictError {
  override name = "VolumeInUseError";
  override readonly code = "ERR_VOLUME_IN_USE";
  /** The name that was asked for. */
  readonly volume: string;

  /**
   * @param volume - the name that was asked for.
   * @param details - the engine's answer.
   */
  constructor(volume: string, details: ApiErrorDetails) {
    super(details, `volume is in use: ${volume} (${details.message})`);
    this.volume = volume;
  }
}

/** Makes a {@link NoSuchVolumeError} of a 404. */
export const noSuchVolume =
  (volume: string): ApiErrorFactory =>
  (details) =>
    new NoSuchVolumeError(volume, details);

/**
 * The errors of removing a volume.
 *
 * @param volume - the name that was asked for.
 */
export const volumeRemovalErrors = (volume: string): ApiErrors => ({
  404: noSuchVolume(volume),
  409: (details) => new VolumeInUseError(volume, details),
});
