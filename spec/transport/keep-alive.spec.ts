import { createServer } from "node:http";
import type { Socket } from "node:net";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { ConnectionClosedError } from "../../lib/errors/connection-errors.js";
import { expectResources, failureOf, probe, probeFollow, probeGet, probePost, probeStop, resources } from "../support/probe.js";
import { httpServer, netServer, ok, onRequest, temporaryFolder } from "../support/servers.js";

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK";

describe("connections", () => {
  it("are reused: 200 consecutive calls use one", async () => {
    const { endpoint, accepted } = await httpServer((_request, response) => ok(response));
    const client = probe(endpoint);
    for (let i = 0; i < 200; i++) await (i % 2 === 0 ? client.get() : client.post());
    expect(accepted()).toBe(1);
    expect(await client.connections()).toBe(1);
  });

  it("are reused after 64 simultaneous calls", async () => {
    const { endpoint, accepted } = await httpServer((_request, response) => ok(response));
    const client = probe(endpoint);
    for (let round = 0; round < 5; round++) await Promise.all(Array.from({ length: 64 }, () => client.get()));
    expect(accepted()).toBeLessThanOrEqual(64);
    await client.get();
    expect(await client.connections()).toBe(accepted());
  });

  it("are limited to 100, shared by all calls", async () => {
    let most = 0;
    const { endpoint, open, accepted } = await httpServer((_request, response) => {
      most = Math.max(most, open.size);
      setImmediate(() => ok(response));
    });
    const client = probe(endpoint);
    const done = await Promise.all(Array.from({ length: 500 }, () => client.get()));
    expect(done).toHaveLength(500);
    expect(most).toBeLessThanOrEqual(100);
    expect(accepted()).toBeLessThanOrEqual(100);
  });

  it("are limited to maxConnections, and the error of a waiting call suggests raising the limit", async () => {
    const { endpoint, accepted } = await httpServer(() => undefined);
    const client = probe(endpoint, { maxConnections: 2 });
    const stuck = [client.get(), client.get()].map((call) => failureOf(call));
    const abort = new AbortController();
    const aborted = failureOf(client.get({ signal: abort.signal }));
    expect(await failureOf(client.post({ timeout: 50 }))).toMatchObject({
      name: "QueueTimeoutError",
      code: "ERR_QUEUE_TIMEOUT",
      kind: "total",
      timeout: 50,
      busy: 2,
      operation: "probePost",
      message:
        "probePost did not finish within 50 ms (total timeout): it waited for a free connection (2 in use): raise maxConnections",
    });
    abort.abort();
    expect(await aborted).toMatchObject({
      name: "AbortError",
      message: "probeGet was aborted while it waited for a free connection (2 in use)",
    });
    expect(accepted()).toBe(2);
    await client.close();
    await Promise.all(stuck);
  });

  it.each([0, -1, NaN, "many" as never])("cannot be limited to %s", (maxConnections) => {
    expect(() => probe("unix:///nothing", { maxConnections })).toThrow(
      expect.objectContaining({ name: "InvalidOptionError", option: "maxConnections" }),
    );
  });

  it("of 150 slow calls do not hold up a quick call, and are reused", async () => {
    const held: (() => void)[] = [];
    const { endpoint, accepted, open } = await httpServer((request, response) => {
      if (request.url?.endsWith("/stop")) held.push(() => ok(response));
      else ok(response);
    });
    const client = probe(endpoint);
    const stops = Array.from({ length: 150 }, () => client.send(probeStop, { id: "x" }));
    await vi.waitFor(() => expect(held).toHaveLength(150));
    expect(await client.get({ timeout: 5000 })).toBe(200);
    expect(accepted()).toBe(151);
    for (const answer of held) answer();
    await Promise.all(stops);
    await vi.waitFor(() => expect(open.size).toBe(100)); // the idle connections that are kept
    expect(await client.get()).toBe(200);
    expect(accepted()).toBe(151);
  });

  it("wait for a place in the socket's full backlog", async () => {
    const path = join(await temporaryFolder(), "docker.sock");
    const server = createServer({ keepAliveTimeout: 0 }, (_request, response) => ok(response));
    await new Promise<void>((resolve) => server.listen({ path, backlog: 4 }, resolve));
    onTestFinished(() => server.close().closeAllConnections());
    const client = probe(`unix://${path}`);
    const done = await Promise.all([
      ...Array.from({ length: 60 }, () => client.get()),
      ...Array.from({ length: 40 }, () => client.post({}, { upload: Readable.from([Buffer.from("body")]) })),
    ]);
    expect(done).toEqual(Array(100).fill(200));
  });

  it("are closed if the server closes them", async () => {
    const { endpoint, accepted } = await httpServer((_request, response) => {
      response.setHeader("Connection", "close");
      ok(response);
    });
    const client = probe(endpoint);
    for (let i = 0; i < 3; i++) await client.get();
    expect(accepted()).toBe(3);
    await vi.waitFor(async () => expect(await client.connections()).toBe(0));
  });

  it("of streams are separate and do not block other calls", async () => {
    const { endpoint, open } = await httpServer((request, response) => {
      if (request.url?.endsWith("/follow")) response.write("begun");
      else ok(response);
    });
    const client = probe(endpoint);
    const streams = await Promise.all(Array.from({ length: 120 }, () => client.stream(probeFollow, { id: "x" })));
    expect(await Promise.all(Array.from({ length: 50 }, () => client.get()))).toHaveLength(50);
    for (const stream of streams) stream.destroy();
    await vi.waitFor(() => expect(open.size).toBeLessThanOrEqual(50));
  });

  it("of streams are not reused", async () => {
    const heads: (string | undefined)[] = [];
    const { endpoint, accepted } = await httpServer((request, response) => {
      heads.push(request.headers.connection);
      ok(response);
    });
    const client = probe(endpoint);
    for (let i = 0; i < 3; i++) expect(await text(await client.stream(probeGet, { id: "x" }))).toBe("OK");
    expect(accepted()).toBe(3);
    expect(heads).toEqual(["close", "close", "close"]);
    await vi.waitFor(async () => expect(await client.connections()).toBe(0));
  });

  it("do not keep the process running while idle", async () => {
    // a short-lived timer of vitest may be running
    const before = resources().filter((kind) => kind !== "Timeout");
    const { endpoint, open } = await httpServer((_request, response) => ok(response));
    const listening = [...before, "PipeWrap"].sort();
    const client = probe(endpoint);
    await client.get();
    await expectResources([...listening, "PipeWrap"].sort());
    expect(open.size).toBe(1);
    expect(await client.connections()).toBe(1);
  });

  it("are released when a response is not read to its end", async () => {
    const { endpoint, open } = await httpServer((_request, response) => {
      response.write("x".repeat(1_000_000));
    });
    const client = probe(endpoint);
    const stream = await client.stream(probeGet, { id: "x" });
    for await (const chunk of stream) {
      expect(chunk).toBeInstanceOf(Buffer);
      break;
    }
    await vi.waitFor(() => expect(open.size).toBe(0));
    expect(await client.connections()).toBe(0);
  });

  it("read no more from the engine than the reader requests", async () => {
    let written = 0;
    const { endpoint } = await httpServer((_request, response) => {
      const more = () => {
        while (written < 200_000_000 && !response.destroyed) {
          written += 65_536;
          if (!response.write(Buffer.alloc(65_536))) break;
        }
      };
      response.on("drain", more);
      more();
    });
    const stream = await probe(endpoint).stream(probeGet, { id: "x" });
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(written).toBeLessThan(5_000_000);
    stream.destroy();
  });
});

