import type { ResponseBody } from "../transport/response-body.js";
import { type ApiErrorDetails, apiErrorOf } from "../errors/api-error.js";
import { TlsError } from "../errors/connection-errors.js";
import type { DockerError } from "../errors/docker-error.js";
import { EngineVersionError } from "../errors/usage-errors.js";
import { chunksOf } from "../streams/body.js";
import type { Exchange } from "../transport/exchange.js";
import type { RequestExtras } from "./request.js";

/** How much of a refusal's body is read, in bytes. */
const LIMIT = 64 * 1024;

const refusesVersion =
  /client version \S+ is too (old|new)|client is newer than server|client and server don't have same version/i;

/** What Go's and nginx' servers say to a client that speaks without TLS. */
const wantsTls = /^Client sent an HTTP request to an HTTPS server|plain HTTP request was sent to HTTPS port/;

/** Reads what an engine says against a request, as far as it comes. */
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
    // a refusal that is cut off is still one: its status has come
    if (exchange.failure) throw error;
  }
  return Buffer.concat(chunks).subarray(0, LIMIT).toString();
}

/** Takes credentials out of what an answer says, as they are or as JSON texts write them, be it one within another. */
function withoutCredentials(text: string, confidential: RequestExtras["confidential"] = []): string {
  // where an answer was cut off, half of one may be left
  if (confidential.length > 0 && Buffer.byteLength(text) >= LIMIT) return "";
  let shown = text;
  for (const secret of confidential) {
    let spelling = typeof secret === "string" ? secret.trim() : ""; // callers without types give anything
    for (let depth = 0; depth < 3 && spelling !== ""; depth += 1) {
      shown = shown.replaceAll(spelling, "***");
      spelling = JSON.stringify(spelling).slice(1, -1);
    }
  }
  return shown;
}

/** The message of a refusal: engines answer in JSON, proxies and very old engines in plain text. */
function messageOf(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown }; // null, which has no members, throws as bad JSON does
    if (typeof message === "string") return message.trim();
  } catch {
    // not JSON: the text itself is the message
  }
  return text.trim();
}

/**
 * Makes an error of an answer whose status is not good.
 *
 * @param request - the request, and the status.
 * @param extras - the typed errors that the operation's statuses stand for, and what no error may show.
 * @throws what ended the exchange while the answer was read.
 */
export async function apiErrorFrom(
  body: ResponseBody,
  request: Omit<ApiErrorDetails, "message">,
  exchange: Exchange,
  { errors, confidential }: Pick<RequestExtras, "errors" | "confidential"> = {},
): Promise<DockerError> {
  const text = withoutCredentials(await read(body, exchange), confidential);
  const message = messageOf(text);
  const error = apiErrorOf({ ...request, message: message || `status ${request.status}`, body: text }, errors);
  if (request.status !== 400) return error;
  const { operation, endpoint } = exchange;
  const details = { cause: error, operation, endpoint };
  if (refusesVersion.test(message)) {
    return new EngineVersionError(`the engine at ${endpoint} refuses this API version: ${message}`, details);
  }
  if (wantsTls.test(message)) {
    return new TlsError(`${endpoint} speaks TLS, and was spoken to without`, "protocol", details);
  }
  return error;
}
