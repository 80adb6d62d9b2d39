import { text } from "node:stream/consumers";
import { describe, expect, it, vi } from "vitest";
import { Exchange } from "../../lib/transport/exchange.js";
import { ResponseBody } from "../../lib/transport/response-body.js";
import { rejection, settle } from "../support/streams.js";

const limits = { connect: 0, headers: 0, inactivity: 0, total: 0 };

function bodyOf() {
  const source = { resume: vi.fn(), pause: vi.fn(), abandon: vi.fn() };
  const exchange = new Exchange("inspect", "unix:///engine.sock", limits, undefined);
  return { source, exchange, body: new ResponseBody(source, exchange) };
}

describe("ResponseBody", () => {
  it.each([
    [8096, true],
    [8097, false],
  ])("keeps a piece of 1000 bytes in a buffer of %i bytes: %s", (size, keeps) => {
    const { body } = bodyOf();
    const buffer = new ArrayBuffer(size);
    body.read(0);
    body.receive(Buffer.from(buffer, 7, 1000));
    const piece = body.read() as Buffer;
    expect(piece).toHaveLength(1000);
    expect(piece.buffer === buffer).toBe(keeps);
  });

  it("is held back until its reader requests data, and while a byte of it is unread", () => {
    const { body, source } = bodyOf();
    expect(body.isHeldBack).toBe(true);
    expect(source.resume).not.toHaveBeenCalled();
    body.read(0);
    expect(body.isHeldBack).toBe(false);
    expect(source.resume).toHaveBeenCalledOnce();
    body.receive(Buffer.from("x"));
    expect(body.isHeldBack).toBe(true);
    body.read();
    body.read(0);
    expect(body.isHeldBack).toBe(false);
  });

  it("is not held back while it is read as a whole", async () => {
    const { body, source } = bodyOf();
    const content = body.text();
    expect(body.isHeldBack).toBe(false);
    expect(source.resume).toHaveBeenCalledOnce();
    body.receive(Buffer.from("x"));
    expect(body.isHeldBack).toBe(false);
    expect(source.pause).not.toHaveBeenCalled();
    expect(body.complete).toBe(false);
    body.finish();
    expect(body.complete).toBe(true);
    expect(await content).toBe("x");
  });

  it.each([0, 1, 2, 3])("returns %i pieces that arrived before the first read, in order, and then ends", async (count) => {
    for (const read of [text, (body: ResponseBody) => body.text()]) {
      for (const isComplete of [true, false]) {
        const { body, source, exchange } = bodyOf();
        for (let n = 0; n < count; n += 1) body.receive(Buffer.from(String(n)));
        expect(source.pause).toHaveBeenCalledTimes(count);
        if (isComplete) body.finish();
        const content = read(body);
        await settle();
        expect(source.resume.mock.calls.length > 0).toBe(!isComplete);
        if (!isComplete) {
          body.receive(Buffer.from("."));
          body.finish();
        }
        expect(await content).toBe(`${"012".slice(0, count)}${isComplete ? "" : "."}`);
        await settle();
        expect([exchange.finished, source.abandon.mock.calls.length]).toEqual([true, 0]);
      }
    }
  });

  it("pauses its source while the reader is full", () => {
    const { body, source } = bodyOf();
    body.read(0);
    body.receive(Buffer.alloc(10));
    expect(source.pause).not.toHaveBeenCalled();
    body.receive(Buffer.alloc(body.readableHighWaterMark));
    expect(source.pause).toHaveBeenCalledOnce();
  });

  it("passes on no data, and closes its connection once, beyond the limit", async () => {
    const { body, source } = bodyOf();
    const content = rejection(body.text(3));
    for (const piece of ["abc", "d", "e"]) body.receive(Buffer.from(piece));
    expect(await content).toMatchObject({ message: "the response to inspect exceeds 3 bytes" });
    expect(source.abandon).toHaveBeenCalledOnce();
  });

  it("fails its reader, at once or when it is read as a whole later", async () => {
    const broken = new Error("broken");
    const { body } = bodyOf();
    const content = rejection(body.text());
    body.fail(broken);
    expect(await content).toBe(broken);
    const { body: early, source } = bodyOf();
    early.on("error", () => undefined);
    early.fail(broken);
    expect(await rejection(early.text())).toBe(broken);
    expect(source.abandon).toHaveBeenCalledOnce();
  });

  it("closes its connection when it is destroyed before it has arrived, but not afterwards", async () => {
    for (const isComplete of [true, false]) {
      const { body, source, exchange } = bodyOf();
      if (isComplete) body.finish();
      body.destroy();
      await settle();
      expect([source.abandon.mock.calls.length, exchange.finished]).toEqual([isComplete ? 0 : 1, true]);
    }
  });
});
