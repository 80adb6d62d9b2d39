import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { packEntries } from "../../lib/archive/index.js";

export interface RecordingEngine {
  endpoint: string;
  /** Returns the requests since the last call: method, path, and the length of the body. */
  requests: () => string[];
  close: () => Promise<void>;
}

const json = { "Content-Type": "application/json" };
const directory = { name: "srv", size: 4096, mode: 0x8000_01ed, mtime: "2024-01-01T00:00:00Z", linkTarget: "" };

const frame = (stream: number, text: string): Buffer => {
  const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
};

const served = () =>
  packEntries([
    { name: "srv", directory: true },
    { name: "srv/page.html", content: Buffer.alloc(200_000, "p") },
  ]);

/** Sends messages one by one, so that clients wait for each. */
async function stream(response: ServerResponse, messages: readonly object[]): Promise<void> {
  response.writeHead(200, json);
  for (const message of messages) {
    response.write(`${JSON.stringify(message)}\r\n`);
    await sleep(2);
  }
  response.end();
}

async function answer(path: string, response: ServerResponse): Promise<void> {
  const send = (status: number, body?: object) => response.writeHead(status, json).end(body && JSON.stringify(body));
  switch (path) {
    case "GET /_ping":
      response.writeHead(200, { "API-Version": "1.51", OSType: "linux" }).end("OK");
      return;
    case "GET /version":
      return void send(200, { Version: "28.0.0", ApiVersion: "1.51", MinAPIVersion: "1.24" });
    case "GET /containers/web/json":
      return void send(200, { Id: "web", State: { Running: false }, Config: { StdinOnce: true, OpenStdin: true, Tty: false } });
    case "POST /containers/web/kill":
      return void send(204);
    case "POST /build":
      return stream(response, [{ stream: "Step 1/2 : FROM scratch\n" }, { aux: { ID: "sha256:built" } }, { stream: "done\n" }]);
    case "POST /images/create":
      return stream(
        response,
        Array.from({ length: 20 }, (_, index) => ({ status: "Downloading", id: "layer", progressDetail: { current: index } })),
      );
    case "HEAD /containers/web/archive":
    case "GET /containers/web/archive":
      response.writeHead(200, {
        "Content-Type": "application/x-tar",
        "X-Docker-Container-Path-Stat": Buffer.from(JSON.stringify(directory)).toString("base64"),
      });
      if (path.startsWith("HEAD")) response.end();
      else served().pipe(response);
      return;
    case "PUT /containers/web/archive":
      return void send(200);
    case "POST /containers/web/exec":
      return void send(201, { Id: "e1" });
    case "GET /exec/e1/json":
      return void send(200, { ID: "e1", Running: false, ExitCode: 3, Pid: 7, ContainerID: "web", ProcessConfig: {} });
    case "GET /containers/web/logs":
      response.writeHead(200, { "Content-Type": "application/vnd.docker.multiplexed-stream" });
      response.end(frame(1, "2024-01-01T00:00:00.000000000Z logged\n"));
      return;
    case "GET /events":
      response.writeHead(200, json);
      response.flushHeaders();
      await sleep(20);
      response.write(`${JSON.stringify({ Type: "container", Action: "start", Actor: { ID: "web" }, time: 1, timeNano: 1 })}\n`);
      return;
    case "POST /containers/web/wait":
      response.writeHead(200, json);
      response.flushHeaders(); // the container never ends
      return;
    default:
      return void send(404, { message: `No such container: ${path}` });
  }
}

/** Returns the input on standard output, and an error. */
function echo(socket: Duplex, head: Buffer): void {
  socket.write("HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\n");
  socket.write("Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
  const input = [head];
  socket.on("data", (chunk: Buffer) => input.push(chunk));
  socket.on("end", () => socket.end(Buffer.concat([frame(1, Buffer.concat(input).toString()), frame(2, "oops\n")])));
}

/** Starts an engine on a unix socket that answers the requests of `program.ts` and records them. */
export async function recordingEngine(): Promise<RecordingEngine> {
  const folder = await mkdtemp(join(tmpdir(), "tsdc-engine-"));
  const socketPath = join(folder, "docker.sock");
  let requests: string[] = [];
  const record = ({ method = "", url = "" }: IncomingMessage, length: number): string => {
    requests.push(`${method} ${url} ${length}`);
    return `${method} ${url.replace(/^\/v1\.51(?=\/)/, "").replace(/\?.*/, "")}`;
  };
  const server = createServer((request, response) => {
    void buffer(request).then(({ length }) => answer(record(request, length), response));
  });
  const sockets = new Set<Duplex>();
  server.on("connection", (socket) => {
    sockets.add(socket.on("close", () => sockets.delete(socket)));
  });
  server.on("upgrade", (request, socket: Duplex, head: Buffer) => {
    const length = Number(request.headers["content-length"] ?? 0);
    const proceed = (rest: Buffer): void => {
      if (rest.length < length) {
        socket.once("data", (chunk: Buffer) => proceed(Buffer.concat([rest, chunk])));
        return;
      }
      record(request, length);
      echo(socket, rest.subarray(length));
    };
    proceed(head);
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return {
    endpoint: `unix://${socketPath}`,
    requests: () => {
      const recorded = requests;
      requests = [];
      return recorded;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true });
    },
  };
}
