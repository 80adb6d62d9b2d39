import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { ConflictError, NotImplementedError } from "../../../lib/errors/api-error.js";
import { ProtocolError } from "../../../lib/errors/connection-errors.js";
import { ContainerPausedError, NoSuchContainerError } from "../../../lib/errors/container-errors.js";
import { UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { type Answer, recordingDaemon } from "../../support/recording-daemon.js";

/** Answers like a WebSocket server. */
const speaking = (talk: (socket: WebSocket) => void): Answer => ({
  // the server writes the whole response itself
  status: 200,
  upgrade: (socket, request) => {
    new WebSocketServer({ noServer: true }).handleUpgrade(request, socket, Buffer.alloc(0), talk);
  },
});

describe("Client.attachToContainerWebsocket", () => {
  it("receives output and sends input", async () => {
    const { client, requests, lines } = await recordingDaemon(
      speaking((socket) => {
        socket.send(Buffer.from("out\nerr"));
        socket.on("message", (data: Buffer, isBinary) => {
          socket.send(`got ${data.toString()} ${isBinary ? "binary" : "text"}`);
          socket.close();
        });
      }),
    );
    const attached = await client.attachToContainerWebsocket({ container: "we b" });
    attached.stdin.write("this");
    const { stdout, stderr } = await attached.collect();
    expect([stdout.toString(), stderr.length, attached.tty]).toEqual(["out\nerrgot this binary", 0, true]);
    expect(lines()).toEqual(["GET /v1.51/containers/we%20b/attach/ws?stderr=1&stdin=1&stdout=1&stream=1"]);
    expect(requests[0]?.headers).toMatchObject({
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": expect.stringMatching(/^[\w+/]{22}==$/),
    });
    await expect.poll(() => client.connections()).toBe(0);
  });

  it("sends every option", async () => {
    const { client, lines } = await recordingDaemon(speaking((socket) => socket.close()));
    const options = { logs: true, stream: false, stdin: false, stdout: false, stderr: undefined, detachKeys: "ctrl-x" };
    const attached = await client.attachToContainerWebsocket({ container: "web", ...options });
    await attached.wait();
    expect(lines()).toEqual(["GET /v1.51/containers/web/attach/ws?detachKeys=ctrl-x&logs=1&stderr=1&stdin=0&stdout=0&stream=0"]);
  });

  it("rejects the selection of streams before API 1.42", async () => {
    const { client, lines } = await recordingDaemon(
      speaking((socket) => socket.close()),
      { apiVersion: "1.41" },
    );
    await (await client.attachToContainerWebsocket({ container: "web" })).wait();
    expect(lines()).toEqual(["GET /v1.41/containers/web/attach/ws?stream=1"]);
    const failing = client.attachToContainerWebsocket({ container: "web", stderr: false });
    await expect(failing).rejects.toThrow(UnsupportedVersionError);
  });

  it("connects the caller's streams and ends the input when inputStream ends", async () => {
    const received: string[] = [];
    const { client } = await recordingDaemon(
      speaking((socket) => {
        socket.send("hello");
        socket.on("message", (data: Buffer) => received.push(data.toString()));
        socket.on("close", () => received.push("[end]"));
      }),
    );
    const outputStream = new PassThrough();
    const onConnected = () => void received.push("[connected]");
    const inputStream = Readable.from(["in", "put"]);
    const attached = await client.attachToContainerWebsocket({ container: "web", inputStream, outputStream, onConnected });
    await attached.wait();
    outputStream.end();
    expect(await text(outputStream)).toBe("hello");
    await expect.poll(() => received.join("")).toBe("[connected]input[end]");
  });

  it.each([
    ["no accept header", { status: 101, upgrade: () => undefined }],
    ["a wrong accept header", { headers: { "Sec-WebSocket-Accept": "bm8=" }, upgrade: () => undefined }],
    ["no upgrade", { handle: (_request, response) => response.end("hello") }],
  ] satisfies [string, Answer][])("rejects a response with %s", async (_, answer) => {
    const { client, server } = await recordingDaemon(answer);
    if ("handle" in answer) server.removeAllListeners("upgrade");
    const failing = client.attachToContainerWebsocket({ container: "web", stdin: false });
    await expect(failing).rejects.toThrow(ProtocolError);
    await expect(failing).rejects.toThrow("the response to attachToContainerWebsocket is not a valid WebSocket handshake");
    await expect.poll(() => client.connections()).toBe(0);
  });

  it.each([
    [404, "No such container: web", NoSuchContainerError],
    [404, "Not Found", NotImplementedError],
    [409, "container web is paused, unpause the container before attach", ContainerPausedError],
    [409, "something else", ConflictError],
  ])("maps %i (%s) to its error class", async (status, message, expected) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    await expect(client.attachToContainerWebsocket({ container: "web" })).rejects.toThrow(expected);
  });

  it("rejects an empty container ID", async () => {
    const { client, requests } = await recordingDaemon();
    await expect(client.attachToContainerWebsocket({ container: "" })).rejects.toThrow(NoSuchContainerError);
    expect(requests).toEqual([]);
  });
});
