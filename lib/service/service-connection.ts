import { Agent as HttpAgent, type IncomingMessage, request as requestHttp, type RequestOptions } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import { InvalidOptionError } from "../errors/usage-errors.js";

/** Certificates of a caller, in PEM format. @category Services on this machine */
export interface ServiceClientTls {
  /** Certificates of the authorities that sign the certificate of the service. Those of Node.js by default. */
  ca?: string | Buffer;
  /** Certificate of the caller. */
  cert?: string | Buffer;
  /** Private key of the certificate. */
  key?: string | Buffer;
}

/** Where a service is, and who calls it. @category Services on this machine */
export interface ServiceClientOptions {
  /** The service: `tcp://host:port`, `https://host:port` or `unix:///path`. */
  endpoint?: string;
  /** Token of the caller. */
  token?: string;
  /** Certificates. With them, `tcp://` uses TLS. */
  tls?: ServiceClientTls;
  /** The most connections. 16 by default. */
  maxConnections?: number;
}

/** A request to a service. */
export interface ServiceRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON; undefined for a request without a body. */
  readonly body?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Connections to a service, with the credentials of its caller. */
export class ServiceConnection {
  /** The service. */
  readonly endpoint: string;
  readonly #address: RequestOptions;
  readonly #token: string | undefined;
  readonly #isTls: boolean;
  readonly #connections: HttpAgent;

  /**
   * @param fallback - the endpoint if the options have none.
   * @param options - the service and its caller.
   * @throws {@link InvalidOptionError} when the endpoint is invalid.
   */
  constructor(fallback: string, { endpoint = fallback, token, tls, maxConnections = 16 }: ServiceClientOptions) {
    this.endpoint = endpoint;
    this.#address = { ...parseEndpoint(endpoint), ...tls };
    this.#token = token;
    this.#isTls = endpoint.startsWith("https:") || (tls !== undefined && !endpoint.startsWith("unix:"));
    const pool = { keepAlive: true, maxSockets: maxConnections };
    this.#connections = this.#isTls ? new HttpsAgent({ ...pool, ...tls }) : new HttpAgent(pool);
  }

  /** Sends a request. Resolves to its response, whatever its status; rejects if there is none. */
  send({ method, path, headers, body, signal }: ServiceRequest): Promise<IncomingMessage> {
    const send = this.#isTls ? requestHttps : requestHttp;
    return new Promise((resolve, reject) => {
      const request = send({
        ...this.#address,
        agent: this.#connections,
        method,
        path,
        ...(signal && { signal }),
        headers: {
          ...(body !== undefined && { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) }),
          ...(this.#token !== undefined && { Authorization: `Bearer ${this.#token}` }),
          ...headers,
        },
      });
      request.once("response", resolve);
      request.once("error", reject);
      request.end(body);
    });
  }

  /** Closes the connections. */
  close(): void {
    this.#connections.destroy();
  }
}

/** Reads the whole body of a response. Rejects if the connection breaks before its end. */
export function readText(response: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    response.on("data", (chunk: Buffer) => chunks.push(chunk));
    response.once("end", () => resolve(Buffer.concat(chunks).toString()));
    response.once("error", reject);
  });
}

/** Parses the endpoint of a service. */
function parseEndpoint(endpoint: string): RequestOptions {
  if (/^unix:\/\/\/./.test(endpoint)) return { socketPath: endpoint.slice("unix://".length) };
  const [, host, port] = /^(?:tcp|https?):\/\/(\[[\da-f:.]+\]|[^:/[\]]+):(\d+)\/?$/i.exec(endpoint) ?? [];
  if (host !== undefined && port !== undefined) return { host: host.replace(/^\[(.*)\]$/, "$1"), port: Number(port) };
  const message = `the endpoint ${JSON.stringify(endpoint)} is invalid: use tcp://host:port, https://host:port or unix:///path`;
  throw new InvalidOptionError("endpoint", message);
}
