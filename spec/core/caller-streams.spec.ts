import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { Readable, Writable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { ReadableStream, WritableStream } from "node:stream/web";
import { describe, expect, it } from "vitest";
import { InputStreamError, OutputStreamError } from "../../lib/errors/usage-errors.js";
import { outcomeOf, streamingEngine, type StreamOption, streamOptions } from "../support/stream-options.js";
import { listenerCounts, pushed } from "../support/streams.js";

const cause = new Error("early");

/** A stream of the caller that fails on request. */
interface Failing {
  stream: unknown;
  fail: () => void;
}

const blackHole = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });

function nodeStream({ isInput }: StreamOption): Failing {
  const stream = isInput ? pushed() : blackHole();
  if (stream instanceof Readable) stream.push("hello");
  return { stream, fail: () => void stream.destroy(cause) };
}

function webStream({ isInput }: StreamOption): Failing {
  let fail: () => void = () => undefined;
  const start = (controller: { error: (reason: unknown) => void }) => void (fail = () => controller.error(cause));
  const stream = isInput ? new ReadableStream({ start }) : new WritableStream({ start });
  return { stream, fail: () => fail() };
}

const isArchived = ({ option }: StreamOption): boolean => option === "content" || option === "entries";

function failureOf(tested: StreamOption, reason: unknown): unknown {
  const { isInput, method } = tested;
  const { name } = isInput ? InputStreamError : OutputStreamError;
  const cause = reason === undefined ? {} : { cause: reason };
  // an archive names the entry that fails, and not the call that packs it
  const operation = isArchived(tested) ? {} : { operation: method };
  return expect.objectContaining({ name, ...operation, ...cause });
}

const options = streamOptions();
const inputs = options.filter(({ isInput }) => isInput);
const outputs = options.filter(({ isInput }) => !isInput);
const titled = (list: readonly StreamOption[]) => list.map((tested) => [`${tested.method} ${tested.option}`, tested] as const);

describe("a stream of the caller", () => {
  it("is found in the options of every method", () => {
    expect(options.map(({ method, option }) => `${method} ${option}`)).toEqual(
      expect.arrayContaining(["logs outputStream", "execute input", "buildImage inputStream", "request body"]),
    );
  });
});

describe.each(titled(options))("%s", (_title, tested) => {
  it.each([
    ["a stream of Node.js", nodeStream],
    ["a web stream", webStream],
  ])("rejects when %s fails before and during every request", async (_kind, create) => {
    const progress = { isTransferred: false };
    for (let failing = 0; !progress.isTransferred; failing += 1) {
      const { stream, fail } = create(tested);
      const client = await streamingEngine(tested, ({ index, line, isTransfer, body, start }) => {
        progress.isTransferred ||= isTransfer && index <= failing;
        if (index !== failing && !(isTransfer && index < failing)) return false;
        body.resume();
        if (isTransfer) start();
        setImmediate(fail);
        // only a container's creation is answered, because the call needs the ID to remove the container
        return line !== "POST /containers/create";
      });
      expect(await outcomeOf(client, tested.method, tested.options(stream))).toEqual(failureOf(tested, cause));
      await client.close();
    }
  });

  it("rejects when the stream's file cannot be opened", async () => {
    let settle: () => void = () => undefined;
    const settled = new Promise<void>((resolve) => (settle = resolve));
    const client = await streamingEngine(tested, ({ isTransfer, finish }) => {
      if (isTransfer) void settled.then(finish);
      return isTransfer;
    });
    const stream: Readable | Writable = tested.isInput ? createReadStream("/nowhere/file") : createWriteStream("/nowhere/file");
    const outcome = outcomeOf(client, tested.method, tested.options(stream));
    stream.once("close", settle);
    const error = await outcome;
    expect(error).toEqual(failureOf(tested, expect.objectContaining({ code: "ENOENT" })));
  });

  it("rejects when the stream has failed or been destroyed before the call", async () => {
    const client = await streamingEngine(tested, () => false);
    for (const reason of [cause, undefined]) {
      const stream = tested.isInput ? pushed() : blackHole();
      stream.on("error", () => undefined).destroy(reason);
      expect(await outcomeOf(client, tested.method, tested.options(stream))).toEqual(failureOf(tested, reason));
    }
  });

  it("leaves no listener on the stream and causes no warning when many calls share it", async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => void warnings.push(warning);
    process.on("warning", note);
    const client = await streamingEngine(tested, () => false);
    const stream = tested.isInput ? Readable.from(["hello"], { objectMode: false }) : blackHole();
    const before = listenerCounts(stream);
    const call = () => outcomeOf(client, tested.method, tested.options(stream));
    // an archive reads a stream once
    if (isArchived(tested)) await call();
    else await Promise.all(Array.from({ length: 12 }, call));
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", note);
    expect(warnings).toEqual([]);
    // an archive destroys a stream, on which Node.js leaves its own listeners
    expect(isArchived(tested) ? before : listenerCounts(stream)).toEqual(before);
    expect(stream.getMaxListeners()).toBe(10);
  });

  it("rejects a value that is not a stream before anything is sent", async () => {
    let sent = 0;
    const client = await streamingEngine(tested, () => {
      sent += 1;
      return false;
    });
    if (tested.method === "request") return; // any other value is sent as JSON
    const error = await outcomeOf(client, tested.method, tested.options(5));
    expect(error).toMatchObject({ name: "InvalidOptionError" });
    expect(sent).toBe(0);
  });
});

