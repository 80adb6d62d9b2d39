import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { pathParam } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { noSuchExec } from "./errors.js";
import type { ExecInspect } from "../../types/exec.js";

/** Options of {@link Client.inspectExec}. */
export interface InspectExecOptions {
  /** ID of the exec instance. */
  id: string;
}

const inspectExec = operation<InspectExecOptions>({
  name: "inspectExec",
  method: "GET",
  path: "/exec/{id}/json",
  fields: { id: pathParam },
  errors: ({ id }) => ({ 404: noSuchExec(id) }),
});

/** Mixed into {@link Client}. */
export default abstract class ExecInspectMixin extends Connection {
  /**
   * Tells what is known of a command in a container: whether it runs, and how it ended.
   *
   * Engines forget it some minutes after it has ended. For a moment after its output has ended, it may not have an exit
   * code yet. An engine takes a command whose attached connection was lost for ended, though it may go on.
   *
   * @category Exec
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ExecInspect | ExecInspect}
   * @throws {@link NoSuchExecError} when there is no such exec instance.
   */
  inspectExec(options: InspectExecOptions, call?: CallOptions): Promise<ExecInspect> {
    return this.json(inspectExec, options, call);
  }
}
