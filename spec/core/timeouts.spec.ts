import { spawn } from "node:child_process";
import { connect } from "node:net";
import { PassThrough, Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { TimeoutError } from "../../lib/errors/connection-errors.js";
import { failureOf, probe, probeFollow, probeGet, probePost, probeStop, resources } from "../support/probe.js";
import { httpServer, netServer, ok, onRequest } from "../support/servers.js";

/** Returns a port with a full accept queue, so that connecting to it never completes. */
async function fullPort(): Promise<number> {
  const program = `
    const server = require("node:net").createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
      require("node:fs").writeSync(1, String(server.address().port));
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });`;
  const child = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const port = await new Promise<number>((resolve) => child.stdout.once("data", (text: Buffer) => resolve(Number(text))));
  for (let i = 0; i < 4; i++) {
    const filler = connect(port, "127.0.0.1").on("error", () => undefined);
    onTestFinished(() => void filler.destroy());
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
  return port;
}

const slow = () => httpServer(() => undefined);

describe("the connect timeout", () => {
  it("ends a call when its connection is never accepted", async () => {
    const endpoint = `tcp://127.0.0.1:${await fullPort()}`;
    const client = probe(endpoint, { timeouts: { connect: 60_000 } });
    const error = await failureOf(client.get({ timeouts: { connect: 80 } }));
    expect(error).toBeInstanceOf(TimeoutError);
    expect(error).toMatchObject({
      kind: "connect",
      timeout: 80,
      operation: "probeGet",
      endpoint: client.endpoint,
      code: "ERR_TIMEOUT",
    });
    expect((error as Error).message).toContain("within 80 ms (connect timeout)");
    await vi.waitFor(async () => expect(await client.connections()).toBe(0));
  });

  it("ends a call when its TLS handshake never completes", async () => {
    const { port } = await netServer(() => undefined, 0);
    const client = probe(`https://127.0.0.1:${port}`, { timeouts: { connect: 80 } });
    expect(await failureOf(client.get())).toMatchObject({ name: "TimeoutError", kind: "connect", operation: "probeGet" });
    await vi.waitFor(async () => expect(await client.connections()).toBe(0));
  });

  it("does not apply after the connection is established", async () => {
    const { endpoint } = await httpServer((_request, response) => void setTimeout(() => ok(response), 120), 0);
    expect(await probe(endpoint, { timeouts: { connect: 60 } }).get()).toBe(200);
  });
});

describe("the headers timeout", () => {
  it("ends a call without a response", async () => {
    const { endpoint } = await slow();
    const client = probe(endpoint, { timeouts: { headers: 60_000 } });
    expect(await failureOf(client.get({ timeouts: { headers: 50 } }))).toMatchObject({
      kind: "headers",
      timeout: 50,
      operation: "probeGet",
    });
    expect(await failureOf(client.stream(probeGet, { id: "x" }, { timeouts: { headers: 50 } }))).toMatchObject({
      kind: "headers",
    });
    expect(await failureOf(client.hijack(probePost, { id: "x" }, { timeouts: { headers: 50 } }))).toMatchObject({
      kind: "headers",
    });
    await vi.waitFor(async () => expect(await client.connections()).toBe(0));
  });

  it("starts at the end of the upload", async () => {
    const { endpoint } = await httpServer((request, response) => request.resume().on("end", () => ok(response)));
    const client = probe(endpoint, { timeouts: { headers: 100 } });
    const source = new PassThrough();
    const call = client.post(undefined, { upload: source });
    for (let i = 0; i < 5; i++) {
      await sleep(40);
      source.write("part");
    }
    source.end();
    expect(await call).toBe(200);
  });

  it("ends a call without a response after its upload", async () => {
    const { endpoint } = await httpServer((request) => request.resume());
    const upload = Readable.from(["x"]);
    expect(await failureOf(probe(endpoint).post({ timeouts: { headers: 50 } }, { upload }))).toMatchObject({ kind: "headers" });
  });

  it("covers only the response head", async () => {
    const { endpoint } = await httpServer((_request, response) => {
      response.write("[1");
      setTimeout(() => response.end("]"), 120);
    });
    expect(await probe(endpoint, { timeouts: { headers: 60 } }).json(probeGet, { id: "x" })).toEqual([1]);
  });

  it("ends when the response arrives before the end of the upload", async () => {
    const { endpoint } = await httpServer((request, response) => {
      response.writeHead(200);
      request.on("data", (chunk: Buffer) => response.write(chunk)).on("end", () => setTimeout(() => response.end("."), 120));
    });
    const source = new PassThrough();
    source.write("a");
    const body = await probe(endpoint).stream(probePost, { id: "x" }, { timeouts: { headers: 60 } }, { upload: source });
    source.end("b");
    expect(Buffer.concat(await body.toArray()).toString()).toBe("ab.");
  });

  it("does not apply to long-running operations unless the call sets it", async () => {
    const { endpoint } = await httpServer((_request, response) => void setTimeout(() => ok(response), 120));
    const client = probe(endpoint, { timeouts: { headers: 50 } });
    expect(await client.send(probeFollow, { id: "x" })).toBe(200);
    expect(await failureOf(client.send(probeFollow, { id: "x" }, { timeouts: { headers: 50 } }))).toMatchObject({
      kind: "headers",
    });
  });
});

describe("the client's timeouts", () => {
  const response = 120;
  const server = () => httpServer((_request, reply) => void setTimeout(() => ok(reply), response));

  it.each<[name: "headers" | "total"]>([["headers"], ["total"]])(
    "are extended by the grace period of a call: %s",
    async (name) => {
      const { endpoint } = await server();
      const client = probe(endpoint, { timeouts: { [name]: 40 } });
      expect(await client.send(probeStop, { id: "x", q: "5000" })).toBe(200);
      expect(await failureOf(client.send(probeStop, { id: "x", q: "20" }))).toMatchObject({ kind: name, timeout: 60 });
      expect(await failureOf(client.send(probeStop, { id: "x", q: "0" }))).toMatchObject({ kind: name, timeout: 40 });
    },
  );

  it("do not apply to a call without a limit, but the call's own timeout does", async () => {
    const { endpoint } = await server();
    const client = probe(endpoint, { timeouts: { headers: 40, total: 40 } });
    expect(await client.send(probeStop, { id: "x" })).toBe(200);
    expect(await failureOf(client.send(probeStop, { id: "x", q: "5000" }, { timeout: 40 }))).toMatchObject({ timeout: 40 });
  });
});

describe("the inactivity timeout", () => {
  /** A server that sends `times` chunks of a response, one every `pause` milliseconds, and then nothing more. */
  const talking = (times: number, pause: number, size = 10) =>
    httpServer((_request, response) => {
      response.write(Buffer.alloc(size, "a"));
      let left = times;
      const timer = setInterval(() => (left-- > 0 ? response.write(Buffer.alloc(size, "b")) : clearInterval(timer)), pause);
      response.on("close", () => clearInterval(timer));
    });

  it.each<[string, (stream: Readable) => Promise<unknown>]>([
    ["flows", (stream) => new Promise((_resolve, reject) => stream.on("error", reject).resume())],
    ["iterates", (stream) => stream.toArray()],
    ["pipes", (stream) => new Promise((_resolve, reject) => stream.on("error", reject).pipe(new PassThrough().resume()))],
    [
      "reads when data is readable",
      (stream) => new Promise((_resolve, reject) => stream.on("error", reject).on("readable", () => stream.read() as unknown)),
    ],
  ])("ends an inactive stream when its reader %s", async (_how, read) => {
    const { endpoint, open } = await talking(3, 30);
    const client = probe(endpoint, { timeouts: { inactivity: 100 } });
    const began = Date.now();
    const stream = await client.stream(probeFollow, { id: "x" });
    const error = await failureOf(read(stream));
    expect(error).toMatchObject({ name: "TimeoutError", kind: "inactivity", timeout: 100, operation: "probeFollow" });
    expect(Date.now() - began).toBeGreaterThan(150);
    await vi.waitFor(() => expect(open.size).toBe(0));
  });

  it("ends an inactive JSON response", async () => {
    const { endpoint } = await talking(0, 10);
    expect(await failureOf(probe(endpoint).json(probeGet, { id: "x" }, { timeouts: { inactivity: 50 } }))).toMatchObject({
      kind: "inactivity",
    });
  });

  it("ends an inactive hijacked connection", async () => {
    const { endpoint } = await netServer((socket) =>
      onRequest(socket, () => socket.write("HTTP/1.1 101 UPGRADED\r\nUpgrade: tcp\r\n\r\nhello")),
    );
    const { source } = await probe(endpoint).hijack(probePost, { id: "x" }, { timeouts: { inactivity: 60 } });
    const error = await new Promise((resolve) => source.on("error", resolve).resume());
    expect(error).toMatchObject({ kind: "inactivity" });
  });

  it("does not end a slow stream", async () => {
    const { endpoint } = await httpServer((_request, response) => {
      let left = 5;
      const timer = setInterval(() => {
        response.write("x");
        if ((left -= 1) > 0) return;
        clearInterval(timer);
        response.end();
      }, 40);
    });
    const stream = await probe(endpoint).stream(probeGet, { id: "x" }, { timeouts: { inactivity: 100 } });
    expect(Buffer.concat(await stream.toArray()).toString()).toBe("xxxxx");
  });

  it("does not end a stream that its reader has paused", async () => {
    const { endpoint } = await talking(1000, 1, 20_000);
    const stream = await probe(endpoint).stream(probeGet, { id: "x" }, { timeouts: { inactivity: 50 } });
    const failed = vi.fn();
    stream.on("error", failed).resume();
    await sleep(20);
    stream.pause();
    await sleep(200);
    expect(failed).not.toHaveBeenCalled();
    stream.destroy();
  });

  it("does not end a stream before its reader starts", async () => {
    const { endpoint } = await talking(0, 10);
    const stream = await probe(endpoint).stream(probeGet, { id: "x" }, { timeouts: { inactivity: 50 } });
    const failed = vi.fn();
    stream.on("error", failed);
    await sleep(200);
    expect(failed).not.toHaveBeenCalled();
    stream.destroy();
  });

  it("ends a stream only when the engine is inactive, not while a slow sink is full", async () => {
    const { endpoint } = await talking(20, 5, 50_000);
    const stream = await probe(endpoint).stream(probeGet, { id: "x" }, { timeouts: { inactivity: 80 } });
    const sink = new PassThrough({ highWaterMark: 1 });
    const failure = new Promise((resolve) => stream.on("error", resolve));
    stream.pipe(sink);
    await sleep(250);
    expect(stream.errored).toBeNull();
    sink.resume();
    expect(await failure).toMatchObject({ kind: "inactivity" });
  });

  it("does not end a hijacked connection while its reader applies backpressure", async () => {
    const { endpoint } = await netServer((socket) =>
      onRequest(socket, () =>
        socket.write(Buffer.concat([Buffer.from("HTTP/1.1 101 UPGRADED\r\nUpgrade: tcp\r\n\r\n"), Buffer.alloc(500_000)])),
      ),
    );
    const { source } = await probe(endpoint).hijack(probePost, { id: "x" }, { timeouts: { inactivity: 50 } });
    const failed = vi.fn();
    source.on("error", failed);
    await sleep(150);
    source.resume();
    await sleep(10);
    source.pause();
    await sleep(150);
    expect(failed).not.toHaveBeenCalled();
    source.destroy();
  });

  it("does not affect the next call on the connection", async () => {
    const { endpoint, accepted } = await httpServer((_request, response) => ok(response));
    const client = probe(endpoint);
    await client.get({ timeouts: { inactivity: 40 } });
    await sleep(120);
    await client.get();
    expect(accepted()).toBe(1);
  });
});

describe("the total timeout", () => {
  it("covers a call with its body", async () => {
    const { endpoint, open } = await httpServer((_request, response) => response.write("["));
    const client = probe(endpoint, { timeouts: { total: 60_000 } });
    expect(await failureOf(client.json(probeGet, { id: "x" }, { timeout: 60 }))).toMatchObject({
      kind: "total",
      timeout: 60,
      operation: "probeGet",
    });
    await vi.waitFor(() => expect(open.size).toBe(0));
  });

  it("covers a stream to its end", async () => {
    const { endpoint } = await httpServer((_request, response) => {
      const timer = setInterval(() => response.write("x"), 10);
      response.on("close", () => clearInterval(timer));
    });
    const stream = await probe(endpoint).stream(probeFollow, { id: "x" }, { timeouts: { total: 80 } });
    expect(await failureOf(stream.toArray())).toMatchObject({ kind: "total", timeout: 80, operation: "probeFollow" });
  });

  it("covers a hijacked connection", async () => {
    const { endpoint } = await netServer((socket) =>
      onRequest(socket, () => socket.write("HTTP/1.1 101 UPGRADED\r\nUpgrade: tcp\r\n\r\n")),
    );
    const { source } = await probe(endpoint).hijack(probePost, { id: "x" }, { timeout: 60 });
    expect(await new Promise((resolve) => source.on("error", resolve).resume())).toMatchObject({ kind: "total" });
  });

  it("covers an upload", async () => {
    const { endpoint } = await httpServer((request) => request.resume());
    const upload = new PassThrough();
    upload.write("x");
    expect(await failureOf(probe(endpoint).post({ timeout: 60 }, { upload }))).toMatchObject({ kind: "total" });
    expect(upload.destroyed).toBe(true);
  });

  it("covers the wait for a pooled connection", async () => {
    const { endpoint, open } = await slow();
    const client = probe(endpoint);
    const busy = Array.from({ length: 100 }, () => failureOf(client.get()));
    await vi.waitFor(() => expect(open.size).toBe(100));
    expect(await failureOf(client.get({ timeout: 60 }))).toMatchObject({ kind: "total" });
    await client.close();
    await Promise.all(busy);
  });

  it("does not apply to long-running operations when the client sets it", async () => {
    const { endpoint } = await httpServer((_request, response) => void setTimeout(() => ok(response), 120));
    const client = probe(endpoint, { timeouts: { total: 60 } });
    expect(await client.send(probeFollow, { id: "x" })).toBe(200);
    expect(await failureOf(client.get())).toMatchObject({ kind: "total", timeout: 60 });
    expect(await client.get({ timeout: 0 })).toBe(200);
  });

  it("leaves no timer behind in any outcome", async () => {
    const { endpoint } = await httpServer((_request, response) => ok(response, "{}"));
    const client = probe(endpoint, { timeouts: { connect: 60_000, headers: 60_000, inactivity: 60_000, total: 60_000 } });
    await client.get();
    const timers = () => resources().filter((kind) => kind === "Timeout").length;
    const before = timers();
    await client.json(probeGet, { id: "x" });
    await (await client.stream(probeGet, { id: "x" })).toArray();
    await failureOf(client.get({ signal: AbortSignal.abort() }));
    expect(timers()).toBe(before);
  });
});
