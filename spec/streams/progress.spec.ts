import { Readable, Writable } from "node:stream";
import fc from "fast-check";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { AbortError, ProtocolError } from "../../lib/errors/connection-errors.js";
import { DockerError } from "../../lib/errors/docker-error.js";
import { InvalidOptionError, OutputStreamError } from "../../lib/errors/usage-errors.js";
import { Progress, type ProgressOptions } from "../../lib/streams/progress.js";
import type { ProgressMessage } from "../../lib/types/progress.js";
import { cuts, exchangeOf, HeldSink, listenerCounts, pushed, rejection, settle, sourceOf } from "../support/streams.js";

/** The error of an operation for a failure that the engine reports. */
class ReportedError extends DockerError {}

interface Setup {
  headers?: Record<string, string>;
  signal?: AbortSignal;
  opens?: Promise<unknown>;
}

/** An operation that returns the statuses that it has read. */
function progressOf(
  source: Readable,
  options: ProgressOptions = {},
  { headers = {}, signal, opens }: Setup = {},
): Progress<string[]> {
  return new Progress(options, async () => {
    await opens;
    const statuses: string[] = [];
    const reader = {
      read: ({ status, stream }: ProgressMessage) => void statuses.push(status ?? stream ?? ""),
      error: (_message: ProgressMessage, text: string, code: number | undefined) =>
        new ReportedError(`${text} (${String(code)})`),
      result: () => statuses,
    };
    return { body: source, headers, exchange: exchangeOf(source, signal), reader };
  });
}

const lines = (...messages: unknown[]) => Buffer.from(messages.map((message) => `${JSON.stringify(message)}\n`).join(""));
const two = () => sourceOf([lines({ status: "one" }), lines({ status: "two" })]);
const failed = { errorDetail: { code: 404, message: "no such thing" }, error: "no such thing" };

async function statusesOf(progress: AsyncIterable<ProgressMessage>): Promise<(string | undefined)[]> {
  const statuses: (string | undefined)[] = [];
  for await (const { status } of progress) statuses.push(status);
  return statuses;
}

/** Handles unhandled rejections in place of vitest. */
function unhandledRejections(): unknown[] {
  const before = process.listeners("unhandledRejection");
  const seen: unknown[] = [];
  process.removeAllListeners("unhandledRejection").on("unhandledRejection", (error) => seen.push(error));
  onTestFinished(() => {
    process.removeAllListeners("unhandledRejection");
    for (const listener of before) process.on("unhandledRejection", listener);
  });
  return seen;
}

