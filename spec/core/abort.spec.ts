import { getEventListeners } from "node:events";
import type { Duplex, Readable } from "node:stream";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AbortError } from "../../lib/errors/connection-errors.js";
import { failureOf, type Probe, probe, probeFollow, probeGet, probePost, resources } from "../support/probe.js";
import { httpServer, netServer, ok, onRequest } from "../support/servers.js";

const reason = new RangeError("enough of it");
const timers = () => resources().filter((kind) => kind === "Timeout").length;
const limits = { connect: 60_000, headers: 60_000, inactivity: 60_000, total: 60_000 };

let controller: AbortController;
let timersBefore: number;
beforeEach(() => {
  controller = new AbortController();
});

/** Creates a probe and records the open resources before its first call. */
function started(...args: Parameters<typeof probe>): Probe {
  timersBefore = timers();
  return probe(...args);
}

/** Expects that an aborted call leaves nothing behind. */
async function expectNothingLeft(client: Probe, open: Set<Duplex>): Promise<void> {
  const left = async () => ({
    open: open.size,
    connections: await client.connections(),
    listeners: getEventListeners(controller.signal, "abort").length,
    timers: Math.max(0, timers() - timersBefore),
  });
  const nothing = { open: 0, connections: 0, listeners: 0, timers: 0 };
  const deadline = Date.now() + 4000;
  // no timer here: it would be counted
  while (Object.values(await left()).some((count) => count > 0) && Date.now() < deadline)
    await new Promise((resolve) => setImmediate(resolve));
  expect(await left()).toEqual(nothing);
}

function expectAborted(error: unknown, operation: string, client: Probe): void {
  expect(error).toBeInstanceOf(AbortError);
  expect(error).toMatchObject({
    name: "AbortError",
    code: "ABORT_ERR",
    operation,
    endpoint: client.endpoint,
    message: `${operation} was aborted`,
  });
  expect((error as Error).cause).toBe(reason);
}

