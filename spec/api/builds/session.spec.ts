import { type ClientHttp2Session, connect, performServerHandshake } from "node:http2";
import type { Duplex } from "node:stream";
import { describe, expect, it } from "vitest";
import type { SessionOptions } from "../../../lib/api/builds/session-operations.js";
import { BadRequestError, NotImplementedError, ServerError } from "../../../lib/errors/api-error.js";
import { AbortError } from "../../../lib/errors/connection-errors.js";
import { InvalidOptionError, UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

/** Accepts an upgraded connection and does nothing with it. */
const silent = { upgrade: () => undefined };

/** The answer to a request over HTTP/2. */
async function answerOf(http2: ClientHttp2Session, path: string): Promise<string> {
  const stream = http2.request({ ":method": "POST", ":path": path });
  stream.end();
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer); // without an encoding, chunks are buffers
  return Buffer.concat(chunks).toString();
}

describe("Client.session", () => {
  it.each<[SessionOptions, Record<string, string>]>([
    [{ id: "s1" }, { "x-docker-expose-session-uuid": "s1" }],
    [
      { id: "s1", name: "build of app", sharedKey: "k", methods: "/moby.filesync.v1.Auth/Credentials" },
      {
        "x-docker-expose-session-uuid": "s1",
        "x-docker-expose-session-name": "build of app",
        "x-docker-expose-session-sharedkey": "k",
        "x-docker-expose-session-grpc-method": "/moby.filesync.v1.Auth/Credentials",
      },
    ],
    [{ id: "s1", methods: [] }, { "x-docker-expose-session-uuid": "s1" }],
  ])("sends %j", async (options, expected) => {
    const { client, requests, lines } = await recordingDaemon(silent);
    const connection = await client.session(options);
    connection.destroy();
    expect(lines()).toEqual(["POST /v1.51/session"]);
    const { headers } = requests[0] ?? { headers: {} };
    expect(headers).toMatchObject({ connection: "Upgrade", upgrade: "h2c", ...expected });
    const own = Object.keys(headers).filter((name) => name.startsWith("x-"));
    expect(own.sort()).toEqual(Object.keys(expected).sort());
  });

  it.each([false, true])("sends each method in a separate header (with an interceptor: %s)", async (intercepted) => {
    let raw: string[] = [];
    const { client } = await recordingDaemon({ upgrade: (_socket, { rawHeaders }) => (raw = rawHeaders) });
    if (intercepted) client.axios.interceptors.request.use((request) => request);
    const connection = await client.session({ id: "s1", methods: ["/a.A/B", "/c.C/D"] });
    connection.destroy();
    const values = raw.filter((_, index) => raw[index - 1] === "X-Docker-Expose-Session-Grpc-Method");
    expect(values).toEqual(["/a.A/B", "/c.C/D"]);
  });

  it("returns a connection on which the engine calls the client", async () => {
    let called: Promise<string> | undefined;
    const { client } = await recordingDaemon({
      upgrade: (socket: Duplex) => {
        const http2 = connect("http://docker", { createConnection: () => socket });
        called = answerOf(http2, "/grpc.health.v1.Health/Check").finally(() => {
          http2.close();
        });
      },
    });
    const http2 = performServerHandshake(await client.session({ id: "s1" }));
    http2.on("stream", (stream, headers) => {
      stream.respond({ ":status": 200 });
      stream.end(`served ${headers[":path"] ?? ""}`);
    });
    const closed = new Promise((resolve) => http2.once("close", resolve));
    await expect.poll(() => called).toBeDefined();
    expect(await called).toBe("served /grpc.health.v1.Health/Check");
    await closed;
    await expect.poll(() => client.connections()).toBe(0);
  });

  it("ends when it is aborted or the client is closed", async () => {
    const { client } = await recordingDaemon(silent);
    const abort = new AbortController();
    const first = await client.session({ id: "s1" }, { signal: abort.signal });
    const failure = new Promise((resolve) => first.once("error", resolve));
    abort.abort();
    expect(await failure).toBeInstanceOf(AbortError);
    const second = await client.session({ id: "s2" });
    second.on("error", () => undefined);
    await client.close();
    await expect.poll(() => second.destroyed).toBe(true);
  });

  it.each([
    [400, "session s1 already exists", BadRequestError],
    [404, "Not Found", NotImplementedError],
    [500, "the disk is full", ServerError],
  ])("maps %i %s to a typed error", async (status, message, expected) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    const error = await client.session({ id: "s1" }).catch((e: unknown) => e);
    expect((error as Error).constructor).toBe(expected);
    expect(error).toMatchObject({ status, reason: message, operation: "session" });
  });

  it.each<[unknown, string]>([
    [{}, "id"],
    [{ id: 5 }, "id"],
    [{ id: "" }, "id"],
    [{ id: "s1", methods: [5] }, "methods"],
    [{ id: "s1\r\nX-Registry-Auth: a" }, "headers"],
    [{ id: "s1", methods: ["/a\r\nb"] }, "headers"],
  ])("rejects %j", async (options, option) => {
    const { client, lines } = await recordingDaemon(silent);
    const error = await client.session(options as SessionOptions).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(error).toMatchObject({ option, operation: "session" });
    expect(lines()).toEqual([]);
  });

  it("requires API 1.31", async () => {
    const { client, lines } = await recordingDaemon(silent, { apiVersion: "1.30" });
    await expect(client.session({ id: "s1" })).rejects.toBeInstanceOf(UnsupportedVersionError);
    expect(lines()).toEqual([]);
  });
});

describe("Client.grpc", () => {
  it("returns a connection on which the client calls the engine", async () => {
    const { client, requests, lines } = await recordingDaemon({
      upgrade: (socket: Duplex) => {
        performServerHandshake(socket).on("stream", (stream, headers) => {
          stream.respond({ ":status": 200 });
          stream.end(`served ${headers[":path"] ?? ""}`);
        });
      },
    });
    const connection = await client.grpc();
    const http2 = connect("http://docker", { createConnection: () => connection });
    expect(await answerOf(http2, "/moby.buildkit.v1.Control/ListWorkers")).toBe("served /moby.buildkit.v1.Control/ListWorkers");
    await new Promise<void>((resolve) => http2.close(resolve));
    await expect.poll(() => client.connections()).toBe(0);
    expect(lines()).toEqual(["POST /v1.51/grpc"]);
    expect(requests[0]?.headers).toMatchObject({ connection: "Upgrade", upgrade: "h2c" });
  });

  it("rejects when the engine has no BuildKit", async () => {
    const { client } = await recordingDaemon({ status: 404, body: "Not Found" });
    await expect(client.grpc()).rejects.toBeInstanceOf(NotImplementedError);
  });

  it("requires API 1.39", async () => {
    const { client, lines } = await recordingDaemon(silent, { apiVersion: "1.38" });
    await expect(client.grpc()).rejects.toBeInstanceOf(UnsupportedVersionError);
    expect(lines()).toEqual([]);
  });
});
