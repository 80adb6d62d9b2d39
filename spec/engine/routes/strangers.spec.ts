import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import type { ExecInspect } from "../../../lib/types/exec.js";
import { BOX, outputOf, started, type StartedEngine, startEngine } from "../../support/embedded-engine.js";

// What the clients of other languages send, byte for byte where it matters.

/** Sends the head of a request, whose body is left open. */
function open({ engine }: StartedEngine, method: string, path: string, headers: Record<string, string> = {}): ClientRequest {
  const sent = request({ socketPath: engine.endpoint.slice("unix://".length), method, path, headers, agent: false });
  sent.on("error", () => undefined);
  onTestFinished(() => void sent.destroy());
  return sent;
}

async function responseOf(sent: ClientRequest): Promise<IncomingMessage> {
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  return response;
}

/** Sends a request with a JSON body. */
async function send(
  engine: StartedEngine,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; json: unknown }> {
  const sent = open(engine, method, path, body === undefined ? {} : { "content-type": "application/json" });
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  const response = await responseOf(sent);
  const answer = await text(response);
  return { status: response.statusCode ?? 0, json: answer === "" ? undefined : JSON.parse(answer) };
}

test("a filter by status finds containers that do not run, with a limit too", async () => {
  const engine = await startEngine();
  const Labels = { "org.testcontainers": "true" };
  await engine.client.createContainer({ config: { Image: BOX, Labels } });
  const filters = { label: ["org.testcontainers=true"], status: ["created", "running", "paused", "exited"] };
  const path = `/v1.44/containers/json?limit=1&filters=${encodeURIComponent(JSON.stringify(filters))}`;
  expect((await send(engine, "GET", path)).json).toMatchObject([
    { Labels, State: "created", Created: expect.any(Number) as number },
  ]);
});

test("unknown members of a request are ignored", async () => {
  const engine = await startEngine();
  const body = { Image: BOX, name: "dup", platform: "linux/arm64", _query: {}, HostConfig: { NoSuch: 1, NetworkMode: null } };
  expect(await send(engine, "POST", "/containers/create?name=dup&Image=box&HostConfig=%5Bobject%5D", body)).toMatchObject({
    status: 201,
  });
});

test("the engine's own socket can be bound into a container", async () => {
  const engine = await startEngine();
  const socket = engine.engine.endpoint.slice("unix://".length);
  const bind = `${socket}:/var/run/docker.sock`;
  const id = await started(engine.client, ["sh", "-c", "[ -S /var/run/docker.sock ] && echo socket"], { Binds: [bind] });
  expect((await outputOf(engine.client, id)).stdout).toBe("socket\n");
});

test("an exec without an upgrade is answered while its body is open, and has its exit code when its output ends", async () => {
  const engine = await startEngine();
  const container = await started(engine.client, ["sleep", "1000"]);
  const { Id } = await engine.client.createExec({ container, cmd: ["sh", "-c", "cat; exit 7"], attachStdin: true });
  const sent = open(engine, "POST", `/v1.44/exec/${Id}/start`, {
    "content-type": "application/json",
    "transfer-encoding": "chunked",
  });
  sent.write(JSON.stringify({ Detach: false, Tty: false, stdin: true, hijack: false }));
  const response = await responseOf(sent);
  expect(response.statusCode).toBe(200);
  sent.write("hello\n");
  const output = text(response);
  sent.end();
  expect(await output).toContain("hello\n");
  const { json } = await send(engine, "GET", `/exec/${Id}/json`);
  expect(json as ExecInspect).toMatchObject({ ExitCode: 7, Running: false });
});

test("logs accept a negative tail and a fraction of a second, and end with the container", async () => {
  const engine = await startEngine();
  const id = await started(engine.client, ["sh", "-c", "echo one; sleep 0.1; echo two"]);
  const path = `/v1.44/containers/${id}/logs?follow=1&stdout=1&stderr=1&tail=-1&since=1700000000.123`;
  const sent = open(engine, "GET", path);
  sent.end();
  const all = await text(await responseOf(sent));
  expect(all).toMatch(/one\n.*two\n$/s);
});

test.each(["next-exit", "removed"])("a wait for %s sends its headers before the container is started", async (condition) => {
  const engine = await startEngine();
  const { Id: id } = await engine.client.createContainer({
    config: { Image: BOX, Cmd: ["sh", "-c", "exit 5"] },
    hostConfig: { AutoRemove: true },
  });
  const sent = open(engine, "POST", `/v1.44/containers/${id}/wait?condition=${condition}`);
  sent.end();
  const response = await responseOf(sent);
  await engine.client.startContainer({ id });
  expect(JSON.parse(await text(response))).toEqual({ StatusCode: 5 });
});

test("a commit takes several changes in one text", async () => {
  const engine = await startEngine();
  const { Id } = await engine.client.createContainer({ config: { Image: BOX } });
  const changes = encodeURIComponent('ENV A=b\nCMD ["echo","x"]');
  const { status } = await send(engine, "POST", `/commit?container=${Id}&repo=changed&tag=1&changes=${changes}`);
  expect(status).toBe(201);
  const { Config } = await engine.client.inspectImage({ name: "changed:1" });
  expect(Config).toMatchObject({ Cmd: ["echo", "x"], Env: expect.arrayContaining(["A=b"]) as string[] });
});
