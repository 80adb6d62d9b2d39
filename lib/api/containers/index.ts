import { Connection } from "../../core/connection.js";
import { type Merged, mixin } from "../../core/mixin.js";
import ContainerArchiveMixin from "./archive.js";
import ContainerAttachMixin from "./attach.js";
import ContainerAttachWebsocketMixin from "./attach-websocket.js";
import ContainerChangesMixin from "./changes.js";
import ContainerCheckpointsMixin from "./checkpoints.js";
import ContainerCopyMixin from "./copy.js";
import ContainerCreateMixin from "./create.js";
import ContainerExportMixin from "./export.js";
import ContainerInspectMixin from "./inspect.js";
import ContainerKillMixin from "./kill.js";
import ContainerListMixin from "./list.js";
import ContainerLogsMixin from "./logs.js";
import ContainerPauseMixin from "./pause.js";
import ContainerPruneMixin from "./prune.js";
import ContainerRemoveMixin from "./remove.js";
import ContainerRenameMixin from "./rename.js";
import ContainerResizeMixin from "./resize.js";
import ContainerStartMixin from "./start.js";
import ContainerStatsMixin from "./stats.js";
import ContainerStopMixin from "./stop.js";
import ContainerTopMixin from "./top.js";
import ContainerUpdateMixin from "./update.js";
import ContainerWaitMixin from "./wait.js";

export * from "./archive.js";
export * from "./attach-websocket.js";
export * from "./attach.js";
export * from "./changes.js";
export * from "./checkpoints.js";
export * from "./copy.js";
export * from "./create.js";
export * from "./export.js";
export * from "./helpers/flat-network-settings.js";
export * from "./helpers/mounted-volumes.js";
export * from "./helpers/port-mapping.js";
export * from "./helpers/ports.js";
export { primaryAddress } from "./helpers/primary-address.js";
export type { ProcessEntry } from "./helpers/process-entries.js";
export * from "./helpers/restart-policies.js";
export * from "./helpers/state-text.js";
export * from "./helpers/stats-summary.js";
export type { InspectContainerOptions } from "./inspect.js";
export * from "./kill.js";
export * from "./list.js";
export * from "./logs.js";
export * from "./pause.js";
export * from "./prune.js";
export * from "./remove.js";
export * from "./rename.js";
export * from "./resize.js";
export * from "./start.js";
export * from "./stats.js";
export * from "./stop.js";
export * from "./top.js";
export * from "./update.js";
export * from "./wait.js";

const parts = [
  ContainerArchiveMixin,
  ContainerAttachMixin,
  ContainerAttachWebsocketMixin,
  ContainerChangesMixin,
  ContainerCheckpointsMixin,
  ContainerCopyMixin,
  ContainerCreateMixin,
  ContainerExportMixin,
  ContainerInspectMixin,
  ContainerKillMixin,
  ContainerListMixin,
  ContainerLogsMixin,
  ContainerPauseMixin,
  ContainerTopMixin,
  ContainerPruneMixin,
  ContainerRemoveMixin,
  ContainerRenameMixin,
  ContainerResizeMixin,
  ContainerStartMixin,
  ContainerStatsMixin,
  ContainerStopMixin,
  ContainerUpdateMixin,
  ContainerWaitMixin,
] as const;

/** The operations on containers. Mixed into {@link Client}. */
abstract class ContainerApi extends Connection {}
interface ContainerApi extends Merged<typeof parts> {}
mixin(ContainerApi, parts);

export default ContainerApi;