describe("an abort", () => {
  it("before the call sends nothing", async () => {
    const { endpoint, open, accepted } = await httpServer((_request, response) => ok(response));
    const client = started(endpoint, { timeouts: limits, apiVersion: undefined });
    controller.abort(reason);
    const upload = new PassThrough();
    expectAborted(await failureOf(client.post({ signal: controller.signal }, { upload })), "probePost", client);
    expectAborted(await failureOf(client.negotiate({ signal: controller.signal })), "negotiate", client);
    expect(upload.destroyed).toBe(true);
    expect(accepted()).toBe(0);
    await expectNothingLeft(client, open);
  });

  it("in the same tick as the call sends nothing", async () => {
    const { endpoint, open, accepted } = await httpServer((_request, response) => ok(response));
    const client = started(endpoint, { timeouts: limits });
    const call = failureOf(client.get({ signal: controller.signal }));
    controller.abort(reason);
    expectAborted(await call, "probeGet", client);
    expect(accepted()).toBe(0);
    await expectNothingLeft(client, open);
  });

  it("during the TLS handshake ends the connection", async () => {
    const { port, open } = await netServer((socket) => socket.on("end", () => socket.end()).resume(), 0);
    const client = started(`https://127.0.0.1:${port}`, { timeouts: limits });
    const call = failureOf(client.get({ signal: controller.signal }));
    await vi.waitFor(() => expect(open.size).toBe(1));
    controller.abort(reason);
    expectAborted(await call, "probeGet", client);
    await expectNothingLeft(client, open);
  });

  it("during negotiation cancels the version request", async () => {
    const { endpoint, open } = await httpServer(() => undefined);
    const client = started(endpoint, { timeouts: limits, apiVersion: undefined });
    const call = failureOf(client.get({ signal: controller.signal }));
    await vi.waitFor(() => expect(open.size).toBe(1));
    controller.abort(reason);
    expectAborted(await call, "probeGet", client);
    await expectNothingLeft(client, open);
  });

  it("while the call waits for a pooled connection rejects at once", async () => {
    const { endpoint, open } = await httpServer(() => undefined);
    const client = started(endpoint);
    const busy = Array.from({ length: 100 }, () => failureOf(client.get()));
    await vi.waitFor(() => expect(open.size).toBe(100));
    const call = failureOf(client.get({ signal: controller.signal }));
    controller.abort(reason);
    expectAborted(await call, "probeGet", client);
    expect(open.size).toBe(100);
    await client.close();
    await Promise.all(busy);
    await expectNothingLeft(client, open);
  });

  it("while the call waits for the response ends the connection", async () => {
    let asked = false;
    const { endpoint, open } = await httpServer(() => (asked = true));
    const client = started(endpoint, { timeouts: limits });
    const call = failureOf(client.get({ signal: controller.signal }));
    await vi.waitFor(() => expect(asked).toBe(true));
    controller.abort(reason);
    expectAborted(await call, "probeGet", client);
    await expectNothingLeft(client, open);
  });

  it("in the middle of JSON ends the connection", async () => {
    const { endpoint, open } = await httpServer((_request, response) => response.write('{"Half":'));
    const client = started(endpoint, { timeouts: limits });
    const call = failureOf(client.json(probeGet, { id: "x" }, { signal: controller.signal }));
    await vi.waitFor(() => expect(open.size).toBe(1));
    controller.abort(reason);
    expectAborted(await call, "probeGet", client);
    await expectNothingLeft(client, open);
  });

  it.each<[string, (body: Readable) => Promise<unknown>]>([
    ["is iterated", (body) => body.toArray()],
    ["flows", (body) => new Promise((_resolve, reject) => body.on("error", reject).resume())],
    ["is piped", (body) => new Promise((_resolve, reject) => body.on("error", reject).pipe(new PassThrough().resume()))],
    [
      "is held back by its sink",
      (body) => new Promise((_resolve, reject) => body.on("error", reject).pipe(new PassThrough({ highWaterMark: 1 }))),
    ],
    ["is not being read", (body) => new Promise((_resolve, reject) => body.on("error", reject))],
  ])("of a stream that %s ends the connection", async (_how, read) => {
    const { endpoint, open } = await httpServer((_request, response) => response.write(Buffer.alloc(300_000)));
    const client = started(endpoint, { timeouts: limits });
    const body = await client.stream(probeFollow, { id: "x" }, { signal: controller.signal });
    const failure = failureOf(read(body));
    await new Promise((resolve) => setTimeout(resolve, 20));
    controller.abort(reason);
    expectAborted(await failure, "probeFollow", client);
    await expectNothingLeft(client, open);
  });

  it("while an error response is read ends the connection", async () => {
    const { endpoint, open } = await httpServer((_request, response) => response.writeHead(500).write("half"));
    const client = started(endpoint, { timeouts: limits });
    const call = failureOf(client.get({ signal: controller.signal }));
    await vi.waitFor(() => expect(open.size).toBe(1));
    await new Promise((resolve) => setTimeout(resolve, 20));
    controller.abort(reason);
    expectAborted(await call, "probeGet", client);
    await expectNothingLeft(client, open);
  });

  it("while uploading ends the connection and the source", async () => {
    let received = 0;
    const { endpoint, open } = await httpServer((request) => request.on("data", (chunk: Buffer) => (received += chunk.length)));
    const client = started(endpoint, { timeouts: limits });
    const upload = new PassThrough();
    upload.write("part");
    const call = failureOf(client.post({ signal: controller.signal }, { upload }));
    await vi.waitFor(() => expect(received).toBe(4));
    controller.abort(reason);
    expectAborted(await call, "probePost", client);
    expect(upload.destroyed).toBe(true);
    await expectNothingLeft(client, open);
  });

  it("while the engine does not read the upload ends the connection and the source", async () => {
    const { endpoint, open } = await netServer((socket) => socket.pause());
    const client = started(endpoint, { timeouts: limits });
    const upload = new PassThrough();
    upload.write(Buffer.alloc(5_000_000));
    const call = failureOf(client.post({ signal: controller.signal }, { upload }));
    await vi.waitFor(() => expect(open.size).toBe(1));
    controller.abort(reason);
    expectAborted(await call, "probePost", client);
    expect(upload.destroyed).toBe(true);
    for (const socket of open) socket.destroy();
    await expectNothingLeft(client, open);
  });

  it("of a hijacked connection ends both directions", async () => {
    const { endpoint, open } = await netServer((socket) => {
      socket.on("end", () => socket.end());
      onRequest(socket, () => socket.write("HTTP/1.1 101 UPGRADED\r\nUpgrade: tcp\r\n\r\nhello"));
    });
    const client = started(endpoint, { timeouts: limits });
    const { source, target } = await client.hijack(probePost, { id: "x" }, { signal: controller.signal });
    const failure = new Promise((resolve) => source.on("error", resolve).resume());
    target.write("input");
    controller.abort(reason);
    expectAborted(await failure, "probePost", client);
    expect(target.destroyed).toBe(true);
    await expectNothingLeft(client, open);
  });

  it("after the call has no effect", async () => {
    const { endpoint, accepted } = await httpServer((_request, response) => ok(response, "{}"));
    const client = started(endpoint, { timeouts: limits });
    expect(await client.json(probeGet, { id: "x" }, { signal: controller.signal })).toEqual({});
    expect(await (await client.stream(probeGet, { id: "x" }, { signal: controller.signal })).toArray()).toHaveLength(1);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
    controller.abort(reason);
    expect(await client.get()).toBe(200);
    expect(accepted()).toBe(2);
  });

  it.each([
    ["a string", "stop"],
    ["undefined", undefined],
    ["a native AbortError", new DOMException("x", "AbortError")],
  ])("with %s as its reason keeps the reason", async (_what, why) => {
    const { endpoint } = await httpServer(() => undefined);
    const error = await failureOf(probe(endpoint).get({ signal: AbortSignal.abort(why) }));
    expect(error).toBeInstanceOf(AbortError);
    if (why === undefined) expect((error as Error).cause).toMatchObject({ name: "AbortError" });
    else expect((error as Error).cause).toBe(why);
  });

  it("from AbortSignal.timeout has the timeout as its cause", async () => {
    const { endpoint } = await httpServer(() => undefined);
    expect(await failureOf(probe(endpoint).get({ signal: AbortSignal.timeout(20) }))).toMatchObject({
      name: "AbortError",
      cause: { name: "TimeoutError" },
    });
  });
});

describe("a signal", () => {
  afterEach(() => {
    process.removeAllListeners("warning");
  });

  it("shared by many calls causes no warning and keeps no listener", async () => {
    const warned = vi.fn();
    process.on("warning", warned);
    const { endpoint } = await httpServer((_request, response) => void setTimeout(() => ok(response), 20));
    const client = started(endpoint);
    const calls = Array.from({ length: 64 }, () => client.get({ signal: controller.signal }));
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(1);
    await Promise.all(calls);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
    expect(warned).not.toHaveBeenCalled();
  });

  it("ends all calls that share it", async () => {
    const { endpoint, open } = await httpServer(() => undefined);
    const client = started(endpoint);
    const calls = Array.from({ length: 30 }, () => failureOf(client.get({ signal: controller.signal })));
    await vi.waitFor(() => expect(open.size).toBe(30));
    controller.abort(reason);
    for (const error of await Promise.all(calls)) expectAborted(error, "probeGet", client);
    await expectNothingLeft(client, open);
  });
});
