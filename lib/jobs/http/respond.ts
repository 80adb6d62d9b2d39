import type { ServerResponse } from "node:http";
import { send, sendJson } from "../../service/service-server.js";
import { type JobError, JobFailure } from "../errors.js";
import { containersTable, type ListContainersData } from "../requests/lists.js";
import type { PendingValue } from "../response/job-response.js";
import type { Head, OutcomeReader } from "../response/outcome.js";
import { toWire } from "./wire.js";

/** What a caller accepts. */
export interface Accepted {
  /** Whether the caller wants a table in place of JSON. */
  readonly isTable: boolean;
  /** Whether the caller wants output at all. */
  readonly takesOutput: boolean;
}

/** The HTTP status of each kind of failure. */
const STATUS: Record<JobFailure, number> = {
  [JobFailure.Error]: 500,
  [JobFailure.AlreadyExists]: 409,
  [JobFailure.NotFound]: 404,
  [JobFailure.InvalidRequest]: 400,
  [JobFailure.RateLimit]: 429,
  [JobFailure.NotAcceptable]: 406,
};

/** Sends a failure. */
export function sendFailure(response: ServerResponse, { failure, message, data }: JobError): void {
  if (response.headersSent) return;
  if (data?.retryAfter !== undefined) response.setHeader("Retry-After", Math.ceil(data.retryAfter / 1_000));
  sendJson(response, STATUS[failure], { Message: message, ...(data && { Data: toWire(data) }) });
}

/** Sends the response of a job over HTTP. */
export class HttpReader implements OutcomeReader {
  readonly #response: ServerResponse;
  readonly #accepted: Accepted;
  #isOpen = false;

  constructor(response: ServerResponse, accepted: Accepted) {
    this.#response = response;
    this.#accepted = accepted;
  }

  head(head: Head): void {
    if (head.kind === "failure") {
      sendFailure(this.#response, head.error);
      return;
    }
    this.#setPending(head.pending);
    if (head.kind === "success") {
      this.#sendData(head.data);
      return;
    }
    this.#isOpen = this.#accepted.takesOutput;
    const type = head.options.structured ? "application/json; charset=utf-8" : "text/plain; charset=utf-8";
    if (this.#isOpen) this.#response.writeHead(202, { "Content-Type": type, "X-Content-Type-Options": "nosniff" }).flushHeaders();
    else this.#response.writeHead(204).end();
  }

  output(chunk: Uint8Array): Promise<void> | undefined {
    const response = this.#response;
    if (!this.#isOpen || response.destroyed || response.write(chunk)) return undefined;
    return new Promise((resolve) => {
      const go = (): void => {
        response.off("drain", go);
        response.off("close", go);
        resolve();
      };
      response.on("drain", go);
      response.on("close", go);
    });
  }

  end(): void {
    if (!this.#response.writableEnded) this.#response.end();
  }

  #setPending(pending: ReadonlyMap<string, PendingValue>): void {
    for (const [name, value] of pending) this.#response.setHeader(`X-${name}`, value.toHeader());
  }

  #sendData(data: object | undefined): void {
    if (data === undefined) this.#response.writeHead(204).end();
    else if (!this.#accepted.isTable) sendJson(this.#response, 200, toWire(data));
    else if ("containers" in data)
      send(this.#response, 200, "text/plain; charset=utf-8", containersTable(data as ListContainersData));
    else sendJson(this.#response, 406, { Message: "The content type you requested is not available for this action." });
  }
}
