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
  /** Whether to start with the output so far. By default false. */
  logs?: boolean | undefined;
  /** Whether to stream further output, and to send input. By default true. */
  stream?: boolean | undefined;
  /** Whether to attach to standard input. By default true if there is an `inputStream`. */
  stdin?: boolean | undefined;
  /** Whether to attach to standard output. By default true. */
  stdout?: boolean | undefined;
  /** Whether to attach to standard error. By default true. */
  stderr?: boolean | undefined;
  /** Keys that detach from a terminal. By default `ctrl-p,ctrl-q`. */
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
  // Podman prepares the start of a created container here
  errors: ({ container }) => startErrors(container),
});

shareSignature("attachToContainer", "attachToContainerNonBlocking");

/** Mixed into {@link Client}. */
export default abstract class ContainerAttachMixin extends ContainerInspectMixin {
  /**
   * Attaches to a container's standard streams and waits until its output ends.
   *
   * Attach before the container starts to receive all of its output. The method detects
   * whether the container has a terminal. At the end of the output it inspects the container: an engine that is killed
   * closes the connection like one whose container has ended.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerAttach | ContainerAttach}
   * @throws {@link NoSuchContainerError} when the container does not exist, or its ID is empty.
   * @throws {@link ContainerPausedError} when it is paused.
   * @throws {@link CommandNotFoundError} when the container has not started, and the program of its command does not exist (Podman).
   * @throws {@link CommandStartError} when the container has not started and cannot, for another reason that the engine names (Podman).
   * @throws {@link PortInUseError} when the container has not started, and a port that it publishes is in use (Podman).
   * @throws {@link ProtocolError} when the connection ends before the output does.
   */
  async attachToContainer(options: AttachToContainerOptions, call?: CallOptions): Promise<void> {
    await this.withStreams(attachToContainer, options, call, async (taken, inner) => {
      await (await this.attachToContainerNonBlocking(taken, inner)).wait();
    });
  }

  /**
   * Attaches to a container's standard streams and returns them as soon as the connection is established.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerAttach | ContainerAttach}
   * @throws {@link NoSuchContainerError} when the container does not exist, or its ID is empty.
   * @throws {@link ContainerPausedError} when it is paused.
   * @throws {@link CommandNotFoundError} when the container has not started, and the program of its command does not exist (Podman).
   * @throws {@link CommandStartError} when the container has not started and cannot, for another reason that the engine names (Podman).
   * @throws {@link PortInUseError} when the container has not started, and a port that it publishes is in use (Podman).
   * @throws {@link ProtocolError} from the stream, when the connection ends before the output does.
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
        // only the output of a running container shows its end
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
