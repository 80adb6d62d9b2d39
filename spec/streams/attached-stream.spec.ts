import { once } from "node:events";
import type { Socket } from "node:net";
import { PassThrough, Readable, Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { InputStreamError } from "../../lib/errors/usage-errors.js";
import { AbortError, ConnectionClosedError, DockerError, ProtocolError } from "../../lib/index.js";
import { AttachedStream } from "../../lib/streams/hijacked-stream.js";
import { MultiplexDecoder } from "../../lib/wire/frames.js";
import { frames } from "../support/recording-daemon.js";
import { exchangeOf, HeldSink, listenerCounts, received, rejection, settle, socketPair } from "../support/streams.js";

interface Attachment {
  attached: AttachedStream;
  near: Socket;
  far: Socket;
}

interface AttachOptions {
  supportsHalfClose?: boolean;
  signal?: AbortSignal;
  confirm?: (sent: Buffer) => Promise<void>;
}

async function attach({ supportsHalfClose = true, signal, confirm }: AttachOptions = {}): Promise<Attachment> {
  const { near, far } = await socketPair();
  const hijacked = { source: near, target: near, supportsHalfClose, exchange: exchangeOf(near, signal), confirm };
  return { attached: new AttachedStream(hijacked, new MultiplexDecoder(), false), near, far };
}

/** More input than an engine or a kernel would keep for a container that does not read it. */
function endlessInput(megabytes = 50): Readable {
  let left = megabytes;
  return new Readable({
    read() {
      left -= 1;
      this.push(left < 0 ? null : Buffer.alloc(1 << 20, "x"));
    },
  });
}

/** A sink that delays every write. */
function slowSink(): { stream: Writable; length: () => number } {
  let length = 0;
  const write = (chunk: Buffer, _encoding: BufferEncoding, done: () => void) => {
    length += chunk.length;
    setTimeout(done, 5);
  };
  return { stream: new Writable({ highWaterMark: 1024, write }), length: () => length };
}

describe("AttachedStream", () => {
  it("sends and ends the input while output continues", async () => {
    const { attached, far } = await attach();
    const input = received(far);
    attached.stdin.write("first ");
    attached.stdin.write(Buffer.from("second"));
    await attached.closeWrite();
    await attached.closeWrite();
    expect(await input).toBe("first second");
    far.end(frames([1, "still"], [2, "here"]));
    const { stdout, stderr } = await attached.collect();
    expect([stdout.toString(), stderr.toString()]).toEqual(["still", "here"]);
    expect(attached.supportsHalfClose).toBe(true);
  });

  it.each([
    ["all input of up to 1024 bytes", [1000, 24], 1024],
    ["the last 1024 bytes of more input", [1000, 25], 1024],
    ["the last 1024 bytes of one long write", [3, 5000], 1024],
    ["short input", [3], 3],
  ])("confirms the end with %s", async (_what, lengths, kept) => {
    const confirmed: Buffer[] = [];
    const { attached, far } = await attach({ confirm: (sent) => Promise.resolve(void confirmed.push(sent)) });
    const all = Buffer.concat(lengths.map((length, n) => Buffer.alloc(length, `${n}-`)));
    for (let from = 0, n = 0; n < lengths.length; from += lengths[n] ?? 0, n += 1) {
      attached.stdin.write(all.subarray(from, from + (lengths[n] ?? 0)));
    }
    await attached.closeWrite();
    far.end();
    await attached.wait();
    expect(confirmed).toEqual([all.subarray(-kept)]);
  });

  it("sends all input to an engine that reads it late", async () => {
    const { attached, far } = await attach();
    const inputStream = endlessInput(8);
    attached.connect({ inputStream });
    await expect.poll(() => attached.stdin.writableNeedDrain).toBe(true);
    expect((await received(far)).length).toBe(8 << 20);
  });

  it("keeps the connection open if it cannot be half-closed", async () => {
    const { attached, far } = await attach({ supportsHalfClose: false });
    let hasEnded = false;
    far.on("end", () => (hasEnded = true)).resume();
    attached.stdin.write("input");
    await attached.closeWrite();
    await settle();
    expect(hasEnded).toBe(false);
    far.end(frames([1, "output"]));
    expect((await attached.collect()).stdout.toString()).toBe("output");
  });

  describe.each([
    // as an engine does: it sends the remaining output and leaves its input unread
    ["closes its half", (far: Socket, output: Buffer) => far.end(output)],
    // as the kernel does when the engine exits: it resets the connection
    ["closes the connection", (far: Socket, output: Buffer) => far.write(output, () => far.destroy())],
  ])("when an engine with unread input %s", (_how, finish) => {
    const output = frames(...Array.from({ length: 100 }, () => [1, Buffer.alloc(3000, "y")] as [number, Buffer]));

    it("loses no output for a slow sink and detaches the input", async () => {
      const { attached, near, far } = await attach();
      const inputStream = endlessInput();
      const sink = slowSink();
      attached.connect({ inputStream, outputStream: sink.stream });
      await sleep(20);
      finish(far, output);
      await attached.wait();
      expect(sink.length()).toBe(300_000);
      expect(near.destroyed).toBe(true);
      expect(inputStream.isPaused()).toBe(true);
      expect([inputStream.listenerCount("error"), inputStream.listenerCount("data")]).toEqual([0, 0]);
      expect(listenerCounts(sink.stream)).toEqual({});
    });

    it("loses no output for a late reader", async () => {
      const { attached, near, far } = await attach();
      attached.connect({ inputStream: endlessInput() });
      const small = frames([1, "a"], [2, "bc"]);
      finish(far, small);
      await sleep(50);
      const { stdout, stderr } = await attached.collect();
      expect([stdout.toString(), stderr.toString()]).toEqual(["a", "bc"]);
      expect(near.destroyed).toBe(true);
    });

    it("notifies a writer that its input was not accepted, without ending the process", async () => {
      const { attached, far } = await attach();
      const results: unknown[] = [];
      // more than the kernel buffers, so that some writes remain pending
      for (let i = 0; i < 8; i += 1) attached.stdin.write(Buffer.alloc(1 << 20), (error) => results.push(error));
      const closed = rejection(attached.closeWrite());
      finish(far, frames([1, "bye"]));
      expect((await attached.collect()).stdout.toString()).toBe("bye");
      const error = await closed;
      expect(error).toBeInstanceOf(ConnectionClosedError);
      expect((error as Error).message).toBe("the connection of logs ended before all of its input was sent");
      expect(results.at(-1)).toBeInstanceOf(Error);
      expect(await rejection(attached.closeWrite())).toBeInstanceOf(ConnectionClosedError);
    });
  });

  it("rejects when a write fails with a reset, even after input", async () => {
    const { attached, near } = await attach();
    attached.stdin.write("input");
    const collected = rejection(attached.collect());
    await settle();
    near.destroy(Object.assign(new Error("write ECONNRESET"), { code: "ECONNRESET", syscall: "write" }));
    expect(await collected).toBeInstanceOf(ProtocolError);
  });

  it("pauses an idle input stream at the end, so that the process can exit", async () => {
    const { attached, far } = await attach();
    const inputStream = new PassThrough();
    // as readline does with process.stdin
    inputStream.on("data", () => undefined);
    attached.connect({ inputStream });
    await settle();
    expect(inputStream.isPaused()).toBe(false);
    far.end();
    await attached.wait();
    await settle();
    expect(inputStream.isPaused()).toBe(true);
  });

  it("treats a reset as a truncated stream if there was no input left to read", async () => {
    const { attached, near } = await attach();
    const collected = rejection(attached.collect());
    await settle();
    near.destroy(Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET", syscall: "read" }));
    expect(await collected).toBeInstanceOf(ProtocolError);
  });

  it("reports a truncated frame when the engine disconnects with unread input", async () => {
    const { attached, far } = await attach();
    attached.stdin.write("input");
    await sleep(10);
    far.write(frames([1, "output"]).subarray(0, 10), () => far.destroy());
    expect(await rejection(attached.collect())).toBeInstanceOf(ProtocolError);
  });

  it("has no connection to close after it has ended", async () => {
    const { attached, far } = await attach();
    far.end();
    await attached.wait();
    await settle();
    await attached.closeWrite();
    expect(attached.stdin.destroyed).toBe(true);
  });

  it("rejects a write after the end without any other failure", async () => {
    const { attached, far } = await attach();
    far.end();
    await attached.wait();
    await settle();
    const error = await new Promise((resolve) => attached.stdin.write("late", resolve));
    expect(error).toBeInstanceOf(Error);
  });

  it("drops output without a destination, and waits for the end only once", async () => {
    const { attached, far } = await attach();
    attached.connect({});
    const [first, second] = [attached.wait(), attached.wait()];
    expect(first).toBe(second);
    far.end(frames([1, Buffer.alloc(1 << 20)]));
    await first;
  });

  it("keeps the failure of connected streams for a later caller", async () => {
    const { attached, far } = await attach();
    const sink = new HeldSink();
    attached.connect({ outputStream: sink });
    far.write(frames([1, "text"]));
    await sleep(10);
    sink.destroy(new Error("gone"));
    await sleep(10);
    expect(await rejection(attached.wait())).toMatchObject({ name: "OutputStreamError" });
  });

  it("can be aborted while input cannot be sent and a sink is full, even after the output has ended", async () => {
    for (const ends of [false, true]) {
      const controller = new AbortController();
      const { attached, near, far } = await attach({ signal: controller.signal });
      const inputStream = endlessInput();
      const sink = new HeldSink({ highWaterMark: 1 });
      attached.connect({ inputStream, outputStream: sink });
      far.write(frames([1, "text"]));
      if (ends) far.end();
      await sleep(20);
      controller.abort();
      expect(await rejection(attached.wait())).toBeInstanceOf(AbortError);
      await settle();
      expect(near.destroyed).toBe(true);
      expect([inputStream.isPaused(), inputStream.destroyed]).toEqual([true, false]);
      // writes that have not been accepted yet may still fail
      sink.open();
      await settle();
      expect(listenerCounts(sink)).toEqual({});
    }
  });

  it("ends the connection and detaches the input when it is closed", async () => {
    const { attached, near, far } = await attach();
    const inputStream = new PassThrough();
    attached.connect({ inputStream });
    inputStream.write("some");
    far.once("readable", () => void far.read());
    await once(far, "readable");
    await attached.close();
    await settle();
    expect(near.destroyed).toBe(true);
    expect(listenerCounts(inputStream).error).toBeUndefined();
    expect(inputStream.destroyed).toBe(false);
  });

  describe("with an input stream", () => {
    it("sends the whole stream and then ends the input", async () => {
      const { attached, far } = await attach();
      attached.connect({ inputStream: Readable.from(["one ", "two"]) });
      expect(await received(far)).toBe("one two");
      far.end();
      await attached.wait();
    });

    it("ends the input at once when the stream has already ended", async () => {
      const { attached, far } = await attach();
      const inputStream = Readable.from([]);
      await text(inputStream);
      attached.connect({ inputStream });
      expect(await received(far)).toBe("");
      far.end();
      await attached.wait();
    });

    const cause = new Error("disk gone");
    it.each([
      ["fails", (input: PassThrough) => input.destroy(cause), cause],
      ["is destroyed before its end", (input: PassThrough) => input.destroy(), undefined],
    ])("ends the call when the stream %s", async (_how, fail, expected) => {
      for (const early of [true, false]) {
        const { attached, near } = await attach();
        const inputStream = new PassThrough();
        inputStream.on("error", () => undefined);
        if (early) fail(inputStream);
        await settle();
        attached.connect({ inputStream, outputStream: new PassThrough() });
        if (!early) fail(inputStream);
        const error = await rejection(attached.wait());
        expect(error).toBeInstanceOf(InputStreamError);
        expect((error as DockerError).cause).toBe(expected);
        expect(near.destroyed).toBe(true);
      }
    });

    it("leaves the stream unchanged when the connection has already ended", async () => {
      const { attached, near } = await attach();
      near.destroy(new Error("gone"));
      await settle();
      const inputStream = new PassThrough();
      attached.connect({ inputStream });
      expect(listenerCounts(inputStream)).toEqual(listenerCounts(new PassThrough()));
      expect(await rejection(attached.wait())).toBeInstanceOf(DockerError);
    });
  });
});
