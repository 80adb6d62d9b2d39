import type { ResponseHeaders } from "../transport/response-head.js";
import type { Readable } from "node:stream";
import { type FrameDecoder, MultiplexDecoder, rawDecoder } from "../wire/frames.js";
import { FrameStream } from "./frame-stream.js";
import type { Exchange } from "../transport/exchange.js";
import { atLeast } from "../wire/api-version.js";

/** API version from which on the content type tells a terminal's output from frames. */
const CONTENT_TYPE_VERSION = "1.42";

/** The question whether output comes from a terminal. */
export interface TtyQuestion {
  /** What was found out before the output was asked for, where its answer would not have told. */
  readonly known: boolean | undefined;
  /** Asks the engine. */
  inspect(this: void): Promise<boolean>;
}

/**
 * Finds out, before output is asked for, whether it comes from a terminal, where the answer itself will not tell.
 *
 * @param version - the API version in use.
 * @param inspect - asks the engine.
 */
export async function askForTty(version: string, inspect: () => Promise<boolean>): Promise<TtyQuestion> {
  return { known: atLeast(version, CONTENT_TYPE_VERSION) ? undefined : await inspect(), inspect };
}

/**
 * Tells whether output comes from a terminal: by what was found out before, else by the answer's content type, and where
 * something in between has left that out, by asking after all.
 */
export async function isTty({ known, inspect }: TtyQuestion, headers: ResponseHeaders): Promise<boolean> {
  if (known !== undefined) return known;
  switch (headers["content-type"]) {
    case "application/vnd.docker.multiplexed-stream":
      return false;
    case "application/vnd.docker.raw-stream":
      return true;
    default:
      return inspect();
  }
}

/** The decoder of output. */
export function decoderOf(tty: boolean): FrameDecoder {
  return tty ? rawDecoder : new MultiplexDecoder();
}

/** Output as a stream of frames. */
export function frameStream(source: Readable, tty: boolean, exchange: Exchange): FrameStream {
  return new FrameStream(source, decoderOf(tty), tty, exchange);
}
