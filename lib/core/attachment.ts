import type { Headers } from "../transport/response-parser.js";
import type { Readable } from "node:stream";
import type { OutputStreams } from "../streams/forward.js";
import { AttachedStream, type Hijacked } from "../streams/hijacked-stream.js";
import { decoderOf, isTty } from "./output.js";

/** The caller's streams, and what is to be told when they are connected. */
export interface AttachmentStreams extends OutputStreams {
  /** What is sent to standard input, which ends when the stream ends. */
  inputStream?: Readable | undefined;
  /**
   * Called when the connection stands, before anything is read from it or sent over it. What comes meanwhile waits until
   * it has returned, or its promise is fulfilled.
   */
  onConnected?: (() => void | Promise<void>) | undefined;
}

/** Makes of a taken over connection the stream that the caller gets, and connects the caller's own streams to it. */
export async function attachment(
  hijacked: Hijacked & { headers: Headers },
  asked: boolean | undefined,
  streams: AttachmentStreams,
): Promise<AttachedStream> {
  const tty = isTty(asked, hijacked.headers);
  const attached = new AttachedStream(hijacked, decoderOf(tty), tty);
  try {
    await streams.onConnected?.();
  } catch (error) {
    await attached.close();
    throw error;
  }
  attached.connect(streams);
  return attached;
}
