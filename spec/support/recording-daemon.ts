import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { onTestFinished } from "vitest";
import { Client } from "../../lib/client.js";
import type { ClientOptions } from "../../lib/core/client-options.js";

/** A request as received. */
export interface RecordedRequest {
  /** Method and path with query, such as `POST /v1.41/containers/x/kill?signal=SIGTERM`. */
  line: string;
  headers: IncomingMessage["headers"];
  body: Buffer;
}

/** A response of the daemon. */
export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  /** An object is sent as JSON. */
  body?: unknown;
  /** Writes the response itself. */
  handle?: (request: IncomingMessage, response: ServerResponse) => void;
  /** Handles the upgraded connection after a 101. */
  upgrade?: (socket: Duplex, request: IncomingMessage) => void;
}

/** Inspections of a container or a command. */
const inspection = /^GET \/v[\d.]+\/(?:containers|exec)\/[^/]+\/json$/;

/** The inspection of a container or command that has ended, with a standard input for one client. */
const ended = { State: { Running: false }, Config: { StdinOnce: true }, Running: false, ExitCode: 0 };

export interface RecordingDaemon {
  client: Client;
  /** Every request except pings of the version negotiation and inspections for which an `upgrade` is prepared. */
  requests: RecordedRequest[];
  /** The lines of `requests`. */
  lines: () => string[];
  endpoint: string;
  server: Server;
}

/**
 * Starts a server on a unix socket that records requests and sends prepared responses, and a client for it. An inspection for
 * which an `upgrade` is prepared, before or after an attachment, reports that the container or command has ended.
 *
 * @param answers - one response for every request, or one for each in turn (the last is repeated), or a function of the request.
 * @param options - options of the client; by default the API version is pinned to 1.51, so that no ping is sent.
 */
export async function recordingDaemon(
  answers: Answer | Answer[] | ((request: RecordedRequest) => Answer) = {},
  options: ClientOptions = {},
): Promise<RecordingDaemon> {
  const folder = await mkdtemp(join(tmpdir(), "tsdc-spec-"));
  const socketPath = join(folder, "docker.sock");
  const requests: RecordedRequest[] = [];
  const answerOf = (request: RecordedRequest): Answer => {
    requests.push(request);
    if (typeof answers === "function") return answers(request);
    if (Array.isArray(answers)) return answers[Math.min(requests.length, answers.length) - 1] ?? {};
    return answers;
  };
  const sockets = new Set<Duplex>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const line = `${request.method ?? ""} ${request.url ?? ""}`;
      const {
        status = 200,
        headers = {},
        body,
        handle,
        upgrade,
      } = answerOf({ line, headers: request.headers, body: Buffer.concat(chunks) });
      if (upgrade && inspection.test(line)) {
        requests.pop();
        // no idle connection is left behind: specs count connections
        response.writeHead(200, { "Content-Type": "application/json", Connection: "close" });
        response.end(JSON.stringify(ended));
        return;
      }
      if (handle) {
        handle(request, response);
        return;
      }
      const json = body !== undefined && typeof body !== "string" && !Buffer.isBuffer(body);
      response.writeHead(status, { ...(json ? { "Content-Type": "application/json" } : {}), ...headers });
      response.end(json ? JSON.stringify(body) : body);
    });
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.on("upgrade", (request, socket, head) => {
    const length = Number(request.headers["content-length"] ?? 0);
    const chunks: Buffer[] = [head];
    const proceed = () => {
      const rest = Buffer.concat(chunks);
      if (rest.length < length) return;
      socket.off("data", collect);
      if (rest.length > length) socket.unshift(rest.subarray(length));
      const line = `${request.method ?? ""} ${request.url ?? ""}`;
      const {
        status = 101,
        headers = {},
        body,
        upgrade,
      } = answerOf({ line, headers: request.headers, body: rest.subarray(0, length) });
      const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      if (!upgrade) {
        const text = typeof body === "string" ? body : JSON.stringify(body ?? {});
        socket.end(`HTTP/1.1 ${status} Answer\r\nContent-Length: ${Buffer.byteLength(text)}\r\n${fields.join("")}\r\n${text}`);
        return;
      }
      if (status === 101) socket.write(`HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n${fields.join("")}\r\n`);
      upgrade(socket, request);
    };
    const collect = (chunk: Buffer) => {
      chunks.push(chunk);
      proceed();
    };
    socket.on("data", collect);
    proceed();
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  const endpoint = `unix://${socketPath}`;
  const client = new Client({ endpoint, apiVersion: "1.51", auth: false, ...options });
  onTestFinished(async () => {
    await client.close();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
  });
  return { client, requests, lines: () => requests.map(({ line }) => line), endpoint, server };
}

/** Multiplexed frames, from pairs of stream number and content. */
export function frames(...parts: [stream: number, data: string | Buffer][]): Buffer {
  return Buffer.concat(
    parts.flatMap(([stream, data]) => {
      const payload = Buffer.from(data);
      const header = Buffer.alloc(8);
      header[0] = stream;
      header.writeUInt32BE(payload.length, 4);
      return [header, payload];
    }),
  );
}
