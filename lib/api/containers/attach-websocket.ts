import type { CallOptions } from "../../core/call-options.js";
import { containerErrors } from "../../core/errors/container.js";
import { flag, notSent, pathParam, sink, source, text } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { ProtocolError } from "../../errors/connection-errors.js";
import { attachment, type AttachmentStreams } from "../../streams/attachment.js";
import type { AttachedStream } from "../../streams/hijacked-stream.js";
import { atLeast } from "../../wire/api-version.js";
import { digest, randomText } from "../../wire/digest.js";
import ContainerInspectMixin from "./inspect.js";

/** First API version in which each stream must be selected; earlier versions always attach all of them. */
const STREAMS_VERSION = "1.42";

/** The GUID of RFC 6455. The server hashes it with the client's key to prove that it supports WebSockets. */
const PROTOCOL_ID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** Options for {@link Client.attachToContainerWebsocket}. */
export interface AttachToContainerWebsocketOptions extends Omit<AttachmentStreams, "errorStream"> {
  /** ID or name of the container. */
  container: string;
  /** Whether to start with the output that the container has already written. Defaults to false. */
  logs?: boolean | undefined;
  /** Whether to stream new output and send input. Defaults to true. */
  stream?: boolean | undefined;
  /** Whether to attach to standard input. Defaults to true. API 1.42+; always attached in earlier versions. */
  stdin?: boolean | undefined;
  /** Whether to attach to standard output. Defaults to true. API 1.42+; always attached in earlier versions. */
  stdout?: boolean | undefined;
  /** Whether to attach to standard error. Defaults to true. API 1.42+; always attached in earlier versions. */
  stderr?: boolean | undefined;
  /** Keys that detach from a terminal. Defaults to `ctrl-p,ctrl-q`. */
  detachKeys?: string | undefined;
}

const attachToContainerWebsocket = operation<AttachToContainerWebsocketOptions>({
  name: "attachToContainerWebsocket",
  method: "GET",
  path: "/containers/{container}/attach/ws",
  longRunning: true,
  fields: {
    container: pathParam,
    logs: flag("logs"),
    stream: flag("stream"),
    stdin: flag("stdin", { since: STREAMS_VERSION }),
    stdout: flag("stdout", { since: STREAMS_VERSION }),
    stderr: flag("stderr", { since: STREAMS_VERSION }),
    detachKeys: text("detachKeys"),
    inputStream: source,
    outputStream: sink,
    onConnected: notSent,
  },
  errors: ({ container }) => containerErrors(container),
});

/** Mixed into {@link Client}. */
export default abstract class ContainerAttachWebsocketMixin extends ContainerInspectMixin {
  /**
   * Attaches to a container's standard streams over a WebSocket, for use behind proxies that block other upgrades.
   *
   * Standard output and standard error arrive as one stream, as from a terminal. {@link Client.attachToContainer} keeps them
   * separate.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerAttachWebsocket | ContainerAttachWebsocket}
   * @throws {@link NoSuchContainerError} when the container does not exist, or its ID is empty.
   * @throws {@link NotImplementedError} when the engine does not implement the operation, as with Podman.
   * @throws {@link ContainerPausedError} when the container is paused.
   * @throws {@link ProtocolError} when the response is not a valid WebSocket handshake.
   */
  async attachToContainerWebsocket(options: AttachToContainerWebsocketOptions, call?: CallOptions): Promise<AttachedStream> {
    return this.withStreams(attachToContainerWebsocket, options, call, async (taken, inner) => {
      // loaded before connecting, because a connection that fails while the module loads would go unnoticed
      const { WebSocketStream } = await import("../../streams/websocket-stream.js");
      const key = randomText(16, "base64");
      const fallback = atLeast(await this.negotiate(inner), STREAMS_VERSION) ? true : undefined;
      const { stream = true, stdin = fallback, stdout = fallback, stderr = fallback } = taken;
      const wanted = { ...taken, stream, stdin, stdout, stderr };
      await this.check(attachToContainerWebsocket, wanted, inner);
      const input = stdin === false ? undefined : await this.inspectInput(taken.container, inner);
      const hijacked = await this.hijack(attachToContainerWebsocket, wanted, inner, {
        headers: { "Sec-WebSocket-Key": key, "Sec-WebSocket-Version": "13" },
        upgrade: "websocket",
      });
      const { headers, exchange, source } = hijacked;
      if (headers["sec-websocket-accept"] !== digest("sha1", key + PROTOCOL_ID, "base64")) {
        source.destroy();
        exchange.finish();
        const { operation, endpoint } = exchange;
        throw new ProtocolError(`the response to ${operation} is not a valid WebSocket handshake`, { operation, endpoint });
      }
      const socket = new WebSocketStream(hijacked);
      return attachment(
        { ...hijacked, source: socket, target: socket, supportsHalfClose: input?.survivesInput ?? true },
        true,
        taken,
      );
    });
  }
}
