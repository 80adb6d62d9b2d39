import { Connection } from "../../core/connection.js";
import { type Merged, mixin } from "../../core/mixin.js";
import ExecCreateMixin from "./create.js";
import ExecExecuteMixin from "./execute.js";
import ExecInspectMixin from "./inspect.js";
import ExecResizeMixin from "./resize.js";
import ExecStartMixin from "./start.js";

export type { CreateExecOptions } from "./create.js";
export { ExecuteResult } from "./execute-result.js";
export * from "./execute.js";
export * from "./inspect.js";
export * from "./resize.js";
export * from "./start.js";

const parts = [ExecCreateMixin, ExecExecuteMixin, ExecInspectMixin, ExecResizeMixin, ExecStartMixin] as const;

/** The operations on exec instances, which run commands in containers. Mixed into {@link Client}. */
abstract class ExecApi extends Connection {}
interface ExecApi extends Merged<typeof parts> {}
mixin(ExecApi, parts);

export default ExecApi;
