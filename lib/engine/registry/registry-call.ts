import type { IncomingMessage, ServerResponse } from "node:http";
import type { RegistryState } from "./registry-state.js";

/** A request to the registry. */
export interface RegistryCall {
  /** The request. */
  readonly request: IncomingMessage;
  /** The response. */
  readonly response: ServerResponse;
  /** Name of the repository. */
  readonly repository: string;
  /** What follows the name and the kind of object: a tag, a digest, or the ID of an upload. */
  readonly object: string;
  /** The query string. */
  readonly query: URLSearchParams;
}

/** Answers a request. */
export type RegistryRoute = (call: RegistryCall, state: RegistryState) => void | Promise<void>;

/** Responds with JSON. */
export function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  const text = JSON.stringify(value);
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", "content-length": Buffer.byteLength(text) });
  response.end(response.req.method === "HEAD" ? undefined : text);
}
