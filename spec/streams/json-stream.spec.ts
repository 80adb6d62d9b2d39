import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { ProtocolError } from "../../lib/errors/connection-errors.js";
import { JsonStream } from "../../lib/streams/json-stream.js";
import { Exchange } from "../../lib/transport/exchange.js";

function stream(...chunks: Buffer[]): { json: JsonStream<unknown>; source: PassThrough; exchange: Exchange } {
  const exchange = new Exchange("stats", "unix:///x", { connect: 0, headers: 0, inactivity: 0, total: 0 }, undefined);
  const source = new PassThrough();
  for (const chunk of chunks) source.write(chunk);
  return { json: new JsonStream(source, exchange), source, exchange };
}

const text = Buffer.from('{"a":"ä"}\n{"a":[2]}{"b":3}\n');

async function collect<T>(documents: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const document of documents) collected.push(document);
  return collected;
}

describe("JsonStream", () => {
  it("yields the documents however the stream is split", async () => {
    for (let at = 0; at <= text.length; at += 1) {
      const { json, source, exchange } = stream(text.subarray(0, at), text.subarray(at));
      source.end();
      expect(await collect(json)).toEqual([{ a: "ä" }, { a: [2] }, { b: 3 }]);
      expect(exchange.finished).toBe(true);
    }
  });

  it("ends the connection when the loop exits, and after the first event", async () => {
    for (const read of [
      async (json: JsonStream<unknown>) => {
        let read: unknown;
        for await (const document of json) {
          read = document;
          break;
        }
        return read;
      },
      (json: JsonStream<unknown>) => json.first(),
    ]) {
      const { json, source, exchange } = stream(text);
      expect(await read(json)).toEqual({ a: "ä" });
      expect(source.destroyed).toBe(true);
      expect(exchange.finished).toBe(true);
    }
  });

  it("rejects a stream that ends early or is empty", async () => {
    const cut = stream(text.subarray(0, 4));
    cut.source.end();
    await expect(collect(cut.json)).rejects.toThrow(ProtocolError);
    const empty = stream();
    empty.source.end();
    await expect(empty.json.first()).rejects.toThrow("the response to stats is empty");
  });

  it("keeps an error for a later reader", async () => {
    const { json, source } = stream();
    source.destroy(Object.assign(new Error("gone"), { code: "ECONNRESET" }));
    await new Promise((resolve) => source.once("close", resolve));
    await expect(json.first()).rejects.toThrow(ProtocolError);
  });

  it("can be closed unread", async () => {
    const { source, exchange, json } = stream(text);
    {
      await using unread = json;
      expect(unread).toBe(json);
    }
    expect(source.destroyed).toBe(true);
    expect(exchange.finished).toBe(true);
  });
});
