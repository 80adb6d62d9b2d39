import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { integer, pathParam } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { noSuchExec } from "./errors.js";

/** Options for {@link Client.resizeExecTty}. */
export interface ResizeExecTtyOptions {
  /** ID of the exec instance. */
  id: string;
  /** Number of rows. */
  height: number;
  /** Number of columns. */
  width: number;
}

const resizeExecTty = operation<ResizeExecTtyOptions>({
  name: "resizeExecTty",
  method: "POST",
  path: "/exec/{id}/resize",
  fields: { id: pathParam, height: integer("h", { required: true }), width: integer("w", { required: true }) },
  errors: ({ id }) => ({ 404: noSuchExec(id) }),
});

/** Mixed into {@link Client}. */
export default abstract class ExecResizeMixin extends Connection {
  /**
   * Resizes the terminal of a running exec instance.
   *
   * @category Exec
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ExecResize | ExecResize}
   * @throws {@link NoSuchExecError} when the exec instance does not exist.
   * @throws {@link BadRequestError} when the size is invalid.
   * @throws {@link ServerError} when the command is not running.
   */
  async resizeExecTty(options: ResizeExecTtyOptions, call?: CallOptions): Promise<void> {
    await this.send(resizeExecTty, options, call);
  }
}
