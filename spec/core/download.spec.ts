import { PassThrough, Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { download } from "../../lib/core/download.js";
import { progress, progressFields } from "../../lib/core/progress.js";
import { StreamError } from "../../lib/errors/stream-errors.js";
import type { ProgressOptions } from "../../lib/streams/progress.js";
import { failureOf, probe, probeGet } from "../support/probe.js";
import { httpServer } from "../support/servers.js";

async function answer(content: string, cut = false) {
  const { endpoint } = await httpServer((_request, response) => {
    response.writeHead(200, { "Content-Type": "application/json", "Content-Length": content.length + Number(cut) });
    response.end(content);
  });
  return probe(endpoint).open(probeGet, { id: "x" }, undefined, { ownConnection: true });
}

describe("download", () => {
  it("returns a stream", async () => {
    const body = await download(await answer("content"), {});
    expect(await text(body!)).toBe("content");
  });

  it("writes to the caller's stream and does not end it", async () => {
    const outputStream = new PassThrough();
    expect(await download(await answer("content"), { outputStream })).toBeUndefined();
    expect(outputStream.writableEnded).toBe(false);
    expect(String(outputStream.read())).toBe("content");
  });

  it("fails when the caller's stream fails", async () => {
    const outputStream = new Writable({ write: (_chunk, _encoding, done) => done(new Error("disk full")) });
    expect(await failureOf(download(await answer("content"), { outputStream }))).toMatchObject({
      name: "OutputStreamError",
      cause: { message: "disk full" },
    });
  });

  it.each([undefined, new PassThrough()])("fails when the response is cut off", async (outputStream) => {
    const failure = failureOf(download(await answer("content", true), { outputStream }).then((body) => body && text(body)));
    expect(await failure).toMatchObject({ name: "ProtocolError", operation: "probeGet" });
  });
});

describe("progress", () => {
  const messages = (...all: object[]) => all.map((message) => JSON.stringify(message)).join("\n");
  const outcome = () => {
    const seen: unknown[] = [];
    return { read: (message: unknown) => void seen.push(message), result: () => seen.length };
  };

  const call = (options: ProgressOptions) => ({
    client: { endpoint: "unix:///engine.sock" },
    method: { name: "probeGet", fields: progressFields },
    options,
    call: undefined,
  });

  it("reads every message and returns the result", async () => {
    const told: unknown[] = [];
    const open = () => answer(messages({ status: "a" }, { status: "b" }));
    expect(await progress(call({ onProgress: (message) => void told.push(message) }), open, outcome())).toBe(2);
    expect(told).toEqual([{ status: "a" }, { status: "b" }]);
  });

  it("converts a failure that the engine reports to a StreamError with the request's details", async () => {
    const open = () => answer(messages({ status: "a" }, { errorDetail: { code: 7, message: "no" }, error: "no" }));
    const error = await failureOf(Promise.resolve(progress(call({}), open, outcome())));
    expect(error).toBeInstanceOf(StreamError);
    expect(error).toMatchObject({
      status: 200,
      method: "GET",
      path: "/v1.51/probe/x",
      operation: "probeGet",
      reason: "no",
      errorCode: 7,
    });
  });

  it("rejects with the operation's own error class", async () => {
    const open = () => answer(messages({ error: "no" }));
    const own = {
      ...outcome(),
      error: (details: ConstructorParameters<typeof StreamError>[0]) => new StreamError(details, 9, "mine"),
    };
    expect(await failureOf(Promise.resolve(progress(call({}), open, own)))).toMatchObject({ message: "mine", errorCode: 9 });
  });

  it("sends none of its options", () => {
    expect(Object.entries(progressFields).map(([name, field]) => [name, field.in])).toEqual([
      ["outputStream", "notSent"],
      ["rawJson", "notSent"],
      ["onProgress", "notSent"],
    ]);
  });
});
