import { Connection } from "../core/connection.js";
import { mixin } from "../core/mixin.js";
import { ContainerAttach } from "./attach.js";
import { ContainerCreation } from "./create.js";
import { ContainerInspection } from "./inspect.js";
import { ContainerKill } from "./kill.js";
import { ContainerLogs } from "./logs.js";
import { ContainerRemoval } from "./remove.js";
import { ContainerStart } from "./start.js";
import { ContainerStop } from "./stop.js";
import { ContainerWait } from "./wait.js";

/** The operations on containers. Part of {@link Client}. */
export abstract class ContainerApi extends Connection {}
export interface ContainerApi
  extends ContainerAttach,
    ContainerCreation,
    ContainerInspection,
    ContainerKill,
    ContainerLogs,
    ContainerRemoval,
    ContainerStart,
    ContainerStop,
    ContainerWait {}
mixin(ContainerApi, [
  ContainerAttach,
  ContainerCreation,
  ContainerInspection,
  ContainerKill,
  ContainerLogs,
  ContainerRemoval,
  ContainerStart,
  ContainerStop,
  ContainerWait,
]);
