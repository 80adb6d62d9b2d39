import type { BodyFilter } from "../server/engine-response.js";

const LINE_FEED = 0x0a;

/** Passes a number of bytes, and closes the connection or leaves it as it is afterwards. */
export function cutBody(after: number, then: "close" | "hold"): BodyFilter {
  let left = after;
  return (part) => {
    const bytes = part.subarray(0, left);
    left -= bytes.length;
    return { bytes, then: left > 0 ? "continue" : then };
  };
}

/**
 * Passes a number of bytes, and overwrites those that follow. What results is neither JSON nor UTF-8, and as the head of a frame it
 * names a stream that does not exist. The ends of lines remain, so that readers of lines notice it at once.
 */
export function malformBody(after: number): BodyFilter {
  let left = after;
  return (part) => {
    const kept = Math.min(left, part.length);
    left -= kept;
    const bytes = Buffer.from(part);
    for (let at = kept; at < bytes.length; at += 1) if (bytes[at] !== LINE_FEED) bytes[at] = 0xff;
    return { bytes, then: "continue" };
  };
}
