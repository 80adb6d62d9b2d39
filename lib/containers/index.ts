import { Connection } from "../core/connection.js";
import { mixin } from "../core/mixin.js";
import { ContainerAttach } from "./attach.js";
import { ContainerInspection } from "./inspect.js";
import { ContainerKill } from "./kill.js";
import { ContainerLogs } from "./logs.js";

/** The operations on containers. Part of {@link Client}. */
export abstract class ContainerApi extends Connection {}
export interface ContainerApi extends ContainerAttach, ContainerInspection, ContainerKill, ContainerLogs {}
mixin(ContainerApi, [ContainerAttach, ContainerInspection, ContainerKill, ContainerLogs]);
