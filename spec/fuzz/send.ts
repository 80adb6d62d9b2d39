import { type IncomingHttpHeaders, request, type RequestOptions } from "node:http";
import { Finding } from "./kind.js";

/** How long an answer may take before the caller leaves, in milliseconds: some calls wait for what never happens. */
const PATIENCE = 250;

/** A response of a service; status 0 if its caller left before. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Sends a request, and leaves when the answer takes too long. Fails when the service does not accept the connection. */
export function send(options: RequestOptions, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let status = 0;
    let answered: IncomingHttpHeaders = {};
    const parts: Buffer[] = [];
    const end = (isWhole: boolean): void => {
      clearTimeout(timer);
      sent.destroy();
      resolve({ status: isWhole ? status : 0, headers: answered, body: Buffer.concat(parts) });
    };
    const sent = request({ ...options, agent: false });
    const timer = setTimeout(() => end(false), PATIENCE);
    sent.on("response", (response) => {
      status = response.statusCode ?? 0;
      answered = response.headers;
      response
        .on("data", (part: Buffer) => parts.push(part))
        .on("end", () => end(true))
        .on("error", () => end(false));
    });
    sent.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "ECONNREFUSED" || error.code === "ENOENT"
        ? reject(new Finding(`the service is gone: ${error.message}`))
        : end(false),
    );
    sent.end(body);
  });
}
