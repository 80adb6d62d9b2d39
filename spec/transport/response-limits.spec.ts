import { once } from "node:events";
import { describe, expect, it, vi } from "vitest";
import { ProtocolError } from "../../lib/errors/connection-errors.js";
import { Exchange } from "../../lib/transport/exchange.js";
import { ResponseBody } from "../../lib/transport/response-body.js";
import { JSON_LIMIT, SMALL_RESPONSE } from "../../lib/wire/limits.js";
import { failureOf, probe } from "../support/probe.js";
import { httpServer } from "../support/servers.js";

const limits = { connect: 0, headers: 0, inactivity: 0, total: 0 };

function body() {
  const source = { resume: vi.fn(), pause: vi.fn(), abandon: vi.fn() };
  const exchange = new Exchange("inspect", "unix:///engine.sock", limits, undefined);
  return { source, exchange, body: new ResponseBody(source, exchange) };
}

/** A server that never ends its responses. */
const endless = () =>
  httpServer((_request, response) => {
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536, " ")));
    };
    response.on("drain", more);
    more();
  });

describe("a response", () => {
  it("that is read as a whole is limited in size", async () => {
    const { body: response, source, exchange } = body();
    const content = failureOf(response.text());
    const piece = Buffer.alloc(1024 * 1024);
    for (let read = 0; read <= JSON_LIMIT; read += piece.length) response.receive(piece);
    const error = await content;
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error).toMatchObject({ message: "the response to inspect exceeds 268435456 bytes", operation: "inspect" });
    expect(source.abandon).toHaveBeenCalledOnce();
    expect(exchange.finished).toBe(true);
  });

  it("of exactly the maximum size is read", async () => {
    const { body: response } = body();
    const content = response.text(3);
    response.receive(Buffer.from("abc"));
    response.finish();
    expect(await content).toBe("abc");
  });

  it("that is not read is ended with its connection after 64 KiB", async () => {
    const { endpoint, open } = await endless();
    const client = probe(endpoint);
    expect(await client.post()).toBe(200);
    await vi.waitFor(() => expect(open.size).toBe(0));
    expect(await client.connections()).toBe(0);
  });

  it("to a version request is limited in size", async () => {
    const { endpoint, open } = await endless();
    const client = probe(endpoint, { apiVersion: undefined });
    expect(await failureOf(client.negotiate())).toMatchObject({
      name: "ProtocolError",
      message: `the response to negotiate exceeds ${SMALL_RESPONSE} bytes`,
    });
    await vi.waitFor(() => expect(open.size).toBe(0));
  });

  it("does not keep the buffers that contain its data in memory", async () => {
    const { body: response } = body();
    const read = Buffer.alloc(65_536);
    response.receive(read.subarray(10, 11));
    response.finish();
    const [chunk] = (await once(response, "data")) as [Buffer];
    expect(chunk.buffer).not.toBe(read.buffer);
  });
});
