import type { Readable } from "node:stream";
import type { Exchange } from "../transport/exchange.js";
import type { ResponseHeaders } from "../transport/response-head.js";
import { atLeast } from "../wire/api-version.js";
import { type FrameDecoder, MultiplexDecoder, rawDecoder } from "../wire/frames.js";
import { type LinePrefixes, LongLineDecoder } from "../wire/line-prefixes.js";
import { FrameStream } from "./frame-stream.js";

/** API version that introduced content types for frames and for the output of a terminal. */
const CONTENT_TYPE_VERSION = "1.42";

/** Determines whether output comes from a terminal. */
export interface TtyQuestion {
  /** The result of an inspection before the request, for API versions whose responses do not show whether there is a terminal. */
  readonly known: boolean | undefined;
  /** Inspects the container. */
  inspect(this: void): Promise<boolean>;
}

/**
 * Inspects the container before a request if the responses of the API version do not show whether the output comes from a
 * terminal.
 *
 * @param version - the API version in use.
 * @param inspect - inspects the container.
 */
export async function askForTty(version: string, inspect: () => Promise<boolean>): Promise<TtyQuestion> {
  return { known: atLeast(version, CONTENT_TYPE_VERSION) ? undefined : await inspect(), inspect };
}

/**
 * Returns whether output comes from a terminal, according to the earlier inspection or else the content type of the response. If
 * a proxy has removed the content type, another inspection decides.
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

/** Returns the decoder for output. */
export function decoderOf(tty: boolean): FrameDecoder {
  return tty ? rawDecoder : new MultiplexDecoder();
}

/** Returns the output in a log as a stream of frames. */
export function logStream(source: Readable, tty: boolean, exchange: Exchange, prefixes: LinePrefixes): FrameStream {
  const decoder = decoderOf(tty);
  const isPrefixed = prefixes.timestamps || prefixes.details;
  return new FrameStream(source, isPrefixed ? new LongLineDecoder(decoder, !tty, prefixes) : decoder, tty, exchange);
}
