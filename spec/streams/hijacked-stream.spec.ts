import { once } from "node:events";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { AbortError, ConnectionError, ProtocolError } from "../../lib/errors/connection-errors.js";
import { HijackedStream } from "../../lib/streams/hijacked-stream.js";
import { frames, recordingDaemon } from "../support/recording-daemon.js";
import { exchangeOf, received, rejection, settle, socketPair } from "../support/streams.js";

async function hijack(signal?: AbortSignal) {
  const { near, far } = await socketPair();
  const exchange = exchangeOf(near, signal);
  const stream = new HijackedStream({ source: near, target: near, supportsHalfClose: true, exchange });
  // the end of a spec cuts the connection
  stream.on("error", () => undefined);
  return { stream, near, far, exchange };
}

describe("HijackedStream", () => {
  it("is a duplex with sides that end independently", async () => {
    const { stream, near, far, exchange } = await hijack();
    stream.write("ping");
    stream.end();
    expect(await received(far)).toBe("ping");
    far.write("po");
    far.end("ng");
    expect(await text(stream)).toBe("pong");
    await settle();
    expect([near.destroyed, exchange.finished]).toEqual([true, true]);
  });

  it("applies backpressure without a reader", async () => {
    const { stream, far } = await hijack();
    let sent = 0;
    const write = () => {
      while (sent < 64 && far.write(Buffer.alloc(1 << 20))) sent += 1;
    };
    far.on("drain", write);
    write();
    await sleep(50);
    expect(stream.readableLength).toBeLessThanOrEqual(stream.readableHighWaterMark + 64 * 1024);
    expect(sent).toBeLessThan(10);
    let read = 0;
    for await (const chunk of stream) {
      read += (chunk as Buffer).length;
      if (read >= 8 << 20) break;
    }
    expect(stream.destroyed).toBe(true);
  });

  it("waits for an engine that does not read", async () => {
    const { stream, far } = await hijack();
    let taken = 0;
    for (let i = 0; i < 32; i += 1) stream.write(Buffer.alloc(1 << 20), () => (taken += 1));
    await sleep(50);
    expect(taken).toBeLessThan(4);
    far.resume();
    stream.end();
    await once(stream, "finish");
    expect(taken).toBe(32);
  });

  it("fails with the reason when the connection is cut off or closed or the call is aborted", async () => {
    const controller = new AbortController();
    const reset = Object.assign(new Error("reset"), { code: "ECONNRESET" });
    for (const [end, expected] of [
      [() => reset, ProtocolError],
      [() => undefined, ProtocolError],
      [() => controller.abort(), AbortError],
    ] as const) {
      const { stream, near } = await hijack(controller.signal);
      const failed = rejection(text(stream));
      await settle();
      const error = end();
      if (!controller.signal.aborted) near.destroy(error ?? undefined);
      expect(await failed).toBeInstanceOf(expected);
      expect(near.destroyed).toBe(true);
    }
  });

  it("fails with one of this package's errors when the engine stops reading", async () => {
    const { stream, far } = await hijack();
    far.destroy();
    await sleep(20);
    const failed = once(stream, "error");
    stream.write("late");
    const [error] = (await failed) as [unknown];
    expect(error).toBeInstanceOf(ConnectionError);
  });

  it("closes the connection when it is destroyed, without an error event", async () => {
    const { stream, near, exchange } = await hijack();
    stream.destroy();
    await once(near, "close");
    expect(exchange.finished).toBe(true);
    expect(exchange.failure).toBeUndefined();
  });
});

