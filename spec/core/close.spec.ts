import { PassThrough, Readable } from "node:stream";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { ClientClosedError } from "../../lib/errors/connection-errors.js";
import { expectResources, failureOf, Probe, probe, probeFollow, probeGet, probePost, resources } from "../support/probe.js";
import { httpServer, netServer, ok, onRequest } from "../support/servers.js";

const SWITCH = "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";

describe("close", () => {
  it("ends calls at every stage and closes every connection", async () => {
    const stages: string[] = [];
    const { endpoint, open } = await httpServer((request, response) => {
      const path = request.url ?? "";
      stages.push(path);
      if (path.endsWith("/body") || path.endsWith("/stream")) response.write("begun");
    });
    const client = probe(endpoint);
    const source = new PassThrough();
    source.write("part");
    const calls = [
      client.send(probeGet, { id: "headers" }),
      client.json(probeGet, { id: "body" }),
      client.send(probePost, { id: "upload" }, undefined, { upload: source }),
    ].map(failureOf);
    const stream = await client.stream(probeGet, { id: "stream" });
    const broken = failureOf(stream.toArray());
    await vi.waitFor(() => expect(stages).toHaveLength(4));
    expect(await client.connections()).toBe(4);
    await client.close();
    for (const error of [...(await Promise.all(calls)), await broken]) {
      expect(error).toBeInstanceOf(ClientClosedError);
      expect(error).toMatchObject({ code: "ERR_CLIENT_CLOSED", endpoint });
    }
    expect(source.destroyed).toBe(true);
    expect(await client.connections()).toBe(0);
    await vi.waitFor(() => expect(open.size).toBe(0));
  });

  it("ends a hijacked connection", async () => {
    const { endpoint, open } = await netServer((socket) => {
      socket.on("end", () => socket.end());
      onRequest(socket, () => socket.write(SWITCH));
    });
    const client = probe(endpoint);
    const { source, exchange } = await client.hijack(probePost, { id: "x" });
    const error = new Promise((resolve) => source.on("error", resolve));
    await client.close();
    expect(await error).toBeInstanceOf(ClientClosedError);
    expect(exchange.failure).toBeInstanceOf(ClientClosedError);
    await vi.waitFor(() => expect(open.size).toBe(0));
  });

  it("ends idle connections", async () => {
    const { endpoint, open } = await httpServer((_request, response) => ok(response));
    const client = probe(endpoint);
    await Promise.all([client.get(), client.get(), client.get()]);
    expect(open.size).toBe(3);
    await client.close();
    await vi.waitFor(() => expect(open.size).toBe(0));
    expect(await client.connections()).toBe(0);
  });

  it("ends a call that is still connecting", async () => {
    const { endpoint, accepted } = await httpServer((_request, response) => ok(response), 0);
    const client = probe(endpoint);
    const call = failureOf(client.get());
    await client.close();
    expect(await call).toBeInstanceOf(ClientClosedError);
    expect(await client.connections()).toBe(0);
    expect(accepted()).toBeLessThanOrEqual(1);
  });

  it("ends calls that wait for a pooled connection, without opening one for them", async () => {
    const { endpoint, open, accepted } = await httpServer(() => undefined);
    const client = probe(endpoint);
    const calls = Array.from({ length: 130 }, () => failureOf(client.get()));
    await vi.waitFor(() => expect(open.size).toBe(100));
    await client.close();
    for (const error of await Promise.all(calls)) expect(error).toBeInstanceOf(ClientClosedError);
    await vi.waitFor(() => expect(open.size).toBe(0));
    expect(accepted()).toBe(100);
    expect(await client.connections()).toBe(0);
  });

  it("fails later calls without using a connection", async () => {
    const { endpoint, accepted } = await httpServer((_request, response) => ok(response));
    const client = probe(endpoint, { apiVersion: undefined });
    await client.close();
    const upload = Readable.from(["x"]);
    for (const call of [
      client.get(),
      client.negotiate(),
      client.supports("probeGet"),
      client.stream(probeFollow, { id: "x" }),
      client.post(undefined, { upload }),
    ]) {
      expect(await failureOf(call)).toBeInstanceOf(ClientClosedError);
    }
    expect(upload.destroyed).toBe(true);
    expect(accepted()).toBe(0);
  });

  it("can be called again, even while it runs", async () => {
    const { endpoint } = await httpServer((_request, response) => ok(response));
    const client = probe(endpoint);
    await client.get();
    await Promise.all([client.close(), client.close()]);
    await client.close();
    expect(client.closed).toBe(true);
  });

  it("rejects calls that start while it closes", async () => {
    const { endpoint, accepted } = await httpServer((_request, response) => ok(response));
    const client = probe(endpoint);
    let late: Promise<unknown> | undefined;
    client.closing.addEventListener("abort", () => {
      late = failureOf(client.get());
    });
    expect(client.closing.aborted).toBe(false);
    await client.close();
    expect(client.closing.aborted).toBe(true);
    expect(await late).toBeInstanceOf(ClientClosedError);
    expect(accepted()).toBe(0);
  });

  it("runs at the end of an await using block", async () => {
    const { endpoint, open } = await httpServer((_request, response) => ok(response));
    let seen: Probe;
    {
      await using client = new Probe({ endpoint, apiVersion: "1.51" });
      seen = client;
      await client.get();
      expect(open.size).toBe(1);
    }
    expect(seen.closed).toBe(true);
    await vi.waitFor(() => expect(open.size).toBe(0));
  });

  it("lets the process exit", async () => {
    const { endpoint, open } = await httpServer((_request, response) => response.write("begun"));
    const before = resources();
    const client = new Probe({
      endpoint,
      apiVersion: "1.51",
      timeouts: { connect: 60_000, headers: 60_000, inactivity: 60_000, total: 60_000 },
    });
    onTestFinished(() => client.close());
    const calls = [client.get(), client.json(probeGet, { id: "x" })].map(failureOf);
    const stream = await client.stream(probeFollow, { id: "x" });
    stream.on("error", () => undefined).resume();
    await vi.waitFor(() => expect(open.size).toBe(3));
    expect(resources().length).toBeGreaterThanOrEqual(before.length + 3 + 4);
    await client.close();
    await Promise.all(calls);
    await expectResources(before);
  });
});

describe("connections", () => {
  it("counts busy, idle and hijacked connections", async () => {
    const { endpoint } = await httpServer((request, response) => {
      if (request.url?.endsWith("follow")) response.write("begun");
      else ok(response);
    });
    const client = probe(endpoint);
    expect(await client.connections()).toBe(0);
    await client.get();
    expect(await client.connections()).toBe(1);
    const stream = await client.stream(probeFollow, { id: "x" });
    expect(await client.connections()).toBe(2);
    stream.destroy();
    await vi.waitFor(async () => expect(await client.connections()).toBe(1));
  });
});
