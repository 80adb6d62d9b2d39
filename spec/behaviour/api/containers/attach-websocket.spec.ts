import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { beforeEach, describe, expect, it } from "vitest";
import { NoSuchContainerError } from "../../../../lib/errors/container-errors.js";
import { client, container, uniqueName, useEngine } from "../../../support/engine.js";
import { notOnPodman } from "../../../support/images.js";

useEngine();

describe("attachToContainerWebsocket", () => {
  beforeEach((context) => notOnPodman(context, "has no attachToContainerWebsocket"));

  it("receives output and sends input, and output continues after the input ends", async () => {
    const script = "echo out; echo err >&2; cat; echo after";
    const id = await container({ Cmd: ["sh", "-c", script], OpenStdin: true, StdinOnce: true });
    const attached = await client.attachToContainerWebsocket({ container: id });
    await client.startContainer({ id });
    attached.stdin.write("one\n");
    attached.stdin.end("two\n");
    const { stdout, stderr } = await attached.collect();
    expect(stdout.toString().split("\n").sort()).toEqual(["", "after", "err", "one", "out", "two"]);
    expect(stderr.length).toBe(0);
  });

  it("returns earlier output", async () => {
    const id = await container({ Cmd: ["sh", "-c", "echo out"] });
    await client.startContainer({ id });
    await client.waitContainer({ id });
    const attached = await client.attachToContainerWebsocket({ container: id, logs: true, stream: false });
    expect((await attached.collect()).stdout.toString()).toBe("out\n");
  });

  it("connects the caller's streams", async () => {
    const id = await container({ Cmd: ["wc", "-c"], OpenStdin: true, StdinOnce: true });
    const outputStream = new PassThrough();
    const content = text(outputStream);
    const attached = await client.attachToContainerWebsocket({
      container: id,
      inputStream: Readable.from(Array.from({ length: 100 }, () => Buffer.alloc(10_000))),
      outputStream,
    });
    await client.startContainer({ id });
    await attached.wait();
    outputStream.end();
    expect((await content).trim()).toBe("1000000");
  });

  it("works with a terminal", async () => {
    const id = await container({ Cmd: ["sh"], Tty: true, OpenStdin: true });
    const attached = await client.attachToContainerWebsocket({ container: id });
    await client.startContainer({ id });
    attached.stdin.write("echo $((40+2))\nexit\n");
    expect((await attached.collect()).stdout.toString()).toContain("42\r\n");
  });

  it("transfers megabytes and leaves no connection open", async () => {
    const id = await container({ Cmd: ["head", "-c", "5000000", "/dev/zero"] });
    const before = await client.connections();
    const attached = await client.attachToContainerWebsocket({ container: id });
    await client.startContainer({ id });
    let length = 0;
    for await (const { data } of attached) length += data.length;
    expect(length).toBe(5_000_000);
    await expect.poll(() => client.connections()).toBeLessThanOrEqual(before);
  });

  it("rejects a missing container", async () => {
    await expect(client.attachToContainerWebsocket({ container: uniqueName() })).rejects.toThrow(NoSuchContainerError);
  });
});