describe("Progress", () => {
  it("resolves to its result when awaited", async () => {
    expect(await progressOf(two())).toEqual(["one", "two"]);
    expect(await progressOf(two()).then((statuses) => statuses.length)).toBe(2);
    const last = vi.fn();
    expect(await progressOf(two()).finally(last)).toHaveLength(2);
    expect(last).toHaveBeenCalledOnce();
  });

  it("yields its messages, and resolves to its result before or after", async () => {
    const after = progressOf(two());
    expect(await statusesOf(after)).toEqual(["one", "two"]);
    expect(await after).toEqual(["one", "two"]);

    const both = progressOf(two());
    expect(await Promise.all([both, statusesOf(both)])).toEqual([
      ["one", "two"],
      ["one", "two"],
    ]);
  });

  it("yields later messages to a loop that joins late", async () => {
    const source = pushed();
    const progress = progressOf(source);
    source.push(lines({ status: "one" }));
    await settle();
    const late = statusesOf(progress);
    await settle();
    source.push(lines({ status: "two" }));
    source.push(null);
    expect(await late).toEqual(["two"]);
    expect(await progress).toEqual(["one", "two"]);
    expect(await statusesOf(progress)).toEqual(["one", "two"]);
  });

  it("yields its last messages to a loop after the end, up to a limit", async () => {
    const source = pushed();
    const progress = progressOf(source);
    for (let n = 0; n < 40; n += 1) {
      source.push(lines({ status: String(n), id: "x".repeat(8 * 1024) }));
      await settle(); // messages that arrive together would be kept or dropped together
    }
    source.push(null);
    await progress;
    for (let round = 0; round < 2; round += 1) {
      expect(await statusesOf(progress)).toEqual(Array.from({ length: 15 }, (_, n) => String(n + 25)));
    }
  });

  it.each([
    ["all batches that are 128 KiB long together", [64, 64], 0, [0, 1]],
    ["the later batches beyond that", [64, 64], 1, [1]],
    ["the last batch, however long it is", [200], 0, [0]],
    ["only the last batch if it is long", [1, 200], 0, [1]],
  ])("keeps %s", async (_what, sizes, more, expected) => {
    const source = pushed();
    const progress = progressOf(source);
    for (const [n, kibibytes] of sizes.entries()) {
      const length = kibibytes * 1024 + (n === 0 ? more : 0) - '{"status":"0","id":""}'.length;
      source.push(JSON.stringify({ status: String(n), id: "x".repeat(length) }));
      await settle();
    }
    source.push(null);
    await progress;
    expect(await statusesOf(progress)).toEqual(expected.map(String));
  });

  it("can be returned from an async function in an object, and iterated after it was awaited", async () => {
    const start = async () => {
      await settle();
      return { progress: progressOf(two()) };
    };
    const { progress } = await start();
    expect(await progress).toEqual(["one", "two"]);
    expect(await statusesOf(progress)).toEqual(["one", "two"]);
  });

  it("yields every message to each of several loops, at the pace of the slowest", async () => {
    const progress = progressOf(two());
    const [first, second] = [progress[Symbol.asyncIterator](), statusesOf(progress)];
    expect((await first.next()).value).toEqual({ status: "one" });
    expect((await first.next()).value).toEqual({ status: "two" });
    await settle();
    const early = vi.fn();
    void progress.then(early);
    await settle();
    expect(early).not.toHaveBeenCalled();
    expect((await first.next()).done).toBe(true);
    expect(await second).toEqual(["one", "two"]);
    expect(early).toHaveBeenCalledOnce();
  });

  it("continues while one loop remains", async () => {
    const progress = progressOf(two());
    const whole = statusesOf(progress);
    for await (const { status } of progress) {
      expect(status).toBe("one");
      break;
    }
    expect(await whole).toEqual(["one", "two"]);
    expect(await progress).toEqual(["one", "two"]);
  });

  it("ends when a late loop exits, and rejects a loop that joins a failed operation", async () => {
    const source = pushed();
    const progress = progressOf(source);
    progress.catch(() => undefined);
    await settle();
    const late = progress[Symbol.asyncIterator]();
    const next = late.next();
    source.push(lines({ status: "one" }, { status: "two" }));
    expect((await next).value).toEqual({ status: "one" });
    await late.return();
    expect(source.destroyed).toBe(true);
    expect(await rejection(progress)).toBeInstanceOf(AbortError);
    expect(await rejection(statusesOf(progress))).toBeInstanceOf(AbortError);
  });

  it("starts without a reader", async () => {
    const seen = vi.fn();
    void progressOf(two(), { onProgress: seen });
    await settle();
    await expect.poll(() => seen.mock.calls.length).toBe(2);
  });

  it("runs at the pace of the loop", async () => {
    let given = 0;
    const source = new Readable({
      highWaterMark: 1,
      read() {
        given += 1;
        this.push(lines({ status: String(given) }));
      },
    });
    for await (const { status } of progressOf(source)) {
      await settle();
      if (status === "3") break;
    }
    expect(given).toBeLessThanOrEqual(5);
  });

  it("ends the request when the loop exits, without an unhandled rejection", async () => {
    const unhandled = unhandledRejections();
    const source = pushed();
    source.push(lines({ status: "one" }, { status: "two" }));
    const progress = progressOf(source);
    for await (const { status } of progress) {
      expect(status).toBe("one");
      break;
    }
    expect(source.destroyed).toBe(true);
    await settle();
    expect(unhandled).toEqual([]);
    expect(await rejection(progress)).toBeInstanceOf(AbortError);
  });

  it("passes every promise through its report, the result once", async () => {
    const reported: Promise<unknown>[] = [];
    const progress = progressOf(two()).reportThrough((outcome) => {
      reported.push(outcome);
      return outcome;
    });
    await Promise.all([progress, progress.then(), progress.catch(() => undefined), progress.finally(() => undefined)]);
    expect(reported).toHaveLength(1);
    await progressOf(two())
      .reportThrough((outcome) => {
        reported.push(outcome);
        return outcome;
      })
      .finally(() => undefined);
    expect(reported).toHaveLength(2);
    expect(await statusesOf(progress)).toEqual(["one", "two"]);
    expect(reported).toHaveLength(5); // two messages and the end
  });

  it("causes one unhandled rejection when it fails without a handler", async () => {
    const unhandled = unhandledRejections();
    void progressOf(sourceOf([lines(failed)]));
    await expect.poll(() => unhandled.length).toBe(1);
    await settle();
    expect(unhandled).toEqual([expect.any(ReportedError)]);
  });

  it("causes no unhandled rejection when the loop or an awaiting caller handles the failure", async () => {
    const unhandled = unhandledRejections();
    expect(await rejection(statusesOf(progressOf(sourceOf([lines(failed)]))))).toBeInstanceOf(ReportedError);
    expect(await progressOf(sourceOf([lines(failed)])).catch((error: unknown) => error)).toBeInstanceOf(ReportedError);
    await settle();
    expect(unhandled).toEqual([]);
  });

  it("rejects when the request fails", async () => {
    const opens = Promise.reject(new ProtocolError("refused"));
    opens.catch(() => undefined);
    expect(await rejection(progressOf(two(), {}, { opens }))).toBeInstanceOf(ProtocolError);
    expect(await rejection(statusesOf(progressOf(two(), {}, { opens })))).toBeInstanceOf(ProtocolError);
  });

  describe("with a failure in the stream", () => {
    it.each<[string, ProgressMessage, string]>([
      ["a text and a detail", failed, "no such thing (404)"],
      ["only the detail", { errorDetail: { message: "denied" } }, "denied (undefined)"],
      ["only the text", { error: "denied" }, "denied (undefined)"],
      ["a number and no text", { errorDetail: { code: 7 } }, "unknown error (7)"],
      ["an empty detail", { errorDetail: {}, error: "denied" }, "denied (undefined)"],
    ])("rejects the promise and the loop with the operation's error: %s", async (_how, message, expected) => {
      for (const wait of [(progress: Progress<unknown>) => progress, statusesOf]) {
        const seen: unknown[] = [];
        const progress = progressOf(sourceOf([lines({ status: "one" }, message)]), { onProgress: (m) => seen.push(m) });
        const error = await rejection(wait(progress));
        expect(error).toBeInstanceOf(ReportedError);
        expect((error as Error).message).toBe(expected);
        expect(seen).toEqual([{ status: "one" }, message]);
      }
    });

    it("reports the first failure, after all messages", async () => {
      const source = sourceOf([lines(failed, { error: "another" }), lines({ status: "late" })]);
      const seen: (string | undefined)[] = [];
      const read = async () => {
        for await (const { status, error } of progressOf(source)) seen.push(status ?? error ?? undefined);
      };
      expect(((await rejection(read())) as Error).message).toBe("no such thing (404)");
      expect(seen).toEqual(["no such thing", "another", "late"]);
    });

    it("reports a failure even if the stream is cut off or malformed after it", async () => {
      const reset = pushed();
      reset.push(lines(failed));
      const cut = rejection(progressOf(reset));
      await settle();
      reset.destroy(Object.assign(new Error(), { code: "ECONNRESET" }));
      for (const error of [
        await cut,
        await rejection(progressOf(sourceOf([Buffer.concat([lines(failed), Buffer.from("rubbish\n")])]))),
        await rejection(progressOf(sourceOf([Buffer.concat([lines(failed), Buffer.from('{"sta')])]))),
      ]) {
        expect(error).toBeInstanceOf(ReportedError);
      }
    });

    it("reports the same failure however the stream is split", async () => {
      const bytes = lines({ status: "ä" }, failed);
      const property = fc.asyncProperty(cuts(bytes), async (chunks) => {
        const seen: unknown[] = [];
        expect(await rejection(progressOf(sourceOf(chunks), { onProgress: (message) => seen.push(message) }))).toBeInstanceOf(
          ReportedError,
        );
        expect(seen).toEqual([{ status: "ä" }, failed]);
      });
      await fc.assert(property, { numRuns: 40 });
    });
  });

  describe("with an invalid stream", () => {
    it.each([
      ["is cut off", () => Buffer.from('{"status":"one"}\n{"sta')],
      ["is not JSON", () => Buffer.from('{"status":"one"}\n<html>\n')],
      ["holds null", () => Buffer.from('{"status":"one"}\nnull\n')],
      ["holds a number", () => Buffer.from('{"status":"one"}\n42\n')],
    ])("yields the received messages, then rejects, when it %s", async (_how, bytes) => {
      const seen: (string | undefined)[] = [];
      const read = async () => {
        for await (const { status } of progressOf(sourceOf([bytes()]))) seen.push(status);
      };
      const error = await rejection(read());
      expect(error).toBeInstanceOf(ProtocolError);
      expect((error as Error).message).not.toContain("42");
      expect(seen).toEqual(["one"]);
    });

    it.each([
      ["null", "null"],
      ["42", "a number"],
      ['"text"', "a string"],
    ])("names %s in the error as %s, and does not quote it", async (document, what) => {
      const error = await rejection(progressOf(sourceOf([Buffer.from(`${document}\n`)])));
      expect((error as Error).message).toBe(`the engine sent ${what} in place of a progress message`);
    });

    it("treats non-JSON output as plain text, even if a character is split", async () => {
      const property = fc.asyncProperty(cuts(Buffer.from("line ä\n€😀")), async (chunks) => {
        const statuses = await progressOf(sourceOf(chunks), {}, { headers: { "content-type": "text/plain" } });
        expect(statuses.join("")).toBe("line ä\n€😀");
        expect(statuses).not.toContain("");
      });
      await fc.assert(property, { numRuns: 40 });
    });

    it.each(["application/json", "application/x-json-stream", "application/jsonl", undefined])(
      "reads %s as messages",
      async (type) => {
        const headers: Record<string, string> = type === undefined ? {} : { "content-type": type };
        expect(await progressOf(two(), {}, { headers })).toEqual(["one", "two"]);
      },
    );
  });

  it("closes the response when it cannot be read", async () => {
    const source = pushed();
    const progress = progressOf(source, { outputStream: "nowhere" as never });
    expect(await rejection(progress)).toBeInstanceOf(InvalidOptionError);
    expect(source.destroyed).toBe(true);
  });

  it("ends with an error from onProgress", async () => {
    const unhandled = unhandledRejections();
    const thrown = new Error("enough");
    for (const wait of [(progress: Progress<unknown>) => progress, statusesOf]) {
      const source = pushed();
      source.push(lines({ status: "one" }));
      const onProgress = () => {
        throw thrown;
      };
      expect(await rejection(wait(progressOf(source, { onProgress }) as never))).toBe(thrown);
      expect(source.destroyed).toBe(true);
    }
    await settle();
    expect(unhandled).toEqual([]);
  });

  it("can be aborted before the response and between messages", async () => {
    const controller = new AbortController();
    const source = pushed();
    const progress = progressOf(source, {}, { signal: controller.signal });
    source.push(lines({ status: "one" }));
    await settle();
    controller.abort();
    expect(await rejection(progress)).toBeInstanceOf(AbortError);
    expect(await rejection(progressOf(pushed(), {}, { signal: controller.signal }))).toBeInstanceOf(AbortError);
  });

  describe("with an output stream", () => {
    it("writes text, and waits until the stream has accepted it", async () => {
      const sink = new HeldSink();
      let isDone = false;
      const done = progressOf(two(), { outputStream: sink }).then(() => (isDone = true));
      await settle();
      expect(isDone).toBe(false);
      sink.open();
      await done;
      expect(sink.content.toString()).toBe("one\ntwo\n");
      expect(listenerCounts(sink)).toEqual({});
      expect(sink.writableEnded).toBe(false);
    });

    it("writes the engine's messages, one per line, with rawJson", async () => {
      const sink = new HeldSink();
      sink.open();
      const messages = [{ status: "a", progressDetail: { current: 1, total: 2 }, id: "1" }, { stream: "b\n" }, failed];
      const source = sourceOf([Buffer.from(messages.map((message) => JSON.stringify(message, null, 2)).join(""))]);
      expect(await rejection(progressOf(source, { outputStream: sink, rawJson: true }))).toBeInstanceOf(ReportedError);
      expect(sink.content.toString()).toBe(lines(...messages).toString());
    });

    it("applies backpressure while it is full", async () => {
      let given = 0;
      const source = new Readable({
        highWaterMark: 1,
        read() {
          given += 1;
          this.push(given > 50 ? null : lines({ status: String(given) }));
        },
      });
      const sink = new HeldSink({ highWaterMark: 1 });
      const done = progressOf(source, { outputStream: sink });
      await settle();
      expect(given).toBeLessThan(5);
      sink.open();
      expect(await done).toHaveLength(50);
      expect(sink.mostHeld).toBeLessThan(10);
    });

    it.each([
      ["fails", (sink: Writable) => sink.destroy(new Error("disk full"))],
      ["is closed", (sink: Writable) => sink.destroy()],
    ])("rejects when it %s before, during or at the end of the output", async (_how, end) => {
      for (const when of ["before", "meanwhile", "at last"]) {
        const sink = new HeldSink();
        const source = pushed();
        if (when === "before") end(sink.on("error", () => undefined));
        const done = rejection(progressOf(source, { outputStream: sink }));
        source.push(lines({ status: "one" }));
        if (when === "at last") source.push(null);
        await settle();
        if (when !== "before") end(sink);
        expect(await done).toBeInstanceOf(OutputStreamError);
        expect(source.destroyed).toBe(true);
        await settle();
        expect(sink.listenerCount("close")).toBe(0);
      }
    });

    it("can be aborted while it is full", async () => {
      const controller = new AbortController();
      const sink = new HeldSink({ highWaterMark: 1 });
      const source = pushed();
      const progress = progressOf(source, { outputStream: sink }, { signal: controller.signal });
      source.push(lines({ status: "one" }));
      source.push(null);
      await settle();
      controller.abort();
      expect(await rejection(progress)).toBeInstanceOf(AbortError);
      // writes that have not been accepted yet may still fail
      sink.open();
      await settle();
      expect(listenerCounts(sink)).toEqual({});
    });
  });
});
