import { Connection } from "../../core/connection.js";
import { mixin } from "../../core/mixin.js";
import { ContainerArchive } from "./archive.js";
import { ContainerAttach } from "./attach.js";
import { ContainerAttachWebsocket } from "./attach-websocket.js";
import { ContainerChanges } from "./changes.js";
import { ContainerCheckpoints } from "./checkpoints.js";
import { ContainerCopy } from "./copy.js";
import { ContainerCreation } from "./create.js";
import { ContainerExport } from "./export.js";
import { ContainerInspection } from "./inspect.js";
import { ContainerKill } from "./kill.js";
import { ContainerList } from "./list.js";
import { ContainerLogs } from "./logs.js";
import { ContainerPause } from "./pause.js";
import { ContainerPrune } from "./prune.js";
import { ContainerRemoval } from "./remove.js";
import { ContainerRename } from "./rename.js";
import { ContainerResize } from "./resize.js";
import { ContainerStart } from "./start.js";
import { ContainerStatistics } from "./stats.js";
import { ContainerStop } from "./stop.js";
import { ContainerProcesses } from "./top.js";
import { ContainerUpdate } from "./update.js";
import { ContainerWait } from "./wait.js";

/** The operations on containers. Part of {@link Client}. */
export abstract class ContainerApi extends Connection {}
export interface ContainerApi
  extends
    ContainerArchive,
    ContainerAttach,
    ContainerAttachWebsocket,
    ContainerChanges,
    ContainerCheckpoints,
    ContainerCopy,
    ContainerCreation,
    ContainerExport,
    ContainerInspection,
    ContainerKill,
    ContainerList,
    ContainerLogs,
    ContainerPause,
    ContainerProcesses,
    ContainerPrune,
    ContainerRemoval,
    ContainerRename,
    ContainerResize,
    ContainerStart,
    ContainerStatistics,
    ContainerStop,
    ContainerUpdate,
    ContainerWait {}
mixin(ContainerApi, [
  ContainerArchive,
  ContainerAttach,
  ContainerAttachWebsocket,
  ContainerChanges,
  ContainerCheckpoints,
  ContainerCopy,
  ContainerCreation,
  ContainerExport,
  ContainerInspection,
  ContainerKill,
  ContainerList,
  ContainerLogs,
  ContainerPause,
  ContainerProcesses,
  ContainerPrune,
  ContainerRemoval,
  ContainerRename,
  ContainerResize,
  ContainerStart,
  ContainerStatistics,
  ContainerStop,
  ContainerUpdate,
  ContainerWait,
]);
