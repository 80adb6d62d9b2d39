import type { Headers } from "../transport/response-parser.js";
import type { Readable } from "node:stream";
import { type FrameDecoder, MultiplexDecoder, rawDecoder } from "../streams/frames.js";
import { FrameStream } from "../streams/frame-stream.js";
import type { Exchange } from "../transport/exchange.js";
import { atLeast } from "./api-version.js";

/** API version from which on the content type tells a terminal's output from frames. */
const TELLING_VERSION = "1.42";

/**
 * Finds out, before output is asked for, whether it comes from a terminal, where the answer itself will not tell.
 *
 * @param version - the API version in use.
 * @param inspect - asks the engine.
 * @returns undefined when the answer will tell.
 */
export async function askForTty(version: string, inspect: () => Promise<boolean>): Promise<boolean | undefined> {
  return atLeast(version, TELLING_VERSION) ? undefined : inspect();
}

/** Tells whether output comes from a terminal: by what was found out before, else by the answer's content type. */
export function isTty(asked: boolean | undefined, headers: Headers): boolean {
  return asked ?? headers["content-type"] !== "application/vnd.docker.multiplexed-stream";
}

/** The decoder of output. */
export function decoderOf(tty: boolean): FrameDecoder {
  return tty ? rawDecoder : new MultiplexDecoder();
}

/** Output as a stream of frames. */
export function frameStream(source: Readable, tty: boolean, exchange: Exchange): FrameStream {
  return new FrameStream(source, decoderOf(tty), tty, exchange);
}
