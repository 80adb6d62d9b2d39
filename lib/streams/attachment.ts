import type { ResponseHeaders } from "../transport/response-head.js";
import type { Readable } from "node:stream";
import type { OutputStreams } from "./forward.js";
import { AttachedStream, type Hijacked } from "./hijacked-stream.js";
import { decoderOf, isTty, type TtyQuestion } from "./output.js";

/** The caller's streams, and what is to be told when they are connected. */
export interface AttachmentStreams extends OutputStreams {
  /** What is sent to standard input, which ends when the stream ends. */
  inputStream?: Readable | undefined;
  /**
   * Called when the connection stands, before anything is read from it or sent over it. What comes meanwhile waits until
   * it has returned, or its promise is fulfilled.
   */
  onConnected?: (() => unknown) | undefined;
}

/**
 * Makes of a taken over connection the stream that the caller gets, and connects the caller's own streams to it.
 *
 * @param terminal - whether the output comes from a terminal, or the question whether it does.
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
