import { describe, expect, it } from "vitest";
import { AbortError, ConnectionError, ProtocolError } from "../../lib/errors/connection-errors.js";
import { bodyError, chunksOf, readJson } from "../../lib/streams/body.js";
import type { Exchange } from "../../lib/transport/exchange.js";
import { ResponseBody } from "../../lib/transport/response-body.js";
import { exchangeOf, pushed, rejection } from "../support/streams.js";

const reset = () => Object.assign(new Error("reset"), { code: "ECONNRESET" });
describe("bodyError", () => {
  it("reports a cut connection as an incomplete response and passes on other errors", () => {
    const exchange = exchangeOf(pushed());
    expect(bodyError(reset(), exchange)).toBeInstanceOf(ProtocolError);
    expect(bodyError(Object.assign(new Error(), { code: "ERR_STREAM_PREMATURE_CLOSE" }), exchange)).toBeInstanceOf(ProtocolError);
    expect(bodyError(Object.assign(new Error("?"), { code: "EIO" }), exchange)).toBeInstanceOf(ConnectionError);
    const own = new ProtocolError("own");
    expect(bodyError(own, exchange)).toBe(own);
  });

  it("prefers the reason that ended the exchange", () => {
    const controller = new AbortController();
    const exchange = exchangeOf(
      pushed().on("error", () => undefined),
      controller.signal,
    );
    controller.abort();
    expect(bodyError(reset(), exchange)).toBeInstanceOf(AbortError);
  });
});

describe("readJson", () => {
  /** The body of a response that has arrived completely. */
  function bodyOf(...chunks: string[]): [ResponseBody, Exchange] {
    const exchange = exchangeOf(pushed());
    const body = new ResponseBody({ resume: () => undefined, pause: () => undefined, abandon: () => undefined }, exchange);
    for (const chunk of chunks) body.receive(Buffer.from(chunk));
    body.finish();
    return [body, exchange];
  }

  it("parses the body, and rejects invalid JSON without quoting it", async () => {
    expect(await readJson(...bodyOf('{"a":', "1}"))).toEqual({ a: 1 });
    const error = await rejection(readJson(...bodyOf("<html>")));
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error).toMatchObject({ message: "the response to logs is not JSON", operation: "logs" });
  });
});

describe("chunksOf", () => {
  it("yields the chunks, and throws a typed error when the connection is cut", async () => {
    const source = pushed();
    const chunks = chunksOf(source, exchangeOf(source));
    source.push("a");
    expect((await chunks.next()).value?.toString()).toBe("a");
    source.destroy(reset());
    expect(await rejection(chunks.next())).toBeInstanceOf(ProtocolError);
  });

  it("discards received chunks when the exchange has failed", async () => {
    const controller = new AbortController();
    const source = pushed();
    const exchange = exchangeOf(source, controller.signal);
    exchange.setCanceller(() => undefined);
    const chunks = chunksOf(source, exchange);
    source.push("a");
    await chunks.next();
    source.push("b");
    controller.abort();
    expect(await rejection(chunks.next())).toBeInstanceOf(AbortError);
  });
});
