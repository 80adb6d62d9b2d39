import type { BuildTrace } from "../types/build-trace.js";
import { StatusResponse, type Timestamp } from "./messages/control.js";

/** Returns the time; undefined for none, and for Go's zero time. */
function dateOf(time: Timestamp | undefined): Date | undefined {
  return time && time.seconds > 0 ? new Date(time.seconds * 1000 + time.nanos / 1e6) : undefined;
}

/**
 * Decodes the changes of a build.
 *
 * @param bytes - a `moby.buildkit.v1.StatusResponse`.
 * @throws {@link ProtocolError} when the bytes are something else.
 */
export function decodeTrace(bytes: Uint8Array): BuildTrace {
  const { vertexes, statuses, logs, warnings } = StatusResponse.decode(bytes);
  return {
    vertexes: vertexes.map((vertex) => ({ ...vertex, started: dateOf(vertex.started), completed: dateOf(vertex.completed) })),
    statuses: statuses.map(({ started, completed, id, vertex, name, current, total }) => {
      return { id, vertex, name, current, total, started: dateOf(started), completed: dateOf(completed) };
    }),
    logs: logs.map(({ vertex, timestamp, stream, msg }) => ({ vertex, timestamp: dateOf(timestamp), stream, data: msg })),
    warnings: warnings.map(({ vertex, short, detail, url, info, ranges }) => ({
      vertex,
      message: short.toString(),
      detail: detail.map(String),
      url,
      file: info?.filename,
      line: ranges[0]?.start?.line,
    })),
  };
}
