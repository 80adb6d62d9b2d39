import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { member } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { swarmRoleErrors } from "../../core/errors/swarm.js";
import type { ClusterVolumeSpec } from "../../types/cluster-volume.js";
import type { Volume } from "../../types/volume.js";

/** Options of {@link Client.createVolume}. */
export interface CreateVolumeOptions {
  /** Name of the volume. By default the engine makes one up, and the volume counts as anonymous. */
  name?: string | undefined;
  /** Name of its driver. By default `local`. */
  driver?: string | undefined;
  /** Settings that the driver understands, such as `type`, `o` and `device` of `local`. */
  driverOpts?: Readonly<Record<string, string>> | undefined;
  /** Labels of the volume. */
  labels?: Readonly<Record<string, string>> | undefined;
  /** Settings of a volume of a swarm, whose driver is a storage plugin. The engine must be a manager. API 1.42+. */
  clusterVolumeSpec?: ClusterVolumeSpec | undefined;
}

const createVolume = operation<CreateVolumeOptions>({
  name: "createVolume",
  method: "POST",
  path: "/volumes/create",
  fields: {
    name: member("Name"),
    driver: member("Driver"),
    driverOpts: member("DriverOpts"),
    labels: member("Labels"),
    clusterVolumeSpec: member("ClusterVolumeSpec", { since: "1.42" }),
  },
  errors: () => swarmRoleErrors,
});

/** Mixed into {@link Client}. */
export default abstract class VolumeCreateMixin extends Connection {
  /**
   * Creates a volume. Where there is one of the name and driver already, it gives that one, as it is.
   *
   * @category Volumes
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/VolumeCreate | VolumeCreate}
   * @throws {@link NotFoundError} when there is no such driver.
   * @throws {@link ConflictError} when there is a volume of the name by another driver.
   * @throws {@link BadRequestError} when the engine cannot make a volume of this.
   * @throws {@link UnavailableError} when it is to be one of a swarm, and the engine is no manager of one.
   * @example
   * ```ts
   * const { Name } = await client.createVolume({ name: "shop-data", labels: { app: "shop" } });
   * ```
   */
  createVolume(options: CreateVolumeOptions = {}, call?: CallOptions): Promise<Volume> {
    // engines insist on a body, and take an empty name for none
    return this.json(createVolume, { ...options, name: options.name ?? "" }, call);
  }
}
