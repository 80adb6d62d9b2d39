import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it, vi } from "vitest";
import { attachment } from "../../lib/streams/attachment.js";
import { failureOf, type Probe, probe, probePost } from "../support/probe.js";
import { frames } from "../support/recording-daemon.js";
import { netServer, onRequest } from "../support/servers.js";

const hello = frames([1, "hello "], [2, "warning"], [1, "world"]);

/** An upgraded connection on which the engine sends the given bytes and then echoes its input. */
async function takenOver(output: Buffer, contentType = "application/vnd.docker.multiplexed-stream") {
  const input: Buffer[] = [];
  const { endpoint, open } = await netServer((socket) =>
    onRequest(socket, () => {
      socket.removeAllListeners("data");
      socket.write(`HTTP/1.1 101 UPGRADED\r\nContent-Type: ${contentType}\r\nUpgrade: tcp\r\n\r\n`);
      socket.write(output);
      socket.on("data", (chunk: Buffer) => input.push(chunk)).on("end", () => socket.end());
    }),
  );
  const client: Probe = probe(endpoint);
  return { hijacked: await client.hijack(probePost, { id: "x" }), client, open, input: () => Buffer.concat(input).toString() };
}

describe("attachment", () => {
  it("connects the caller's streams and ends when the connection ends", async () => {
    const { hijacked, input } = await takenOver(hello);
    const [inputStream, outputStream, errorStream] = [new PassThrough(), new PassThrough(), new PassThrough()];
    const attached = await attachment(hijacked, false, { inputStream, outputStream, errorStream });
    inputStream.end("typed");
    await attached.wait();
    outputStream.end();
    errorStream.end();
    expect([await text(outputStream), await text(errorStream), input()]).toEqual(["hello world", "warning", "typed"]);
    expect(attached.tty).toBe(false);
  });

  it("reports the connection before anything is read or sent", async () => {
    const { hijacked, input } = await takenOver(hello);
    const outputStream = new PassThrough();
    let standing: () => void = () => undefined;
    const onConnected = vi.fn(() => new Promise<void>((resolve) => (standing = resolve)));
    const inputStream = new PassThrough();
    inputStream.end("typed");
    const made = attachment(hijacked, false, { inputStream, outputStream, onConnected });
    await vi.waitFor(() => expect(onConnected).toHaveBeenCalledOnce());
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect([outputStream.readableLength, input()]).toEqual([0, ""]);
    standing();
    await (await made).wait();
    expect([String(outputStream.read()), input()]).toEqual(["hello world", "typed"]);
  });

  it("ends the connection when the caller's callback throws", async () => {
    const { hijacked, client, open } = await takenOver(hello);
    const own = new RangeError("no");
    expect(await failureOf(attachment(hijacked, false, { onConnected: () => Promise.reject(own) }))).toBe(own);
    await vi.waitFor(async () => expect(await client.connections()).toBe(0));
    for (const socket of open) socket.destroy();
  });

  it.each([
    ["application/vnd.docker.raw-stream", true],
    ["application/vnd.docker.multiplexed-stream", false],
  ])("detects a terminal from %s: %s", async (type, tty) => {
    const { hijacked } = await takenOver(tty ? Buffer.from("raw") : hello, type);
    const inspect = vi.fn(() => Promise.resolve(!tty));
    const attached = await attachment(hijacked, { known: undefined, inspect }, {});
    expect(attached.tty).toBe(tty);
    expect(inspect).not.toHaveBeenCalled();
    await attached.close();
  });

  it("ends the connection when the terminal mode cannot be determined", async () => {
    const { hijacked, client, open } = await takenOver(hello, "text/plain");
    const own = new RangeError("gone");
    expect(await failureOf(attachment(hijacked, { known: undefined, inspect: () => Promise.reject(own) }, {}))).toBe(own);
    await vi.waitFor(async () => expect(await client.connections()).toBe(0));
    for (const socket of open) socket.destroy();
  });
});
