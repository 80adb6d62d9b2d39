import { type IncomingMessage, request } from "node:http";
import { request as requestSecurely } from "node:https";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { errorMessage, isBytes } from "../../wire/realm.js";
import { publicUrls } from "../../wire/secrets.js";
import { parseJson } from "../bounded-json.js";
import { EngineError } from "../engine-error.js";

/** The most redirects that are followed. */
const REDIRECTS = 5;

/** The most bytes of a response that is read as a whole: manifests, tokens and errors. */
const BODY_LIMIT = 8 * 1024 * 1024;

/** The time without any byte after which a request fails, in milliseconds. */
const SILENCE = 60_000;

/** A request to a registry. */
export interface RegistryRequest {
  /** HTTP method. By default GET. */
  readonly method?: string;
  /** Headers. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Body: bytes, or a stream whose length is in `content-length`. */
  readonly body?: Uint8Array | Readable | undefined;
  /** Whether invalid certificates are accepted. */
  readonly isInsecure?: boolean;
  /** Cancels the request, also while the response is read. */
  readonly signal?: AbortSignal | undefined;
}

/** Creates the error of a request, in the words of Docker. */
const failed = (url: string, method: string, error: unknown): EngineError => {
  const name = `${method.slice(0, 1)}${method.slice(1).toLowerCase()}`;
  return new EngineError(500, `${name} ${JSON.stringify(publicUrls(url))}: ${errorMessage(error)}`, { cause: error });
};

/** Sends a request, without following redirects. */
function sendOnce(url: string, options: RegistryRequest): Promise<IncomingMessage> {
  const { method = "GET", headers = {}, body, isInsecure, signal } = options;
  const isSecure = url.startsWith("https:");
  const settings = {
    method,
    headers: { "user-agent": "ts-dockerclient", ...headers },
    ...(signal && { signal }),
    ...(isSecure && { rejectUnauthorized: isInsecure !== true }),
  };
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => reject(failed(url, method, error));
    const sent = (isSecure ? requestSecurely : request)(url, settings, resolve);
    sent.on("error", fail);
    sent.setTimeout(SILENCE, () => sent.destroy(new Error("i/o timeout")));
    if (body === undefined || isBytes(body)) sent.end(body);
    else pipeline(body, sent).catch(fail);
  });
}

/**
 * Sends a request and follows redirects, as registries use them for blobs. Credentials are sent to the first host only.
 *
 * @param url - the address.
 * @param options - the request.
 * @returns the response, whatever its status. It must be read or destroyed.
 * @throws {@link EngineError} with status 500 when there is no response.
 */
export async function send(url: string, options: RegistryRequest = {}): Promise<IncomingMessage> {
  let at = url;
  let headers = options.headers ?? {};
  for (let redirects = 0; redirects <= REDIRECTS; redirects += 1) {
    const response = await sendOnce(at, { ...options, headers });
    const { location } = response.headers;
    const isRedirect = [301, 302, 303, 307, 308].includes(response.statusCode ?? 0) && location !== undefined;
    const isRead = options.method === undefined || options.method === "GET" || options.method === "HEAD";
    if (!isRedirect || !isRead) return response;
    response.resume();
    const next = new URL(location, at);
    if (next.protocol !== "http:" && next.protocol !== "https:") throw failed(at, "GET", "invalid redirect");
    if (next.host !== new URL(at).host) {
      headers = Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== "authorization"));
    }
    at = next.href;
  }
  throw failed(url, "GET", `stopped after ${REDIRECTS} redirects`);
}

/** Reads a whole response. @throws {@link EngineError} when it is too long or breaks off. */
export async function readBody(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > BODY_LIMIT) throw new Error(`the response is longer than ${BODY_LIMIT} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    throw new EngineError(500, `reading the response of the registry: ${errorMessage(error)}`, { cause: error });
  }
  return Buffer.concat(chunks);
}

/**
 * Reads a whole response that is a JSON object.
 *
 * @param response - the response.
 * @param what - what the registry was asked for, for errors.
 * @throws {@link EngineError} when it is something else, is too long or breaks off.
 */
export async function readObject(response: IncomingMessage, what: string): Promise<Readonly<Record<string, unknown>>> {
  const text = (await readBody(response)).toString();
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    throw new EngineError(500, `unable to decode ${what}: ${errorMessage(error)}`, { cause: error });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new EngineError(500, `unable to decode ${what}: it is no JSON object`);
  return { ...value };
}
