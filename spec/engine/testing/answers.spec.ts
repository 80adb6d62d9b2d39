import type { Duplex } from "node:stream";
import { expect, test } from "vitest";
import { NoSuchServiceError } from "../../../lib/index.js";
import { encodeFrame } from "../../../lib/wire/frames.js";
import { startBareEngine } from "../../support/embedded-engine.js";

test("routes of swarm mode get scripted answers", async () => {
  const { engine, client } = await startBareEngine();
  await expect(client.listServices()).rejects.toThrow("not a swarm manager");
  const listed = engine.answers.add({ operation: "ServiceList", reply: { json: [{ ID: "abc", Spec: { Name: "web" } }] } });
  engine.answers.add({
    method: "GET",
    path: "/services/{id}",
    reply: ({ params, query, version }) =>
      params.id === "abc"
        ? { json: { ID: params.id, query: Object.fromEntries(query), version } }
        : { status: 404, json: { message: `service ${params.id} not found` } },
  });
  expect(await client.listServices()).toMatchObject([{ Spec: { Name: "web" } }]);
  expect(await client.inspectService({ id: "abc", insertDefaults: true })).toMatchObject({
    ID: "abc",
    query: { insertDefaults: "1" },
    version: "1.51",
  });
  await expect(client.inspectService({ id: "none" })).rejects.toThrow(NoSuchServiceError);
  expect(listed.count).toBe(1);
  listed.remove();
  await expect(client.listServices()).rejects.toThrow("not a swarm manager");
});

test("an answer replaces a route of the engine, a number of times, or lets it respond", async () => {
  const { engine, client } = await startBareEngine();
  engine.answers.add({ operation: "SystemInfo", times: 1, reply: { json: { Name: "scripted" } } });
  expect(await client.info()).toMatchObject({ Name: "scripted" });
  expect(await client.info()).not.toMatchObject({ Name: "scripted" });
  engine.answers.add({ operation: "SystemInfo", reply: () => undefined });
  expect(await client.info()).not.toMatchObject({ Name: "scripted" });
  engine.answers.add({ operation: "SystemInfo", reply: { json: { Name: "last" } } });
  expect(await client.info()).toMatchObject({ Name: "last" });
  engine.answers.clear();
  expect(await client.info()).not.toMatchObject({ Name: "last" });
});

test("an answer reads the body of the request", async () => {
  const { engine, client } = await startBareEngine();
  const bodies: unknown[] = [];
  engine.answers.add({
    operation: "ServiceCreate",
    reply: async (request) => {
      bodies.push(await request.json());
      return { status: 201, headers: { "X-Made": "yes" }, json: { ID: "new" } };
    },
  });
  expect(await client.createService({ spec: { Name: "web" } })).toMatchObject({ ID: "new" });
  expect(bodies).toMatchObject([{ Name: "web" }]);
  engine.answers.add({ operation: "ImageLoad", reply: async (request) => ({ body: await request.body() }) });
  const { body } = await client.request({ method: "POST", path: "/images/load", body: Buffer.from([1, 2, 255]) });
  const parts: Buffer[] = [];
  for await (const part of body) parts.push(part as Buffer);
  expect(Buffer.concat(parts)).toEqual(Buffer.from([1, 2, 255]));
});

test("an answer streams messages", async () => {
  const { engine, client } = await startBareEngine();
  const messages = [{ status: "Pulling" }, { error: "no space left", errorDetail: { message: "no space left" } }];
  engine.answers.add({ operation: "ImageCreate", reply: { messages } });
  const seen: unknown[] = [];
  const pull = client.pullImage({ repository: "busybox", tag: "1", onProgress: (message) => void seen.push(message) });
  await expect(pull).rejects.toThrow("no space left");
  expect(seen[0]).toMatchObject({ status: "Pulling" });
});

test("an answer takes the connection", async () => {
  const { engine, client } = await startBareEngine();
  const Config = { Tty: false, OpenStdin: true, StdinOnce: true };
  engine.answers.add({ operation: "ContainerInspect", reply: { json: { Id: "x", Config, State: { Running: false } } } });
  const headers = { "Content-Type": "application/vnd.docker.multiplexed-stream" };
  const connection = async (client: Duplex): Promise<void> => {
    for await (const part of client.iterator({ destroyOnReturn: false })) client.write(encodeFrame("stdout", part as Buffer));
  };
  engine.answers.add({ operation: "ContainerAttach", reply: { headers, connection } });
  const attached = await client.attachToContainerNonBlocking({ container: "x", stdin: true, stdout: true });
  attached.stdin.end("hello");
  expect((await attached.collect()).stdout.toString()).toBe("hello");
});

test("what a reply throws becomes the response", async () => {
  const { engine, client } = await startBareEngine();
  engine.answers.add({
    operation: "NodeList",
    reply: () => {
      throw new Error("not scripted");
    },
  });
  await expect(client.listNodes()).rejects.toMatchObject({ status: 500, reason: "not scripted" });
});