describe("an upgraded connection", () => {
  const multiplexed = { "Content-Type": "application/vnd.docker.multiplexed-stream" };

  it("keeps data that arrives with the response head", async () => {
    const head = ["HTTP/1.1 101 UPGRADED", "Connection: Upgrade", "Upgrade: tcp", `Content-Type: ${multiplexed["Content-Type"]}`];
    for (const early of [0, 4, 8, 11, 13]) {
      const bytes = frames([1, "early"], [1, "late"]);
      const { client } = await recordingDaemon({
        status: 200,
        upgrade: (socket) => {
          socket.write(Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), bytes.subarray(0, early)]), () => {
            setTimeout(() => socket.end(bytes.subarray(early)), 5);
          });
        },
      });
      const attached = await client.attachToContainerNonBlocking({ container: "web" });
      // the reader may start later
      await sleep(20);
      expect((await attached.collect()).stdout.toString()).toBe("earlylate");
    }
  });

  it.each([
    ["status 204", "HTTP/1.1 204 No Content\r\n\r\n"],
    ["status 304", "HTTP/1.1 304 Not Modified\r\n\r\n"],
    ["status 202", "HTTP/1.1 202 Accepted\r\nContent-Length: 3\r\n\r\nyes"],
    ["status 203", "HTTP/1.1 203 Non-Authoritative Information\r\nContent-Length: 9\r\n\r\nunended"],
    ["status 200 without a body", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"],
  ])("is a ProtocolError when the response is %s", async (answer, head) => {
    const { client } = await recordingDaemon({ status: 200, upgrade: (socket) => void socket.write(head) });
    const calls = {
      attachToContainerNonBlocking: () => client.attachToContainerNonBlocking({ container: "web" }),
      attachToContainerWebsocket: () => client.attachToContainerWebsocket({ container: "web" }),
      request: () => client.request({ method: "POST", path: "/x", hijack: true }),
      session: () => client.session({ id: "s" }),
      startExecNonBlocking: () => client.startExecNonBlocking({ id: "e", tty: false }),
    };
    for (const [operation, call] of Object.entries(calls)) {
      const error = await rejection(call());
      expect(error).toBeInstanceOf(ProtocolError);
      expect(error).toMatchObject({
        operation,
        message: `${operation} needs an upgraded connection, but the engine or a proxy answered with ${answer}`,
      });
    }
    await vi.waitFor(async () => expect(await client.connections()).toBe(0));
  });

  it.each(["that ends with the connection", "in chunks"])("accepts a 200 instead of a 101, with a body %s", async (way) => {
    const received: string[] = [];
    const { client } = await recordingDaemon({
      status: 200,
      upgrade: (socket) => {
        const inChunks = way === "in chunks";
        socket.write(
          `HTTP/1.1 200 OK\r\nContent-Type: ${multiplexed["Content-Type"]}\r\n${inChunks ? "Transfer-Encoding: chunked\r\n" : ""}\r\n`,
        );
        socket.on("data", (chunk: Buffer) => received.push(chunk.toString()));
        socket.on("end", () => {
          const bytes = frames([1, `got ${received.join("")}`], [2, "and that was it"]);
          if (inChunks)
            socket.end(Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n0\r\n\r\n")]));
          else socket.end(bytes);
        });
      },
    });
    const attached = await client.attachToContainerNonBlocking({ container: "web", stdin: true });
    expect(attached.tty).toBe(false);
    attached.stdin.write("input");
    await attached.closeWrite();
    const { stdout, stderr } = await attached.collect();
    expect([stdout.toString(), stderr.toString()]).toEqual(["got input", "and that was it"]);
    await expect.poll(() => client.connections()).toBe(0);
  });

  it("closes a connection when the engine responds 200 without reading the input", async () => {
    const { client } = await recordingDaemon({
      status: 200,
      upgrade: (socket) => {
        socket.pause();
        socket.write("HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\nContent-Length: 2\r\n\r\nok");
      },
    });
    const attached = await client.attachToContainerNonBlocking({ container: "web", stdin: true });
    attached.stdin.write(Buffer.alloc(8 << 20));
    expect((await attached.collect()).stdout.toString()).toBe("ok");
    await expect.poll(() => client.connections()).toBe(0);
  });
});