const hello = new TextEncoder().encode("hello\n");

async function* objects(): AsyncGenerator<object, void, undefined> {
  yield await Promise.resolve({ a: 1 });
}

async function* generated(): AsyncGenerator<string | Uint8Array, void, undefined> {
  yield "hel";
  yield await Promise.resolve(hello.subarray(3));
}

describe.each(titled(inputs))("the input of %s", (_title, tested) => {
  it.each<[string, () => unknown]>([
    ["a Readable", () => Readable.from([hello], { objectMode: false })],
    ["a ReadableStream", () => new Blob([hello]).stream()],
    ["a Blob", () => new Blob([hello])],
    ["a string", () => "hello\n"],
    ["bytes", () => hello],
    ["an async generator", generated],
  ])("may be %s", async (_kind, source) => {
    let received: Promise<Buffer> | undefined;
    const client = await streamingEngine(tested, ({ isTransfer, body, accept, finish }) => {
      if (!isTransfer) return false;
      accept();
      // a WebSocket cannot end only the input
      received = tested.output === "websocket" ? once(body, "data").then(([chunk]) => chunk as Buffer) : buffer(body);
      void received.then(finish);
      return true;
    });
    await outcomeOf(client, tested.method, tested.options(source()));
    const bytes = await received;
    if (tested.output === "websocket") expect(bytes).not.toHaveLength(0);
    else expect(bytes?.toString("latin1")).toContain("hello\n");
  });

  it.each<[string, () => unknown]>([
    ["a Readable", () => Readable.from([{ a: 1 }])],
    ["a ReadableStream", () => new ReadableStream({ start: (controller) => controller.enqueue({ a: 1 }) })],
    ["an async generator", objects],
  ])("rejects %s that yields objects in place of bytes", async (_kind, source) => {
    let isHeld = false;
    const client = await streamingEngine(tested, ({ isTransfer, body, accept }) => {
      // the same request may kill the command afterwards
      if (!isTransfer || isHeld) return false;
      isHeld = true;
      accept();
      body.resume();
      return true;
    });
    const error = await outcomeOf(client, tested.method, tested.options(source()));
    expect(error).toEqual(failureOf(tested, isArchived(tested) ? undefined : expect.any(TypeError)));
  });
});

describe.each(titled(outputs))("the output of %s", (_title, tested) => {
  it("may be a Writable or a WritableStream, which is left open and unlocked", async () => {
    const client = await streamingEngine(tested, ({ isTransfer, body, finish }) => {
      if (!isTransfer) return false;
      body.resume();
      finish();
      return true;
    });
    const chunks: unknown[] = [];
    const node = new Writable({
      write: (chunk, _encoding, done) => {
        chunks.push(chunk);
        done();
      },
    });
    const web = new WritableStream({ write: (chunk) => void chunks.push(chunk) });
    for (const stream of [node, web]) {
      await outcomeOf(client, tested.method, tested.options(stream));
      expect(Buffer.concat(chunks.splice(0) as Buffer[]).toString()).toBe("hello\n");
    }
    expect([node.writableEnded, web.locked]).toEqual([false, false]);
  });

  it("rejects a stream that ended before the call", async () => {
    const client = await streamingEngine(tested, () => false);
    expect(await outcomeOf(client, tested.method, tested.options(blackHole().end()))).toEqual(failureOf(tested, undefined));
  });
});
