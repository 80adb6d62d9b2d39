import { type ApiErrorDetails, apiErrorOf, type ApiErrors } from "../errors/api-error.js";
import { TlsError } from "../errors/connection-errors.js";
import type { DockerError } from "../errors/docker-error.js";
import { EngineVersionError } from "../errors/usage-errors.js";
import { chunksOf } from "../streams/body.js";
import { plainHttpToTls } from "../transport/dial/socket-errors.js";
import type { Exchange } from "../transport/exchange.js";
import type { ResponseBody } from "../transport/response-body.js";

/** The maximum number of bytes to read from an error response. */
const LIMIT = 64 * 1024;

const rejectsVersion =
  /client version \S+ is too (old|new)|client is newer than server|client and server don't have same version/i;

/** The messages of Go's HTTP server and of nginx to a plain HTTP request on a TLS port. */
const wantsTls = /^Client sent an HTTP request to an HTTPS server|plain HTTP request was sent to HTTPS port/;

/** Reads the body of an error response, or as much of it as arrives. */
async function read(body: ResponseBody, exchange: Exchange): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of chunksOf(body, exchange)) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= LIMIT) break;
    }
  } catch (error) {
    // an error response that is cut off is still an error: its status has arrived
    if (exchange.failure) throw error;
  }
  return Buffer.concat(chunks).subarray(0, LIMIT).toString();
}

/** Masks the secrets of the request in its response. */
function withoutSecrets(text: string, secrets: Exchange["secrets"]): string {
  if (!secrets) return text;
  // the end of a truncated response may hold half of a secret
  return Buffer.byteLength(text) >= LIMIT && secrets.any ? "" : secrets.mask(text);
}

/** Returns the message of an error response: JSON from engines, plain text from proxies and very old engines. */
function messageOf(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown }; // null throws here, as invalid JSON does
    if (typeof message === "string") return message.trim();
  } catch {
    // not JSON: the whole body is the message
  }
  return text.trim();
}

/**
 * Converts an error response to an error.
 *
 * @param request - the request, and the status of the response.
 * @param exchange - the exchange, whose secrets are masked.
 * @param errors - the typed errors of the operation by status.
 * @throws the failure of the exchange, if it ends while the response is read.
 */
export async function apiErrorFrom(
  body: ResponseBody,
  request: Omit<ApiErrorDetails, "message">,
  exchange: Exchange,
  errors?: ApiErrors,
): Promise<DockerError> {
  const text = withoutSecrets(await read(body, exchange), exchange.secrets);
  const message = messageOf(text);
  const error = apiErrorOf({ ...request, message: message || `status ${request.status}`, body: text }, errors);
  if (request.status !== 400) return error;
  const { operation, endpoint } = exchange;
  const details = { cause: error, operation, endpoint };
  if (rejectsVersion.test(message)) {
    return new EngineVersionError(`the engine at ${endpoint} rejects this API version: ${message}`, details);
  }
  if (wantsTls.test(message)) {
    return new TlsError(plainHttpToTls(endpoint), "protocol", details);
  }
  return error;
}
