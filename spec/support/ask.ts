import { type IncomingHttpHeaders, request as requestHttp, type RequestOptions } from "node:http";
import { request as requestHttps } from "node:https";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";

/** A response. */
export interface Response {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A request, with certificates if it goes over TLS. */
export interface Question extends Omit<RequestOptions, "headers"> {
  path: string;
  headers?: Record<string, string>;
  body?: string;
  tls?: { ca?: string; cert?: string; key?: string };
}

/** Returns where an endpoint is, as `node:net` and `node:http` have it. */
function addressOf(endpoint: string): { path: string } | { host: string; port: number } {
  if (endpoint.startsWith("unix://")) return { path: endpoint.slice("unix://".length) };
  const { hostname, port } = new URL(endpoint.replace(/^tcp:/, "http:"));
  return { host: hostname, port: Number(port) };
}

/** Sends a request on a connection of its own. Rejects when there is no response. */
export function ask(endpoint: string, { body, tls, ...options }: Question): Promise<Response> {
  const at = addressOf(endpoint);
  const place = "path" in at ? { socketPath: at.path } : at;
  return new Promise((resolve, reject) => {
    const send = tls ? requestHttps : requestHttp;
    const sent = send({ agent: false, ...options, ...place, ...tls }, (response) => {
      text(response).then((read) => resolve({ status: response.statusCode ?? 0, headers: response.headers, text: read }), reject);
    });
    sent.once("error", reject);
    sent.end(body);
  });
}

/** A connection that a spec writes to byte for byte. */
export interface RawConnection {
  readonly socket: Socket;
  /** Everything that arrived, when the server has closed the connection. */
  readonly closed: Promise<string>;
}

/** Opens a connection to an endpoint. */
export function openRaw(endpoint: string, bytes = ""): RawConnection {
  const socket = connect(addressOf(endpoint));
  let arrived = "";
  socket.on("data", (chunk: Buffer) => (arrived += chunk.toString())).on("error", () => undefined);
  if (bytes !== "") socket.write(bytes);
  return { socket, closed: new Promise((resolve) => socket.once("close", () => resolve(arrived))) };
}
