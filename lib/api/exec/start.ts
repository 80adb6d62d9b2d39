import type { BodyPath } from "../../types/util.js";
import type { ExecStartRequest } from "../../types/exec.js";
import { type AttachmentStreams, attachment } from "../../streams/attachment.js";
import type { CallOptions } from "../../core/call-options.js";
import { pathParam, notSent, member } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { improperState } from "../../core/errors/container.js";
import { execState, noSuchExec } from "./errors.js";
import { InvalidOptionError } from "../../errors/usage-errors.js";
import type { AttachedStream } from "../../streams/hijacked-stream.js";
import ExecCreateMixin from "./create.js";

/** Options of {@link Client.startExec}. */
export interface StartExecOptions extends AttachmentStreams {
  /** ID of the exec instance, as {@link Client.createExec} gave it. */
  id: string;
  /** Whether to leave the command to itself once it runs, with nothing attached. By default false. */
  detach?: boolean | undefined;
  /** Whether the command has a terminal, as it was created. By default the engine is asked. */
  tty?: boolean | undefined;
  /** Size of the terminal: rows, columns. API 1.42+. */
  consoleSize?: readonly [height: number, width: number] | undefined;
}

/** Options of {@link Client.startExecNonBlocking}. */
export type StartExecNonBlockingOptions = Omit<StartExecOptions, "detach">;

/** API version from which engines read a member of the body, by its path. */
const bodyVersions = {
  ConsoleSize: "1.42",
} satisfies Partial<Record<BodyPath<ExecStartRequest>, string>>;

const startExec = operation<StartExecOptions>({
  name: "startExec",
  method: "POST",
  path: "/exec/{id}/start",
  longRunning: true,
  fields: {
    id: pathParam,
    detach: member("Detach"),
    tty: member("Tty"),
    consoleSize: member("ConsoleSize", { since: bodyVersions.ConsoleSize }),
    inputStream: notSent,
    outputStream: notSent,
    errorStream: notSent,
    onConnected: notSent,
  },
  errors: ({ id }) => ({ 404: noSuchExec(id), 409: execState, 500: improperState(execState) }),
});

/** Mixed into {@link Client}. */
export default abstract class ExecStartMixin extends ExecCreateMixin {
  /**
   * Starts a command that was created, connects it with the given streams and waits until its output ends. Detached, it
   * waits only until the command runs.
   *
   * {@link Client.inspectExec} tells the exit code afterwards; {@link Client.execute} does all of it in one call. An engine
   * that cannot run the command may say so in its output, and with the exit code 126 or 127, instead of an error. The same
   * goes for a command that was started before.
   *
   * @category Exec
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ExecStart | ExecStart}
   * @throws {@link NoSuchExecError} when there is no such exec instance, or its container has stopped.
   * @throws {@link ContainerPausedError} when its container is paused.
   * @throws {@link ContainerNotRunningError} when its container does not run.
   * @throws {@link ConflictError} when it was started before.
   * @throws {@link BadRequestError} when it is detached and cannot be run.
   * @throws {@link ProtocolError} when the output is cut off.
   * @throws {@link InvalidOptionError} when it is detached and there are streams.
   */
  async startExec(options: StartExecOptions, call?: CallOptions): Promise<void> {
    const { detach, ...attached } = options;
    if (!detach) {
      await (await this.startExecNonBlocking(attached, call)).wait();
      return;
    }
    const stream = (["inputStream", "outputStream", "errorStream"] as const).find((name) => options[name] !== undefined);
    if (stream) {
      const details = { operation: "startExec", endpoint: this.endpoint };
      throw new InvalidOptionError(stream, `startExec: a detached command has no "${stream}"`, details);
    }
    await this.send(startExec, options, call);
    await options.onConnected?.();
  }

  /**
   * Starts a command that was created, and gives its standard streams as soon as the connection stands.
   *
   * @category Exec
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ExecStart | ExecStart}
   * @throws {@link NoSuchExecError} when there is no such exec instance, or its container has stopped.
   * @throws {@link ContainerPausedError} when its container is paused.
   * @throws {@link ContainerNotRunningError} when its container does not run.
   * @throws {@link ConflictError} when it was started before.
   */
  async startExecNonBlocking(options: StartExecNonBlockingOptions, call?: CallOptions): Promise<AttachedStream> {
    const { id } = options;
    await this.check(startExec, options, call);
    // engines frame the output as this request says, whatever the command was created with
    const tty = options.tty ?? (await this.inspectExec({ id }, call)).ProcessConfig.tty;
    const hijacked = await this.hijack(startExec, { ...options, detach: false, tty }, call);
    return attachment(hijacked, tty, options);
  }
}
