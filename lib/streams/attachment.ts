import type { ResponseHeaders } from "../transport/response-head.js";
import type { ByteSource } from "../wire/byte-source.js";
import type { OutputStreams } from "./forward.js";
import { AttachedStream, type Hijacked } from "./hijacked-stream.js";
import { decoderOf, isTty, type TtyQuestion } from "./output.js";

/** The caller's streams, and a callback for the connection. */
export interface AttachmentStreams extends OutputStreams {
  /** The source of standard input. When this stream ends, standard input ends too. */
  inputStream?: ByteSource | undefined;
  /**
   * Called once the connection is established, before any input or output is transferred. The transfer starts when the function
   * has returned or its promise has resolved.
   */
  onConnected?: (() => unknown) | undefined;
}

/**
 * Turns a hijacked connection into an {@link AttachedStream}, and connects the caller's streams to it.
 *
 * @param terminal - whether the output comes from a terminal, or a function that determines it.
 */
export async function attachment(
  hijacked: Hijacked & { headers: ResponseHeaders },
  terminal: boolean | TtyQuestion,
  streams: AttachmentStreams,
): Promise<AttachedStream> {
  try {
    const tty = typeof terminal === "boolean" ? terminal : await isTty(terminal, hijacked.headers);
    const attached = new AttachedStream(hijacked, decoderOf(tty), tty);
    await streams.onConnected?.();
    attached.connect(streams);
    return attached;
  } catch (error) {
    hijacked.source.destroy();
    hijacked.exchange.finish();
    throw error;
  }
}
