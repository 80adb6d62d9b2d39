import { expect, test, vi } from "vitest";
import type { LoggedRequest } from "../../../lib/engine/testing/request-log.js";
import { startBareEngine, started, startEngine } from "../../support/embedded-engine.js";

test("requests are logged with their status, and credentials are removed", async () => {
  const { engine, client } = await startBareEngine();
  const auth = { username: "ann", password: "pa55word" };
  await client.pushImage({ name: "registry.invalid/app", tag: "1", auth }).catch(() => undefined);
  await client.inspectVolume({ name: "a b-ü" }).catch(() => undefined);
  const [push] = engine.requests.list({ operation: "ImagePush" });
  expect(push).toMatchObject({
    method: "POST",
    path: "/images/registry.invalid/app/push",
    version: "1.51",
    operation: "ImagePush",
    query: { tag: "1" },
    headers: { "x-registry-auth": "[removed]" },
    status: 200,
  });
  expect(push!.duration).toBeGreaterThanOrEqual(0);
  expect(engine.requests.list({ path: "/volumes/{name}" })).toMatchObject([{ path: "/volumes/a b-ü", status: 404 }]);
  const numbers = engine.requests.list().map(({ number }) => number);
  expect(numbers).toEqual([1, 2, 3]);
  engine.requests.clear();
  expect(engine.requests.list()).toEqual([]);
});

test("bodies are kept if asked, up to a limit and without credentials", async () => {
  const { engine, client } = await startBareEngine();
  await client.createVolume({ name: "before" });
  engine.requests.bodyLimit = 1000;
  await client.createVolume({ name: "data", labels: { a: "b" } });
  const config = { Image: "none", Env: ["DB_PASSWORD=hunter2", "DB_HOST=db"] };
  await client.createContainer({ config }).catch(() => undefined);
  engine.requests.bodyLimit = 10;
  await client.createVolume({ name: "more" });
  const [before, data, more] = engine.requests.list({ operation: "VolumeCreate" });
  expect([before!.requestBody.length, before!.responseBody.length]).toEqual([0, 0]);
  expect(JSON.parse(data!.requestBody.toString())).toMatchObject({ Name: "data", Labels: { a: "b" } });
  expect(JSON.parse(data!.responseBody.toString())).toMatchObject({ Name: "data" });
  expect([more!.requestBody.length, more!.responseBody.length]).toEqual([10, 10]);
  const [container] = engine.requests.list({ operation: "ContainerCreate" });
  const text = container!.requestBody.toString();
  expect(JSON.parse(text)).toMatchObject({ Env: ["DB_PASSWORD=[removed]", "DB_HOST=db"] });
});

test("the body of a hijacked connection is its input and output", async () => {
  const { engine, client } = await startEngine();
  const id = await started(client, ["sleep", "1000"]);
  engine.requests.bodyLimit = 1000;
  await client.execute({ container: id, cmd: ["cat"], input: "some input" });
  const { requestBody, responseBody, status } = engine.requests.list({ operation: "ExecStart" })[0]!;
  expect(status).toBe(101);
  expect(requestBody.toString()).toMatch(/^\{.*\}some input$/);
  expect(responseBody.toString()).toContain("some input");
});

test("hooks are called before and after a request", async () => {
  const { engine, client } = await startBareEngine();
  await client.ping();
  const calls: string[] = [];
  let letGo = (): void => undefined;
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  const note = (when: string) => (request: LoggedRequest) => void calls.push(`${when} ${request.operation} ${request.status}`);
  const remove = engine.requests.onStart(async (request) => {
    note("start")(request);
    await gate;
  });
  engine.requests.onEnd(note("end"));
  engine.requests.onEnd(() => {
    throw new Error("ignored");
  });
  const listing = client.listVolumes();
  await engine.requests.waitFor({ operation: "VolumeList" });
  expect(calls).toEqual(["start VolumeList undefined"]);
  letGo();
  await listing;
  await vi.waitFor(() => expect(calls).toEqual(["start VolumeList undefined", "end VolumeList 200"]));
  remove();
  await client.listVolumes();
  await vi.waitFor(() => expect(calls).toHaveLength(3));
  engine.requests.onStart(() => {
    throw new Error("refused by a hook");
  });
  await expect(client.listVolumes()).rejects.toThrow("refused by a hook");
});

test("a request whose client has gone has a duration and no status", async () => {
  const { engine, client } = await startBareEngine();
  engine.failures.add({ operation: "SystemInfo", hang: true });
  await expect(client.info({}, { timeout: 30 })).rejects.toThrow();
  await vi.waitFor(() => expect(engine.requests.list({ operation: "SystemInfo" })[0]?.duration).toBeDefined());
  expect(engine.requests.list({ operation: "SystemInfo" })).toMatchObject([{ status: undefined }]);
});

test("a test waits for requests of the past and the future", async () => {
  const { engine, client } = await startBareEngine();
  await client.info();
  const second = engine.requests.waitFor({ operation: "SystemInfo" }, 2);
  let isThere = false;
  void second.then(() => (isThere = true));
  expect(await engine.requests.waitFor({ operation: "SystemInfo" })).toMatchObject({ number: 2, status: 200 });
  expect(isThere).toBe(false);
  await client.info();
  expect(await second).toMatchObject({ number: 3 });
});