describe("an idle connection that the engine closes", () => {
  /** A server that answers each connection's first requests, then closes it with the next one. */
  const closing = (answered: number, end: (socket: Socket) => void) =>
    netServer((socket) => {
      let asked = 0;
      onRequest(socket, () => {
        asked += 1;
        if (asked <= answered) socket.write(OK);
        else end(socket);
      });
    }, 0);

  it.each<[string, (socket: Socket) => void]>([
    ["end", (socket) => socket.end()],
    ["reset", (socket) => socket.resetAndDestroy()],
  ])("makes a read-only call retry on a new connection (%s)", async (_how, end) => {
    const { endpoint, accepted } = await closing(1, end);
    const client = probe(endpoint);
    for (let i = 0; i < 5; i++) expect(await client.get()).toBe(200);
    expect(accepted()).toBe(5);
  });

  it.each<[string, (socket: Socket) => void]>([
    ["end", (socket) => socket.end()],
    ["reset", (socket) => socket.resetAndDestroy()],
  ])("fails a call that changes something, because the engine may have executed it (%s)", async (_how, end) => {
    const { endpoint, accepted } = await closing(1, end);
    const client = probe(endpoint);
    await client.post();
    expect(await failureOf(client.post())).toBeInstanceOf(ConnectionClosedError);
    expect(accepted()).toBe(1);
    expect(await client.post()).toBe(200);
  });

  it("fails a call with an upload, because its stream cannot be read again", async () => {
    const { endpoint } = await closing(1, (socket) => socket.resetAndDestroy());
    const client = probe(endpoint);
    await client.get();
    const upload = Readable.from(["x"]);
    expect(await failureOf(client.send(probeGet, { id: "x" }, undefined, { upload }))).toBeInstanceOf(ConnectionClosedError);
    expect(upload.destroyed).toBe(true);
  });

  it("retries a call only once", async () => {
    let closed = 0;
    const { endpoint, accepted } = await netServer((socket) =>
      onRequest(socket, () => {
        if (accepted() === 1 && closed === 0 && socket.bytesWritten === 0) {
          socket.write(OK);
        } else {
          closed += 1;
          socket.end();
        }
      }),
    );
    const client = probe(endpoint);
    await client.get();
    expect(await failureOf(client.get())).toBeInstanceOf(ConnectionClosedError);
    expect(closed).toBe(2);
  });

  it("does not retry a call that failed on a new connection", async () => {
    const { endpoint, accepted } = await closing(0, (socket) => socket.end());
    const error = await failureOf(probe(endpoint).get());
    expect(error).toBeInstanceOf(ConnectionClosedError);
    expect(error).toMatchObject({ operation: "probeGet", code: "ERR_CONNECTION_CLOSED" });
    expect(accepted()).toBe(1);
  });

  it("does not retry a call after part of its response has arrived", async () => {
    const { endpoint, accepted } = await closing(1, (socket) => socket.end("HTTP/1.1 20"));
    const client = probe(endpoint);
    await client.get();
    expect(await failureOf(client.get())).toMatchObject({ operation: "probeGet" });
    expect(accepted()).toBe(1);
  });

  it("closes the other idle connections before the retry", async () => {
    const waiting: Socket[] = [];
    const { endpoint, accepted } = await netServer((socket) => {
      let asked = 0;
      onRequest(socket, () => {
        asked += 1;
        if (accepted() > 2) socket.write(OK);
        else if (asked > 1) socket.end();
        else waiting.push(socket);
        // both requests must be pending at once, or they would share a connection
        if (waiting.length === 2) for (const each of waiting.splice(0)) each.write(OK);
      });
    });
    const client = probe(endpoint);
    await Promise.all([client.get(), client.get()]);
    expect(await client.get()).toBe(200);
    expect(accepted()).toBe(3);
  });

  it("makes the client close its other idle connections, as after a restart of the engine", async () => {
    const path = `${await temporaryFolder()}/docker.sock`;
    const first = await httpServer((_request, response) => ok(response), path);
    const client = probe(first.endpoint);
    await Promise.all(Array.from({ length: 10 }, () => client.get()));
    await first.stop();
    const second = await httpServer((_request, response) => ok(response), path);
    expect(await Promise.all(Array.from({ length: 10 }, () => client.get()))).toHaveLength(10);
    expect(second.accepted()).toBeLessThanOrEqual(10);
  });

  it("is not reused for a call that changes something", async () => {
    const { endpoint, open } = await httpServer((_request, response) => ok(response));
    const client = probe(endpoint);
    await client.post();
    for (let i = 0; i < 20; i++) {
      for (const socket of open) socket.destroy();
      await vi.waitFor(async () => expect(await client.connections()).toBe(0));
      expect(await client.post()).toBe(200);
    }
  });
});

