import { mkdtemp, rm } from "node:fs/promises";
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server as HttpServer,
  type ServerResponse,
} from "node:http";
import { type AddressInfo, createServer as createNetServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { onTestFinished } from "vitest";

/** A directory that is removed after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tsdc-spec-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A server that exposes its connections. */
export interface Listening<S> {
  server: S;
  endpoint: string;
  /** The port, if it listens on TCP. */
  port: number;
  /** The connections that are open. */
  open: Set<Duplex>;
  /** Number of connections so far. */
  accepted: () => number;
  /** Ends every connection and stops listening. */
  stop: () => Promise<void>;
}

/**
 * Runs a server until the test has finished.
 *
 * @param where - the path of a unix socket, a port of 127.0.0.1, or nothing for a new unix socket.
 */
export async function listen<S extends Server>(server: S, where?: string | number): Promise<Listening<S>> {
  const open = new Set<Duplex>();
  let accepted = 0;
  server.on("connection", (socket: Socket) => {
    accepted += 1;
    open.add(socket);
    // many specs are about peers that disconnect
    socket.on("error", () => undefined).on("close", () => open.delete(socket));
  });
  const path = where ?? join(await temporaryFolder(), "docker.sock");
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    if (typeof path === "string") server.listen(path, resolve);
    else server.listen(path, "127.0.0.1", resolve);
  });
  const port = typeof path === "string" ? 0 : (server.address() as AddressInfo).port;
  const stop = async () => {
    for (const socket of open) socket.destroy();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  onTestFinished(stop);
  return {
    server,
    endpoint: typeof path === "string" ? `unix://${path}` : `tcp://127.0.0.1:${port}`,
    port,
    open,
    accepted: () => accepted,
    stop,
  };
}

/** Starts an HTTP server. */
export function httpServer(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
  where?: string | number,
): Promise<Listening<HttpServer>> {
  const server = createHttpServer({ keepAliveTimeout: 0 }, handle);
  server.on("clientError", (_error, socket) => socket.destroy());
  return listen(server, where);
}

/** Starts a server with a custom handler for each connection. */
export function netServer(serve: (socket: Socket) => void, where?: string | number): Promise<Listening<Server>> {
  return listen(createNetServer({ allowHalfOpen: true }, serve), where);
}

/** Reads the head of a request from a connection and passes it to the callback. */
export function onRequest(socket: Socket, answer: (head: string) => void): void {
  let head = "";
  const read = (chunk: Buffer) => {
    head += chunk.toString("latin1");
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) return;
    const whole = head;
    head = "";
    answer(whole);
  };
  socket.on("data", read);
}

/** Answers a request with a small body. */
export function ok(response: ServerResponse, content = "OK"): void {
  response.writeHead(200, { "Content-Type": "text/plain" });
  response.end(content);
}
