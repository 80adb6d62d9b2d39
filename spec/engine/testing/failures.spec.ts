import { type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Client } from "../../../lib/client.js";
import type { FailurePlan } from "../../../lib/engine/testing/failures.js";
import { ManualClock } from "../../../lib/engine/testing/manual-clock.js";
import { ApiError, ConnectionError, NoSuchContainerError, ProtocolError, TimeoutError } from "../../../lib/index.js";
import { startBareEngine, started, startEngine } from "../../support/embedded-engine.js";

/** Sends a request without the client. */
const fetchFrom = (endpoint: string, method: string, path: string): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const socketPath = endpoint.slice("unix://".length);
    request({ socketPath, method, path, agent: false }, (response) => resolve(response.resume()))
      .on("error", reject)
      .end();
  });

test("a status has a message and headers, and the operation is not carried out", async () => {
  const { engine, client } = await startBareEngine();
  const headers = { "Retry-After": "7" };
  const failure = engine.failures.add({ method: "POST", path: "/volumes/create", status: 503, message: "busy", headers });
  const error: unknown = await client.createVolume({ name: "data" }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 503, reason: "busy" });
  const response = await fetchFrom(engine.endpoint, "POST", "/volumes/create");
  expect(response.headers).toMatchObject({ "retry-after": "7", "content-type": "application/json" });
  expect([failure.selected, failure.failed]).toEqual([2, 2]);
  failure.remove();
  expect((await client.listVolumes()).Volumes).toEqual([]);
  await client.createVolume({ name: "data" });
});

test("an unknown container's error keeps its class", async () => {
  const { engine, client } = await startBareEngine();
  engine.failures.add({ operation: "ContainerInspect", status: 404, message: "No such container: web" });
  await expect(client.inspectContainer({ id: "web" })).rejects.toThrow(NoSuchContainerError);
});

const outcomes = async (client: Client, count: number): Promise<string> => {
  let text = "";
  for (let at = 0; at < count; at += 1)
    text += await client.listVolumes().then(
      () => ".",
      () => "x",
    );
  return text;
};

test.each<[FailurePlan, string]>([
  [{}, "xxxxx"],
  [{ times: 2 }, "xx..."],
  [{ nth: 3 }, "..x.."],
  [{ nth: 2, times: 2 }, ".xx.."],
  [{ nth: 2, times: Infinity }, ".xxxx"],
])("%j fails as %s", async (plan, expected) => {
  const { engine, client } = await startBareEngine();
  engine.failures.add({ ...plan, operation: "VolumeList", status: 500 });
  await client.info();
  expect(await outcomes(client, 5)).toBe(expected);
});

test.each<[FailurePlan, boolean]>([
  [{ path: "/volumes" }, true],
  [{ path: /^\/vol/g }, true],
  [{ method: "get" }, true],
  [{}, true],
  [{ path: "/{name}" }, true],
  [{ path: "/volumes/{name}" }, false],
  [{ path: "/vol" }, false],
  [{ method: "POST" }, false],
  [{ operation: "VolumeInspect" }, false],
])("%j selects GET /volumes: %s", async (filter, isSelected) => {
  const { engine, client } = await startBareEngine({});
  await client.ping();
  engine.failures.add({ ...filter, status: 500, message: "planned" });
  expect(await outcomes(client, 1)).toBe(isSelected ? "x" : ".");
});

test("of several plans, the one that was added last decides, and all count", async () => {
  const { engine, client } = await startBareEngine();
  const first = engine.failures.add({ operation: "SystemInfo", status: 500, message: "first" });
  const second = engine.failures.add({ operation: "SystemInfo", status: 500, message: "second", times: 1 });
  await expect(client.info()).rejects.toThrow("second");
  await expect(client.info()).rejects.toThrow("first");
  expect([first.selected, first.failed, second.selected, second.failed]).toEqual([2, 1, 2, 1]);
  engine.failures.clear();
  await client.info();
});

test.each<FailurePlan>([
  { status: 200 },
  { status: 500, hang: true },
  { dropAfter: -1 },
  { nth: 0, status: 500 },
  { message: "no status", hang: true },
  {},
  { path: "no-slash", status: 500 },
  { operation: "Nothing" as "SystemInfo", status: 500 },
])("%j is no plan", async (plan) => {
  const { engine } = await startBareEngine();
  expect(() => engine.failures.add(plan)).toThrow(TypeError);
});

