import type { CallOptions } from "../../core/call-options.js";
import { calledAs } from "../../core/caller.js";
import { flag, notSent, pathParam, sink, source, text } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { shareSignature } from "../../core/signatures.js";
import { attachment, type AttachmentStreams } from "../../streams/attachment.js";
import { confirmEnd } from "../../streams/confirm-end.js";
import type { AttachedStream } from "../../streams/hijacked-stream.js";
import { endedSince, isDetached } from "./attach-end.js";
import { startErrors } from "./errors.js";
import ContainerInspectMixin, { containerTty } from "./inspect.js";

/** Options for {@link Client.attachToContainer}. */
export interface AttachToContainerOptions extends AttachmentStreams {
  /** ID or name of the container. */
  container: string;
  /** Whether to start with the output that the container has already written. Defaults to false. */
  logs?: boolean | undefined;
  /** Whether to stream new output and send input. Defaults to true. */
  stream?: boolean | undefined;
  /** Whether to attach to standard input. Defaults to true if `inputStream` is set. */
  stdin?: boolean | undefined;
  /** Whether to attach to standard output. Defaults to true. */
  stdout?: boolean | undefined;
  /** Whether to attach to standard error. Defaults to true. */
  stderr?: boolean | undefined;
  /** Keys that detach from a terminal. Defaults to `ctrl-p,ctrl-q`. */
  detachKeys?: string | undefined;
}

const attachToContainer = operation<AttachToContainerOptions>({
  name: "attachToContainer",
  method: "POST",
  path: "/containers/{container}/attach",
  longRunning: true,
  fields: {
    container: pathParam,
    logs: flag("logs"),
    stream: flag("stream"),
    stdin: flag("stdin"),
    stdout: flag("stdout"),
    stderr: flag("stderr"),
    detachKeys: text("detachKeys"),
    inputStream: source,
    outputStream: sink,
    errorStream: sink,
    onConnected: notSent,
  },
  // attaching makes Podman prepare a created container for its start, so start errors can occur here
  errors: ({ container }) => startErrors(container),
});

shareSignature("attachToContainer", "attachToContainerNonBlocking");

/** Mixed into {@link Client}. */
export default abstract class ContainerAttachMixin extends ContainerInspectMixin {
  /**
   * Attaches to a container's standard streams and waits until its output ends.
   *
   * To receive all of the output, attach before starting the container. The method detects whether the container has a
   * terminal. When the output ends, it inspects the container, because a connection also closes without an error when the
   * engine is killed.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerAttach | ContainerAttach}
   * @throws {@link NoSuchContainerError} when the container does not exist, or its ID is empty.
   * @throws {@link ContainerPausedError} when the container is paused.
   * @throws {@link CommandNotFoundError} when the container has not been started and the executable of its command does not
   * exist (Podman).
   * @throws {@link CommandStartError} when the container has not been started and its command cannot be started for another
   * reason (Podman).
   * @throws {@link PortInUseError} when the container has not been started and a port that it publishes is already in use
   * (Podman).
   * @throws {@link ProtocolError} when the connection closes before the output has ended.
   */
  async attachToContainer(options: AttachToContainerOptions, call?: CallOptions): Promise<void> {
    await this.withStreams(attachToContainer, options, call, async (taken, inner) => {
      await (await this.attachToContainerNonBlocking(taken, inner)).wait();
    });
  }

  /**
   * Attaches to a container's standard streams and returns the streams as soon as the connection is established.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerAttach | ContainerAttach}
   * @throws {@link NoSuchContainerError} when the container does not exist, or its ID is empty.
   * @throws {@link ContainerPausedError} when the container is paused.
   * @throws {@link CommandNotFoundError} when the container has not been started and the executable of its command does not
   * exist (Podman).
   * @throws {@link CommandStartError} when the container has not been started and its command cannot be started for another
   * reason (Podman).
   * @throws {@link PortInUseError} when the container has not been started and a port that it publishes is already in use
   * (Podman).
   * @throws {@link ProtocolError} from the returned stream, when the connection closes before the output has ended.
   */
  async attachToContainerNonBlocking(options: AttachToContainerOptions, call?: CallOptions): Promise<AttachedStream> {
    return this.withStreams(attachToContainer, options, call, async (taken, inner) => {
      const { container } = taken;
      const { stream = true, stdin = taken.inputStream !== undefined, stdout = true, stderr = true } = taken;
      const wanted = { ...taken, stream, stdin, stdout, stderr };
      await this.check(attachToContainer, wanted, inner);
      const input = stdin ? await this.inspectInput(container, inner) : undefined;
      const tty = input?.tty ?? (await containerTty(this, container, inner));
      const hijacked = await this.hijack(attachToContainer, wanted, inner);
      const supportsHalfClose = hijacked.supportsHalfClose && (input?.survivesInput ?? true);
      const hasEnded = endedSince();
      const confirm = async (sent: Buffer) => {
        // in these cases the output may end while the container is still running
        if (!stream || !(stdout || stderr) || isDetached(sent, taken.detachKeys)) return;
        await confirmEnd(hijacked.exchange, async () => {
          const { found, headers } = await this.inspected(container, calledAs(hijacked.exchange.operation, call));
          return hasEnded(found, headers.date) ? undefined : `container ${container}`;
        });
      };
      return attachment({ ...hijacked, supportsHalfClose, confirm }, tty, taken);
    });
  }
}
