import { readAnswer } from "../../core/answers/read.js";
import type { CallOptions } from "../../core/call-options.js";
import { integer, member, pathParam } from "../../core/fields/fields.js";
import { clusterVolumeSpec } from "../../core/members/swarm.js";
import { operation } from "../../core/operation.js";
import { type SpecUpdate, versionedUpdate } from "../../core/versioned-update.js";
import type { ClusterVolumeSpec } from "../../types/cluster-volume.js";
import type { Sendable } from "../../types/util.js";
import { volumeUpdateErrors } from "./errors.js";
import VolumeInspectMixin from "./inspect.js";

/** Options for {@link Client.updateVolume}. */
export type UpdateVolumeOptions = SpecUpdate<ClusterVolumeSpec> & {
  /** ID of the volume, from its `ClusterVolume`. If `spec` is a function, the name of the volume is accepted as well. */
  name: string;
};

const updateVolume = operation<{ name: string; version: number; spec: Sendable<ClusterVolumeSpec> }>({
  name: "updateVolume",
  method: "PUT",
  path: "/volumes/{name}",
  since: "1.42",
  fields: {
    name: pathParam,
    version: integer("version", { required: true }),
    spec: member<Sendable<ClusterVolumeSpec>>("Spec", { members: clusterVolumeSpec }),
  },
  errors: ({ name }) => volumeUpdateErrors(name),
});

/** Mixed into {@link Client}. */
export default abstract class VolumeUpdateMixin extends VolumeInspectMixin {
  /**
   * Updates a cluster volume. Engines only change its `Availability`. API 1.42+.
   *
   * @category Volumes
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/VolumeUpdate | VolumeUpdate}
   * @throws {@link NoSuchVolumeError} when the volume does not exist or is not a cluster volume, or its name is empty.
   * @throws {@link VersionConflictError} when the volume no longer has the expected version.
   * @throws {@link BadRequestError} when the settings are invalid.
   * @throws {@link UnavailableError} when the engine is not a manager of a swarm.
   * @example
   * ```ts
   * await client.updateVolume({ name: "shop-data", spec: (current) => ({ ...current, Availability: "drain" }) });
   * ```
   */
  async updateVolume(options: UpdateVolumeOptions, call?: CallOptions): Promise<void> {
    const { name } = options;
    // the request contains the ID, but errors must contain the name that the caller passed
    const errors = volumeUpdateErrors(name);
    let id = name;
    await versionedUpdate<ClusterVolumeSpec, number>(updateVolume.name, options, call, {
      inspect: async (bounded) => {
        const volume = await this.inspectVolume({ name }, bounded);
        const { ClusterVolume } = readAnswer("inspectVolume", this.endpoint, () => ({ ClusterVolume: volume.ClusterVolume }));
        // engines accept a name for inspecting but only an ID for updating; they also report an error if the volume is not a
        // cluster volume
        id = ClusterVolume?.ID ?? name;
        return ClusterVolume ?? { Spec: {} };
      },
      update: (version, spec, bounded) => this.send(updateVolume, { name: id, version, spec }, bounded, { errors }),
    });
  }
}
