import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { AbortError } from "../../../../lib/errors/connection-errors.js";
import { ContainerPausedError } from "../../../../lib/errors/container-errors.js";
import { client, container, podmanVersion, runningContainer, useEngine } from "../../../support/engine.js";

useEngine();

const open = { OpenStdin: true, StdinOnce: true, AttachStdin: true };

describe("attachToContainer", () => {
  it("receives all output when attached before the start", async () => {
    const id = await container({ Cmd: ["sh", "-c", "echo out; echo err >&2"] });
    const [outputStream, errorStream] = [new PassThrough(), new PassThrough()];
    const contents = Promise.all([text(outputStream), text(errorStream)]);
    const onConnected = async () => {
      await client.startContainer({ id });
    };
    await client.attachToContainer({ container: id, outputStream, errorStream, onConnected });
    outputStream.end();
    errorStream.end();
    expect(await contents).toEqual(["out\n", "err\n"]);
  });

  it("sends a stream to standard input and receives all output", async () => {
    const id = await container({ Cmd: ["sh", "-c", "wc -c; echo done >&2"], ...open });
    const inputStream = Readable.from(Array.from({ length: 64 }, () => Buffer.alloc(16 * 1024, "x")));
    const [outputStream, errorStream] = [new PassThrough(), new PassThrough()];
    const contents = Promise.all([text(outputStream), text(errorStream)]);
    const onConnected = async () => {
      await client.startContainer({ id });
    };
    await client.attachToContainer({ container: id, inputStream, outputStream, errorStream, onConnected });
    outputStream.end();
    errorStream.end();
    expect(await contents).toEqual([expect.stringMatching(/^\s*1048576\n$/), "done\n"]);
  });

  it("exchanges data and closes each direction separately", async () => {
    const id = await container({ Cmd: ["sh", "-c", "while read line; do echo got $line; done; echo end"], ...open });
    await using attached = await client.attachToContainerNonBlocking({ container: id, stdin: true });
    await client.startContainer({ id });
    expect(attached.tty).toBe(false);
    const lines = attached.lines();
    attached.stdin.write("one\n");
    expect((await lines.next()).value).toEqual({ stream: "stdout", line: "got one" });
    attached.stdin.write("two\n");
    expect((await lines.next()).value).toEqual({ stream: "stdout", line: "got two" });
    if (!attached.supportsHalfClose) return;
    await attached.closeWrite();
    expect((await lines.next()).value).toEqual({ stream: "stdout", line: "end" });
    expect((await lines.next()).done).toBe(true);
  });

  it("detects a terminal", async () => {
    const id = await container({ Cmd: ["sh", "-c", "read line; echo got $line; echo err >&2"], ...open, Tty: true });
    await using attached = await client.attachToContainerNonBlocking({ container: id, stdin: true });
    await client.startContainer({ id });
    expect(attached.tty).toBe(true);
    attached.stdin.write("one\n");
    const { stdout, stderr } = await attached.collect();
    expect(stdout.toString()).toBe("one\r\ngot one\r\nerr\r\n");
    expect(stderr.length).toBe(0);
  });

  it.each([
    [{ Tty: true, StdinOnce: true }, "one\r\ngot one\r\n"],
    [{ Tty: true, StdinOnce: false }, "one\r\ngot one\r\n"],
    [{ Tty: false, StdinOnce: false }, "got one\n"],
    [{ Tty: false, StdinOnce: true }, "got one\n"],
  ])("receives output after the end of the input with %j", async (config, expected) => {
    const command = ["sh", "-c", "read line; sleep 0.3; echo got $line"];
    const id = await container({ Cmd: command, ...open, ...config });
    await using attached = await client.attachToContainerNonBlocking({ container: id, stdin: true });
    // Podman keeps the output open unless it is a terminal's
    expect(attached.supportsHalfClose).toBe(!config.Tty && (config.StdinOnce || podmanVersion !== undefined));
    await client.startContainer({ id });
    attached.stdin.end("one\n");
    expect((await attached.collect()).stdout.toString()).toBe(expected);
  });

  it("returns earlier output", async () => {
    const id = await runningContainer(["sh", "-c", "echo before; sleep 600"]);
    const first = async (stream: AsyncIterable<{ data: Buffer }>) => {
      for await (const { data } of stream) return data.toString();
      return undefined;
    };
    // Podman sends the line without its newline
    expect(await first(await client.logs({ id, follow: true }))).toMatch(/^before\n?$/);
    expect(await first(await client.attachToContainerNonBlocking({ container: id, logs: true }))).toMatch(/^before\n?$/);
  });

  it("rejects a paused container", async () => {
    const id = await runningContainer(["sleep", "600"]);
    await client.pauseContainer({ id });
    await expect(client.attachToContainer({ container: id })).rejects.toThrow(ContainerPausedError);
    await client.unpauseContainer({ id });
  });

  it("can be aborted without stopping the container", async () => {
    const id = await runningContainer(["sleep", "600"]);
    const abort = new AbortController();
    const attach = client.attachToContainer(
      { container: id, onConnected: () => void setImmediate(() => abort.abort()) },
      { signal: abort.signal },
    );
    await expect(attach).rejects.toThrow(AbortError);
    expect((await client.inspectContainer({ id })).State.Running).toBe(true);
  });
});
