import { swarmObjectErrors } from "../../core/errors/swarm.js";
import type { ApiErrorFactory, ApiErrors } from "../../errors/api-error.js";
import { NoSuchVolumeError, VolumeInUseError } from "../../errors/volume-errors.js";

/** Converts a 404 to a {@link NoSuchVolumeError}. */
export const noSuchVolume =
  (volume: string): ApiErrorFactory =>
  (details) =>
    new NoSuchVolumeError(volume, details);

/**
 * The errors that removing a volume can cause.
 *
 * @param volume - the requested name.
 */
export const volumeRemovalErrors = (volume: string): ApiErrors => ({
  404: noSuchVolume(volume),
  409: (details) => new VolumeInUseError(volume, details),
});

/**
 * The errors that updating a cluster volume can cause.
 *
 * @param volume - the requested name.
 */
export const volumeUpdateErrors = (volume: string): ApiErrors => ({
  ...swarmObjectErrors("volume", volume),
  404: noSuchVolume(volume),
});
