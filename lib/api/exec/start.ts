import { readAnswer } from "../../core/answers/read.js";
import type { CallOptions } from "../../core/call-options.js";
import { calledAs } from "../../core/caller.js";
import { improperState } from "../../core/errors/container.js";
import { orNotStarted } from "../../core/errors/start.js";
import { member, notSent, pathParam, sink, source } from "../../core/fields/fields.js";
import { list } from "../../core/members/shape.js";
import { operation } from "../../core/operation.js";
import { shareSignature } from "../../core/signatures.js";
import { InvalidOptionError } from "../../errors/usage-errors.js";
import { attachment, type AttachmentStreams } from "../../streams/attachment.js";
import { confirmEnd } from "../../streams/confirm-end.js";
import type { AttachedStream } from "../../streams/hijacked-stream.js";
import type { ExecStartRequest } from "../../types/exec.js";
import type { BodyPath } from "../../types/util.js";
import ExecCreateMixin from "./create.js";
import { execState, noSuchExec } from "./errors.js";

/** Options for {@link Client.startExec}. */
export interface StartExecOptions extends AttachmentStreams {
  /** ID of the exec instance, from {@link Client.createExec}. */
  id: string;
  /** Whether to run the command in the background, with no stream attached. Defaults to false. */
  detach?: boolean | undefined;
  /** Whether the exec instance was created with a terminal. If omitted, the client inspects the exec instance. */
  tty?: boolean | undefined;
  /** Size of the terminal: rows and columns. API 1.42+. */
  consoleSize?: readonly [height: number, width: number] | undefined;
}

/** Options for {@link Client.startExecNonBlocking}. */
export type StartExecNonBlockingOptions = Omit<StartExecOptions, "detach">;

/** API version that introduced each member of the request body, by path. */
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
    consoleSize: member("ConsoleSize", { members: list, since: bodyVersions.ConsoleSize }),
    inputStream: source,
    outputStream: sink,
    errorStream: sink,
    onConnected: notSent,
  },
  errors: ({ id }) => orNotStarted(id, { 404: noSuchExec(id), 409: execState, 500: improperState(execState) }),
});

shareSignature("startExec", "startExecNonBlocking");

/** Returns whether an exec instance was created with a terminal. */
async function ttyOf(client: ExecCreateMixin, id: string, call: CallOptions): Promise<boolean> {
  const found = await client.inspectExec({ id }, call);
  return readAnswer("inspectExec", client.endpoint, () => found.ProcessConfig.tty);
}

/** Mixed into {@link Client}. */
export default abstract class ExecStartMixin extends ExecCreateMixin {
  /**
   * Starts the command of an exec instance, connects it to the caller's streams and waits until its output ends. The method
   * then inspects the exec instance, to detect that the connection was lost. With `detach`, it only waits until the command has
   * started.
   *
   * Afterwards, {@link Client.inspectExec} returns the exit code. {@link Client.execute} combines all these steps in one call.
   * If the engine cannot start the command, or the exec instance was already started, some engines report this in the output,
   * with exit code 126 or 127, instead of an error.
   *
   * @category Exec
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ExecStart | ExecStart}
   * @throws {@link NoSuchExecError} when the exec instance does not exist, or its container was stopped.
   * @throws {@link ContainerPausedError} when its container is paused.
   * @throws {@link ContainerNotRunningError} when its container is not running.
   * @throws {@link ConflictError} when the exec instance was already started.
   * @throws {@link CommandNotFoundError} when `detach` is set and the executable does not exist.
   * @throws {@link CommandStartError} when `detach` is set and the command cannot be started for another reason that the engine
   * reports.
   * @throws {@link ProtocolError} when the connection closes before the output has ended.
   * @throws {@link InvalidOptionError} when both `detach` and a stream are set.
   */
  async startExec(options: StartExecOptions, call?: CallOptions): Promise<void> {
    await this.withStreams(startExec, options, call, async (taken, inner) => {
      const { detach, ...attached } = taken;
      if (!detach) {
        await (await this.startExecNonBlocking(attached, inner)).wait();
        return;
      }
      const stream = (["inputStream", "outputStream", "errorStream"] as const).find((name) => taken[name] !== undefined);
      if (stream) {
        const details = { operation: "startExec", endpoint: this.endpoint };
        throw new InvalidOptionError(stream, `startExec: the option "${stream}" conflicts with "detach"`, details);
      }
      await this.send(startExec, taken, inner);
      await taken.onConnected?.();
    });
  }

  /**
   * Starts the command of an exec instance and returns its standard streams as soon as the connection is established.
   *
   * @category Exec
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ExecStart | ExecStart}
   * @throws {@link NoSuchExecError} when the exec instance does not exist, or its container was stopped.
   * @throws {@link ContainerPausedError} when its container is paused.
   * @throws {@link ContainerNotRunningError} when its container is not running.
   * @throws {@link ConflictError} when the exec instance was already started.
   * @throws {@link ProtocolError} from the returned stream, when the connection closes before the output has ended.
   */
  async startExecNonBlocking(options: StartExecNonBlockingOptions, call?: CallOptions): Promise<AttachedStream> {
    return this.withStreams(startExec, options, call, async (taken, inner) => {
      const { id } = taken;
      await this.check(startExec, taken, inner);
      // engines frame the output according to this request, not according to how the exec instance was created
      const tty = taken.tty ?? (await ttyOf(this, id, inner));
      const hijacked = await this.hijack(startExec, { ...taken, detach: false, tty }, inner);
      const { exchange } = hijacked;
      const confirm = () =>
        confirmEnd(exchange, async () => {
          const { Running } = await this.inspectExec({ id }, calledAs(exchange.operation, call));
          return Running ? "the command" : undefined;
        });
      // Docker closes the output of a terminal along with its input
      return attachment({ ...hijacked, supportsHalfClose: hijacked.supportsHalfClose && !tty, confirm }, tty, taken);
    });
  }
}
