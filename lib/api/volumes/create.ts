import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { swarmRoleErrors } from "../../core/errors/swarm.js";
import { member } from "../../core/fields/fields.js";
import { map } from "../../core/members/shape.js";
import { clusterVolumeSpec } from "../../core/members/swarm.js";
import { operation } from "../../core/operation.js";
import type { ClusterVolumeSpec } from "../../types/cluster-volume.js";
import type { Sendable } from "../../types/util.js";
import type { Volume } from "../../types/volume.js";

/** Options for {@link Client.createVolume}. */
export interface CreateVolumeOptions {
  /** Name of the volume. If omitted, the engine generates a name, and the volume is anonymous. */
  name?: string | undefined;
  /** Name of the volume driver. Defaults to `local`. */
  driver?: string | undefined;
  /** Options of the driver, such as `type`, `o` and `device` for the driver `local`. */
  driverOpts?: Readonly<Record<string, string>> | null | undefined;
  /** Labels of the volume. */
  labels?: Readonly<Record<string, string>> | null | undefined;
  /** Settings of a cluster volume, which requires a storage plugin as driver. The engine must be a swarm manager. API 1.42+. */
  clusterVolumeSpec?: Sendable<ClusterVolumeSpec> | undefined;
}

const createVolume = operation<CreateVolumeOptions>({
  name: "createVolume",
  method: "POST",
  path: "/volumes/create",
  slow: true,
  fields: {
    name: member("Name"),
    driver: member("Driver"),
    driverOpts: member("DriverOpts", { members: map }),
    labels: member("Labels", { members: map }),
    clusterVolumeSpec: member<Sendable<ClusterVolumeSpec>>("ClusterVolumeSpec", { members: clusterVolumeSpec, since: "1.42" }),
  },
  errors: () => swarmRoleErrors,
});

/** Mixed into {@link Client}. */
export default abstract class VolumeCreateMixin extends Connection {
  /**
   * Creates a volume. If a volume with the same name and driver already exists, it is returned unchanged.
   *
   * @category Volumes
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/VolumeCreate | VolumeCreate}
   * @throws {@link NotFoundError} when the driver does not exist.
   * @throws {@link ConflictError} when a volume with the same name but another driver exists.
   * @throws {@link BadRequestError} when a setting is invalid.
   * @throws {@link UnavailableError} when the volume requires a swarm and the engine is not a manager.
   * @example
   * ```ts
   * const { Name } = await client.createVolume({ name: "shop-data", labels: { app: "shop" } });
   * ```
   */
  createVolume(options: CreateVolumeOptions = {}, call?: CallOptions): Promise<Volume> {
    // engines require a body, and treat an empty name as unset
    return this.json(createVolume, { ...options, name: options.name ?? "" }, call);
  }
}
