import { Connection } from "../../core/connection.js";
import { mixin } from "../../core/mixin.js";
import { VolumeCreation } from "./create.js";
import { VolumeInspection } from "./inspect.js";
import { VolumeList } from "./list.js";
import { VolumePrune } from "./prune.js";
import { VolumeRemoval } from "./remove.js";
import { VolumeUpdate } from "./update.js";

/** The operations on volumes. Part of {@link Client}. */
export abstract class VolumeApi extends Connection {}
export interface VolumeApi extends VolumeCreation, VolumeInspection, VolumeList, VolumePrune, VolumeRemoval, VolumeUpdate {}
mixin(VolumeApi, [VolumeCreation, VolumeInspection, VolumeList, VolumePrune, VolumeRemoval, VolumeUpdate]);
