import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { flag, pathParam } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { volumeRemovalErrors } from "./errors.js";

/** Options for {@link Client.removeVolume}. */
export interface RemoveVolumeOptions {
  /** Name of the volume, or ID of a cluster volume. */
  name: string;
  /**
   * Whether to remove the volume even if its driver no longer has it, and to ignore a missing volume. Podman also removes
   * containers that use the volume. Defaults to false. API 1.25+.
   */
  force?: boolean | undefined;
}

const removeVolume = operation<RemoveVolumeOptions>({
  name: "removeVolume",
  method: "DELETE",
  path: "/volumes/{name}",
  slow: true,
  fields: { name: pathParam, force: flag("force", { since: "1.25" }) },
  errors: ({ name }) => volumeRemovalErrors(name),
});

/** Mixed into {@link Client}. */
export default abstract class VolumeRemoveMixin extends Connection {
  /**
   * Removes a volume and its data. No container, running or not, may use the volume.
   *
   * @category Volumes
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/VolumeDelete | VolumeDelete}
   * @throws {@link NoSuchVolumeError} when the volume does not exist, or its name is empty.
   * @throws {@link VolumeInUseError} when containers use the volume.
   */
  async removeVolume(options: RemoveVolumeOptions, call?: CallOptions): Promise<void> {
    await this.send(removeVolume, options, call);
  }
}
