import { Connection } from "../../core/connection.js";
import { type Merged, mixin } from "../../core/mixin.js";
import VolumeCreateMixin from "./create.js";
import VolumeInspectMixin from "./inspect.js";
import VolumeListMixin from "./list.js";
import VolumePruneMixin from "./prune.js";
import VolumeRemoveMixin from "./remove.js";
import VolumeUpdateMixin from "./update.js";

export * from "./create.js";
export * from "./inspect.js";
export * from "./list.js";
export * from "./prune.js";
export * from "./remove.js";
export * from "./update.js";

const parts = [
  VolumeCreateMixin,
  VolumeInspectMixin,
  VolumeListMixin,
  VolumePruneMixin,
  VolumeRemoveMixin,
  VolumeUpdateMixin,
] as const;

/** The operations on volumes. Mixed into {@link Client}. */
abstract class VolumeApi extends Connection {}
interface VolumeApi extends Merged<typeof parts> {}
mixin(VolumeApi, parts);

export default VolumeApi;
