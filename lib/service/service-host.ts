import type { IncomingMessage } from "node:http";
import { errorMessage, isError } from "../wire/realm.js";
import { type Access } from "./access.js";
import type { ListenAddress } from "./listen-address.js";
import { type ServiceLogger, silentLogger } from "./log.js";
import { readAccess } from "./read-access.js";
import type { ServiceOptions } from "./service-options.js";
import {
  type ConnectionLimits,
  pathOf,
  type RequestOutcome,
  send,
  sendJson,
  sendText,
  type ServiceCall,
  ServiceServer,
} from "./service-server.js";

/** Whether a service can do its work. */
export type Readiness =
  { readonly ready: true; readonly apiVersion: string | undefined } | { readonly ready: false; readonly reason: string };

/** What a service does besides what all do. */
export interface HostedService {
  /** Serves a request. */
  serve(call: ServiceCall, path: string): Promise<void>;
  /** Returns whether the service can do its work. */
  ready(): Promise<Readiness>;
  /** Returns the measurements, in the format of Prometheus. */
  metrics(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** Serves a service: checks callers, tells whether it is healthy and ready, gives its measurements, and logs each request. */
export class ServiceHost {
  readonly #hosted: HostedService;
  readonly #options: ServiceOptions;
  readonly #log: ServiceLogger;
  readonly #server: ServiceServer;
  readonly #endpoints: string[] = [];
  #access: Access;
  #isDraining = false;

  /** @throws a `TypeError` if the tokens are invalid. */
  constructor(hosted: HostedService, options: ServiceOptions, limits: ConnectionLimits) {
    this.#hosted = hosted;
    this.#options = options;
    this.#log = options.logger ?? silentLogger;
    this.#access = readAccess(options);
    this.#server = new ServiceServer(
      {
        access: () => this.#access,
        open: new Set(["/healthz", "/readyz"]),
        serve: (call) => this.#serve(call),
        onEnd: (request, outcome) => this.#logRequest(request, outcome),
      },
      limits,
    );
  }

  /** Where the service listens. */
  get endpoints(): readonly string[] {
    return this.#endpoints;
  }

  /** Listens on an address as well. */
  async listen(address: ListenAddress): Promise<void> {
    this.#endpoints.push(await this.#server.listen(address));
  }

  /** Reads who may call the service again. */
  reload(): void {
    this.#access = readAccess(this.#options);
  }

  /** Tells callers that the service is not ready, and waits for the requests that are being served. */
  async drain(grace: number): Promise<void> {
    this.#isDraining = true;
    await this.#server.drain(grace);
  }

  /** Stops to listen, and closes all connections. */
  async close(): Promise<void> {
    await this.#server.close();
  }

  async #serve(call: ServiceCall): Promise<void> {
    try {
      await this.#route(call);
    } catch (error) {
      this.#log.error({ error: describeFault(error) }, "fault");
      sendText(call.response, 500, "internal error");
    }
  }

  async #route(call: ServiceCall): Promise<void> {
    const { request, response } = call;
    const path = pathOf(request);
    const isRead = request.method === "GET" || request.method === "HEAD";
    if (isRead && path === "/healthz") sendText(response, 200, "ok");
    else if (isRead && path === "/readyz") {
      const readiness: Readiness = this.#isDraining
        ? { ready: false, reason: "the service is shutting down" }
        : await this.#hosted.ready();
      sendJson(response, readiness.ready ? 200 : 503, readiness);
    } else if (isRead && path === "/metrics") {
      const { contentType, text } = await this.#hosted.metrics();
      send(response, 200, contentType, text);
    } else await this.#hosted.serve(call, path);
  }

  #logRequest(request: IncomingMessage, { status, bytes, milliseconds }: RequestOutcome): void {
    const facts = {
      method: request.method,
      path: pathOf(request),
      status,
      bytes,
      milliseconds: Math.round(milliseconds),
      caller: request.socket.remoteAddress,
    };
    this.#log.info({ ...facts, agent: request.headers["user-agent"] }, "request");
  }
}

/** What the log says of a fault. */
export function describeFault(error: unknown): string {
  return isError(error) ? (error.stack ?? error.message) : errorMessage(error);
}
