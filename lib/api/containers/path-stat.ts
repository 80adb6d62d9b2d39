import type { ResponseHeaders } from "../../core/request.js";
import { ProtocolError } from "../../errors/connection-errors.js";
import type { ContainerPathStat } from "../../types/container-results.js";

/**
 * Reads the header `X-Docker-Container-Path-Stat`, in which the engine describes a path as JSON encoded in base64.
 *
 * @param headers - the headers of the response.
 * @param where - the operation and the endpoint, for the error.
 * @throws {@link ProtocolError} when the header is missing or malformed.
 */
export function readPathStat(headers: ResponseHeaders, where: { operation: string; endpoint: string }): ContainerPathStat {
  try {
    const text = Buffer.from(String(headers["x-docker-container-path-stat"]), "base64").toString();
    return JSON.parse(text) as ContainerPathStat; // the engine's own format
  } catch (cause) {
    const { operation, endpoint } = where;
    throw new ProtocolError(`the response to ${operation} does not describe the path`, { cause, operation, endpoint });
  }
}
