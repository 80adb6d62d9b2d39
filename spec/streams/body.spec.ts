import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { AbortError, ConnectionError, ProtocolError } from "../../lib/errors/connection-errors.js";
import { bodyError, chunksOf, readAll, readJson, typedErrors } from "../../lib/streams/body.js";
import { exchangeOf, pushed, rejection, sourceOf } from "./support.js";

const reset = () => Object.assign(new Error("reset"), { code: "ECONNRESET" });
/** Only the stream in it is used. */
const bodyOf = (stream: Readable) => stream as IncomingMessage;

describe("bodyError", () => {
  it("takes a cut for a missing part of the answer, and anything else for what it is", () => {
    const exchange = exchangeOf(pushed());
    expect(bodyError(reset(), exchange)).toBeInstanceOf(ProtocolError);
    expect(bodyError(Object.assign(new Error(), { code: "ERR_STREAM_PREMATURE_CLOSE" }), exchange)).toBeInstanceOf(ProtocolError);
    expect(bodyError(Object.assign(new Error("?"), { code: "EIO" }), exchange)).toBeInstanceOf(ConnectionError);
    const own = new ProtocolError("own");
    expect(bodyError(own, exchange)).toBe(own);
  });

  it("prefers the reason for which the exchange was ended", () => {
    const controller = new AbortController();
    const exchange = exchangeOf(
      pushed().on("error", () => undefined),
      controller.signal,
    );
    controller.abort();
    expect(bodyError(reset(), exchange)).toBeInstanceOf(AbortError);
  });
});

describe("readAll", () => {
  it("gives the body in one piece and finishes the exchange", async () => {
    for (const chunks of [[], ["one"], ["one", "two"]]) {
      const source = sourceOf(chunks.map((chunk) => Buffer.from(chunk)));
      const exchange = exchangeOf(source);
      expect((await readAll(bodyOf(source), exchange)).toString()).toBe(chunks.join(""));
      expect(exchange.finished).toBe(true);
    }
  });

  it("reads to the end, but keeps no more than is wanted", async () => {
    const source = sourceOf(["abc", "def", "ghi"].map((chunk) => Buffer.from(chunk)));
    expect((await readAll(bodyOf(source), exchangeOf(source), 4)).toString()).toBe("abcdef");
    expect(source.readableEnded).toBe(true);
  });

  it("rejects when the body is cut off", async () => {
    const source = pushed();
    const content = readAll(bodyOf(source), exchangeOf(source));
    source.push("half");
    source.destroy(reset());
    expect(await rejection(content)).toBeInstanceOf(ProtocolError);
  });
});

describe("readJson", () => {
  it("parses the body, and refuses what is not JSON without showing it", async () => {
    const good = sourceOf([Buffer.from('{"a":'), Buffer.from("1}")]);
    expect(await readJson(bodyOf(good), exchangeOf(good))).toEqual({ a: 1 });
    const bad = sourceOf([Buffer.from("<html>")]);
    const error = await rejection(readJson(bodyOf(bad), exchangeOf(bad)));
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error).toMatchObject({ message: "the answer to logs is not JSON", operation: "logs" });
  });
});

describe("typedErrors", () => {
  it("makes errors of this package of the body's, wherever it is read", async () => {
    const source = pushed();
    const body = typedErrors(source, exchangeOf(source));
    expect(body).toBe(source);
    const failed = new Promise((resolve) => body.once("error", resolve));
    source.destroy(reset());
    expect(await failed).toBeInstanceOf(ProtocolError);
  });

  it("leaves a good end alone", async () => {
    const source = sourceOf([Buffer.from("a")]);
    expect(Buffer.concat(await typedErrors(source, exchangeOf(source)).toArray()).toString()).toBe("a");
  });
});

describe("chunksOf", () => {
  it("gives the chunks, and a typed error at a cut", async () => {
    const source = pushed();
    const chunks = chunksOf(source, exchangeOf(source));
    source.push("a");
    expect((await chunks.next()).value?.toString()).toBe("a");
    source.destroy(reset());
    expect(await rejection(chunks.next())).toBeInstanceOf(ProtocolError);
  });
});