describe("unsolicited data from a server", () => {
  it("ends an idle connection", async () => {
    const { endpoint, accepted } = await netServer((socket) => onRequest(socket, () => socket.write(OK + OK)));
    const client = probe(endpoint);
    for (let i = 0; i < 3; i++) expect(await client.get()).toBe(200);
    expect(accepted()).toBe(3);
  });

  it("ends an idle connection when it arrives late", async () => {
    const { endpoint, open } = await netServer((socket) => {
      socket.on("end", () => socket.end());
      onRequest(socket, () => {
        socket.write(OK);
        setTimeout(() => socket.write("HTTP/1.1 408 Request Timeout\r\n\r\n"), 20);
      });
    });
    const client = probe(endpoint);
    expect(await client.get()).toBe(200);
    expect(await client.connections()).toBe(1);
    await vi.waitFor(() => expect(open.size).toBe(0));
    expect(await client.connections()).toBe(0);
    expect(await client.post()).toBe(200);
  });

  it("is never used as the response to the next call", async () => {
    const forged = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged";
    const { endpoint } = await netServer((socket) =>
      onRequest(socket, (head) => {
        const real = /^GET \/v1\.51\/probe\/(\d+)/.exec(head)?.[1] ?? "";
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${real.length}\r\n\r\n${real}${forged}`);
      }),
    );
    const client = probe(endpoint);
    const answers = await Promise.allSettled(Array.from({ length: 250 }, (_, i) => client.json(probeGet, { id: String(i + 1) })));
    const values = answers.map((answer) => (answer.status === "fulfilled" ? answer.value : undefined));
    expect(values).toEqual(values.map((value, i) => (value === undefined ? undefined : i + 1)));
    expect(values.filter((value) => value !== undefined).length).toBeGreaterThanOrEqual(100);
  });
});

it("an unanswered call rejects with a ConnectionClosedError that names its operation", async () => {
  const { endpoint } = await netServer((socket) => onRequest(socket, () => socket.destroy()));
  const source = new PassThrough();
  source.end("x");
  expect(await failureOf(probe(endpoint).send(probePost, { id: "x" }, undefined, { upload: source }))).toMatchObject({
    name: "ConnectionClosedError",
    operation: "probePost",
    endpoint,
  });
});
