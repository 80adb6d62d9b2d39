import type { Readable } from "node:stream";
import { describe, expect, it, vi } from "vitest";
import { AbortError, ConnectionError, ProtocolError } from "../../lib/errors/connection-errors.js";
import { bodyError, chunksOf, readJson, watchSource } from "../../lib/streams/body.js";
import { Exchange } from "../../lib/transport/exchange.js";
import { ResponseBody } from "../../lib/transport/response-body.js";
import { exchangeOf, pushed, rejection, settle } from "../support/streams.js";

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

describe("watchSource", () => {
  const limits = { connect: 0, headers: 0, inactivity: 0, total: 0 };

  it.each<[string, (source: Readable, exchange: Exchange) => unknown, string | undefined]>([
    ["ends", (source) => source.resume().push(null), undefined],
    ["is closed before its end", (source) => source.destroy(), "the stream of logs was cut off"],
    ["is reset", (source) => source.destroy(reset()), "the response to logs was cut off by unix:///engine.sock"],
    [
      "is closed after the exchange has failed",
      (source, exchange) => {
        exchange.fail(new AbortError("enough"));
        source.destroy(reset());
      },
      "enough",
    ],
    [
      "ends although the exchange has failed",
      (source, exchange) => {
        exchange.fail(new AbortError("enough"));
        source.push(null);
        source.resume();
      },
      "enough",
    ],
  ])("ends the exchange, and reports the error, when the source %s", async (_how, end, expected) => {
    for (const isLate of [false, true]) {
      const [source, exchange] = [pushed(), new Exchange("logs", "unix:///engine.sock", limits, undefined)];
      const broken = vi.fn<(error: Error) => void>();
      if (!isLate) watchSource(source, exchange, broken);
      else source.on("error", () => undefined);
      end(source, exchange);
      await settle();
      if (isLate) watchSource(source, exchange, broken);
      expect(exchange.finished).toBe(true);
      const messages = new Set(broken.mock.calls.map(([{ message }]) => message));
      expect([...messages]).toEqual(expected === undefined ? [] : [expected]);
    }
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
