import { Connection } from "../../core/connection.js";
import { mixin } from "../../core/mixin.js";
import { ExecCreation } from "./create.js";
import { ExecExecution } from "./execute.js";
import { ExecInspection } from "./inspect.js";
import { ExecResize } from "./resize.js";
import { ExecStart } from "./start.js";

/** The operations on commands in containers. Part of {@link Client}. */
export abstract class ExecApi extends Connection {}
export interface ExecApi extends ExecCreation, ExecExecution, ExecInspection, ExecResize, ExecStart {}
mixin(ExecApi, [ExecCreation, ExecExecution, ExecInspection, ExecResize, ExecStart]);
