import { once } from "node:events";
import { request } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import type { EmbeddedEngine } from "../../../lib/engine/embedded-engine.js";
import { BOX, type StartedEngine, startEngine } from "../../support/embedded-engine.js";

const socketOf = (engine: EmbeddedEngine): string => engine.endpoint.slice("unix://".length);

/** A WebSocket of a client that knows nothing of Docker, and what it has received: messages and the code of the end. */
function connect(
  { engine }: StartedEngine,
  path: string,
): { socket: WebSocket; received: (string | number)[]; closed: Promise<unknown> } {
  const socket = new WebSocket(`ws+unix://${socketOf(engine)}:${path}`);
  const received: (string | number)[] = [];
  socket.on("message", (data: Buffer, isBinary) => received.push(`${isBinary ? "binary" : "text"} ${data.toString()}`));
  socket.on("close", (code) => received.push(code));
  onTestFinished(() => socket.terminate());
  return { socket, received, closed: once(socket, "close") };
}

async function created({ client }: StartedEngine, script: string, config: object = {}): Promise<string> {
  return (await client.createContainer({ config: { Image: BOX, Cmd: ["sh", "-c", script], ...config } })).Id;
}

test("output comes as binary messages, and the end of the container closes the connection normally", async () => {
  const started = await startEngine();
  const id = await created(started, "cat; echo err >&2", { OpenStdin: true, StdinOnce: true });
  const { socket, received, closed } = connect(started, `/v1.51/containers/${id}/attach/ws?stream=1&stdin=1&stdout=1&stderr=1`);
  await once(socket, "open");
  await started.client.startContainer({ id });
  socket.send("text\n");
  socket.send(Buffer.from("fragm"), { fin: false });
  socket.send(Buffer.from("ents\n"), { fin: true });
  socket.ping("are you there");
  expect(String((await once(socket, "pong"))[0])).toBe("are you there");
  await expect.poll(() => received.join("")).toContain("fragments");
  expect(received.map((message) => String(message).replace(/^binary /, "")).join("")).toBe("text\nfragments\n");
  expect(received.every((message) => String(message).startsWith("binary "))).toBe(true);
  socket.close();
  await closed;
  await started.client.waitContainer({ id });
});

test.each([
  ["only chosen streams", "/v1.51", "stdout=1", ["binary out\n", 1000]],
  ["no stream without a choice", "/v1.51", "", [1000]],
  ["all streams before API 1.42", "/v1.41", "", ["binary out\n", "binary err\n", 1000]],
])("earlier output is sent: %s", async (_, version, streams, expected) => {
  const started = await startEngine();
  const id = await created(started, "echo out; echo err >&2");
  await started.client.startContainer({ id });
  await started.client.waitContainer({ id });
  const { received, closed } = connect(started, `${version}/containers/${id}/attach/ws?logs=1&${streams}`);
  await closed;
  expect(received).toEqual(expected);
});

test("a client that ends its side is sent the rest of the output", async () => {
  const started = await startEngine();
  const id = await created(started, "cat; echo after", { OpenStdin: true, StdinOnce: true });
  const path = `/v1.51/containers/${id}/attach/ws?stream=1&stdin=1&stdout=1`;
  await started.client.attachToContainerWebsocket({ container: id }).then(async (attached) => {
    await started.client.startContainer({ id });
    attached.stdin.end("before\n");
    expect((await attached.collect()).stdout.toString()).toBe("before\nafter\n");
  });
  await started.client.startContainer({ id });
  const { socket } = connect(started, path);
  await once(socket, "open");
  socket.terminate(); // a client that vanishes ends its input, too
  expect((await started.client.waitContainer({ id })).statusCode).toBe(0);
});

test.each([
  ["no upgrade", {}, 400, "not websocket protocol"],
  ["no key", { connection: "upgrade", upgrade: "websocket" }, 400, "mismatch challenge/response"],
  [
    "another version",
    {
      connection: "upgrade",
      upgrade: "websocket",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      "sec-websocket-version": "12",
    },
    400,
    "missing or bad WebSocket Version",
  ],
])("a request with %s is refused", async (_, headers, status, text) => {
  const started = await startEngine();
  const id = await created(started, "true");
  const sent = request({
    socketPath: socketOf(started.engine),
    path: `/v1.51/containers/${id}/attach/ws`,
    headers,
    agent: false,
  });
  sent.end();
  const [response] = (await once(sent, "response")) as [import("node:http").IncomingMessage];
  expect([response.statusCode, String(await response.toArray())]).toEqual([status, `{"message":"${text}"}\n`]);
});
