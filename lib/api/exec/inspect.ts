import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { pathParam } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { ExecInspect } from "../../types/exec.js";
import { noSuchExec } from "./errors.js";

/** Options for {@link Client.inspectExec}. */
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
   * Returns details of an exec instance, including whether its command is running and its exit code.
   *
   * Engines remove an exec instance a few minutes after its command has exited. The exit code may be missing for a moment after
   * the output has ended. If the attached connection is lost, the engine reports that the command has exited even if it is
   * still running.
   *
   * @category Exec
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ExecInspect | ExecInspect}
   * @throws {@link NoSuchExecError} when the exec instance does not exist.
   */
  inspectExec(options: InspectExecOptions, call?: CallOptions): Promise<ExecInspect> {
    return this.json(inspectExec, options, call);
  }
}
