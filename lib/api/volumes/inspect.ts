import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { pathParam } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { Volume } from "../../types/volume.js";
import { noSuchVolume } from "./errors.js";

/** Options for {@link Client.inspectVolume}. */
export interface InspectVolumeOptions {
  /** Name of the volume, or ID of a cluster volume. */
  name: string;
}

const inspectVolume = operation<InspectVolumeOptions>({
  name: "inspectVolume",
  method: "GET",
  path: "/volumes/{name}",
  fields: { name: pathParam },
  errors: ({ name }) => ({ 404: noSuchVolume(name) }),
});

/** Mixed into {@link Client}. */
export default abstract class VolumeInspectMixin extends Connection {
  /**
   * Returns details of a volume.
   *
   * @category Volumes
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/VolumeInspect | VolumeInspect}
   * @throws {@link NoSuchVolumeError} when the volume does not exist, or its name is empty.
   */
  inspectVolume(options: InspectVolumeOptions, call?: CallOptions): Promise<Volume> {
    return this.json(inspectVolume, options, call);
  }
}