test("a request hangs until the plan is removed", async () => {
  const { engine, client } = await startBareEngine();
  const failure = engine.failures.add({ operation: "VolumeCreate", hang: true });
  await expect(client.createVolume({ name: "late" }, { timeout: 50 })).rejects.toThrow(TimeoutError);
  const creation = client.createVolume({ name: "data" });
  await failure.waitFor(2);
  expect((await client.listVolumes()).Volumes).toEqual([]);
  failure.remove();
  expect(await creation).toMatchObject({ Name: "data" });
  // the first client had gone
  expect((await client.listVolumes()).Volumes).toHaveLength(1);
});

test("a delay follows the clock of the engine", async () => {
  const clock = new ManualClock();
  const { engine, client } = await startBareEngine({ clock });
  engine.failures.add({ operation: "VolumeCreate", delay: 60_000 });
  const creation = client.createVolume({ name: "data" });
  await clock.untilSleeping(60_000);
  expect((await client.listVolumes()).Volumes).toEqual([]);
  await clock.advance(60_000);
  await creation;
});

test.each(["before", "after"] as const)("a connection is closed %s the operation", async (disconnect) => {
  const { engine, client } = await startBareEngine();
  await client.ping();
  engine.failures.add({ operation: "VolumeCreate", disconnect, times: 1 });
  await expect(client.createVolume({ name: "data" })).rejects.toThrow(ConnectionError);
  expect((await client.listVolumes()).Volumes).toHaveLength(disconnect === "after" ? 1 : 0);
});

test.each([0, 5])("a body is cut after %i bytes", async (dropAfter) => {
  const { engine, client } = await startBareEngine();
  engine.failures.add({ operation: "SystemInfo", dropAfter, times: 1 });
  await expect(client.info()).rejects.toThrow("cut off");
  await client.info();
});

test.each<[FailurePlan, string, boolean]>([
  [{ dropAfter: 0 }, "", true],
  [{ dropAfter: 12 }, '{"Type":"vol', true],
  [{ hangAfter: 12 }, '{"Type":"vol', false],
  [{ malformedAfter: 8 }, '{"Type":\ufffd', false],
])("a stream of events with %j is %j", async (plan, expected, isCut) => {
  const { engine, client } = await startBareEngine();
  const failure = engine.failures.add({ ...plan, operation: "SystemEvents" });
  const socket = connect(engine.endpoint.slice("unix://".length));
  onTestFinished(() => void socket.destroy());
  socket.write("GET /events HTTP/1.1\r\nHost: x\r\n\r\n");
  let text = "";
  socket.on("data", (part: Buffer) => (text += part.toString()));
  let isClosed = false;
  socket.once("close", () => (isClosed = true));
  await failure.waitFor();
  await vi.waitFor(() => expect(text).toContain("\r\n\r\n"));
  await client.createVolume({ name: "data" });
  await vi.waitFor(() => expect(text.split("\r\n\r\n")[1]).toContain(expected));
  if (isCut) await vi.waitFor(() => expect(isClosed).toBe(true));
  expect(isClosed).toBe(isCut);
  if (!plan.malformedAfter) expect(text.split("\r\n\r\n")[1]!.split("\r\n")[1] ?? "").toBe(expected);
});

test("a hijacked connection is cut, malformed, and silent", async () => {
  const { engine, client } = await startEngine();
  const id = await started(client, ["sleep", "1000"]);
  const run = (): Promise<unknown> =>
    client.execute({ container: id, cmd: ["echo", "hello"] }, { timeouts: { inactivity: 200 } }).then(
      ({ stdout }) => stdout.toString(),
      (error: unknown) => error,
    );
  expect(await run()).toBe("hello\n");
  engine.failures.add({ operation: "ExecStart", times: 1, dropAfter: 10 });
  expect(await run()).toBeInstanceOf(ProtocolError);
  engine.failures.add({ operation: "ExecStart", times: 1, malformedAfter: 0 });
  expect(await run()).toBeInstanceOf(ProtocolError);
  engine.failures.add({ operation: "ExecStart", times: 1, hangAfter: 4 });
  expect(await run()).toBeInstanceOf(TimeoutError);
  engine.failures.add({ operation: "ExecStart", times: 1, disconnect: "after" });
  expect(await run()).toBeInstanceOf(ConnectionError);
  expect(await run()).toBe("hello\n");
});

test("a stream of progress fails in the stream", async () => {
  const { engine, client } = await startBareEngine();
  engine.failures.add({ operation: "ImageCreate", streamError: "toomanyrequests: rate limit" });
  await expect(client.pullImage({ repository: "busybox", tag: "1" })).rejects.toThrow("toomanyrequests: rate limit");
});
