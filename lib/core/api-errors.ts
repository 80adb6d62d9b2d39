import { type ApiErrorDetails, apiErrorOf, type ApiErrors } from "../errors/api-error.js";
import { ProtocolError, TlsError } from "../errors/connection-errors.js";
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

/** Matches the responses of Go's HTTP server and nginx to a plain HTTP request on a TLS port. */
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
    // the status has arrived, so the response is an API error even if its body is cut off
    if (exchange.failure) throw error;
  }
  return Buffer.concat(chunks).subarray(0, LIMIT).toString();
}

/** Masks the request's secrets in the text of the response. */
function withoutSecrets(text: string, secrets: Exchange["secrets"]): string {
  if (!secrets) return text;
  // a truncated response may end in the middle of a secret, which would not be masked
  return Buffer.byteLength(text) >= LIMIT && secrets.any ? "" : secrets.mask(text);
}

/** The JSON of an error response. Podman reports a failed push in the format of a progress message. */
type ErrorBody = Partial<Record<"message" | "error", unknown>> & { errorDetail?: { message?: unknown } | null };

const page = /^\s*<(?:!doctype html|html)\b/i;

/** Extracts the message from an error response: engines send JSON, very old engines text, and proxies text or a web page. */
function messageOf(text: string): string {
  if (page.test(text)) {
    const title = /<title>([^<]*)<\/title>/i.exec(text)?.[1]?.trim().replace(/\s+/g, " ");
    return title ? `a web page, "${title}"` : "a web page";
  }
  try {
    const { message, errorDetail, error } = JSON.parse(text) as ErrorBody; // throws for null, as for invalid JSON
    const found = [message, errorDetail?.message, error].find((one) => typeof one === "string");
    if (found !== undefined) return found.trim();
  } catch {
    // not JSON: the whole body is the message
  }
  return text.trim();
}

/**
 * Converts an error response into an error.
 *
 * @param request - details of the request, and the status of the response.
 * @param exchange - the exchange. Its secrets are masked in the error.
 * @param errors - the typed errors of the operation by status.
 * @throws the exchange's failure, if the exchange ends while the response is being read.
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
  const { operation, endpoint } = exchange;
  const details = { cause: error, operation, endpoint };
  // engines report a missing object as JSON: a web page with this status comes from another server
  if (request.status === 404 && page.test(text)) {
    return new ProtocolError(`${endpoint} does not respond like an engine: it sent ${message}`, details);
  }
  if (request.status !== 400) return error;
  if (rejectsVersion.test(message)) {
    return new EngineVersionError(`the engine at ${endpoint} rejects this API version: ${message}`, details);
  }
  if (wantsTls.test(message)) {
    return new TlsError(plainHttpToTls(endpoint), "protocol", details);
  }
  return error;
}
