import type { IncomingMessage } from "node:http";
import { publicUrls } from "../wire/secrets.js";
import { EngineError } from "./engine-error.js";
import { readBody, send } from "./registry/http.js";

/**
 * Opens what is at a URL, following redirects.
 *
 * @param url - an address of HTTP or HTTPS.
 * @param signal - cancels the transfer.
 * @throws an {@link EngineError} with status 404 when nothing is there, and 500 when the host does not deliver it.
 */
export async function openRemote(url: string, signal: AbortSignal): Promise<IncomingMessage> {
  const response = await send(url, { signal });
  const { statusCode = 0, statusMessage = "" } = response;
  if (statusCode < 400) return response;
  const body = (await readBody(response)).toString().trim();
  const reason = `failed to GET ${publicUrls(url)} with status ${statusCode} ${statusMessage}`;
  throw new EngineError(statusCode === 404 ? 404 : 500, body === "" ? reason : `${reason}: ${body}`);
}
