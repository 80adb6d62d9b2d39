import { Readable, Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { client, container, runningContainer, useEngine } from "../../support/engine.js";
import { notOnPodman } from "../../support/images.js";

useEngine();

const SIZE = 50;

/** So many megabytes of input. */
function input(): Readable {
  let left = SIZE;
  return new Readable({
    read() {
      left -= 1;
      this.push(left < 0 ? null : Buffer.alloc(1 << 20, "x"));
    },
  });
}

/** A sink that takes its time. */
function sink(): { stream: Writable; length: () => number; end: () => string } {
  let length = 0;
  let end = "";
  const stream = new Writable({
    highWaterMark: 1024,
    write(chunk: Buffer, _encoding, done) {
      length += chunk.length;
      end = (end + chunk.toString()).slice(-20);
      setTimeout(done, 2);
    },
  });
  return { stream, length: () => length, end: () => end };
}

// a container that ends before it has read its input: its output must come as a whole, and the call must end
const command = ["sh", "-c", "head -c 1 >/dev/null; seq 1 50000; echo end >&2"];
const OUTPUT = 288_894;

describe("input that is not read to its end", () => {
  it("neither holds up nor cuts off what a container writes", async (context) => {
    notOnPodman(context, "adds to the output that the input of attach was closed");
    const id = await container({ Cmd: command, OpenStdin: true, StdinOnce: true, AttachStdin: true });
    const [out, err] = [sink(), sink()];
    const attached = await client.attachToContainerNonBlocking({
      container: id,
      inputStream: input(),
      outputStream: out.stream,
      errorStream: err.stream,
    });
    await client.startContainer({ id });
    await attached.wait();
    expect([out.length(), out.end().endsWith("49999\n50000\n"), err.end()]).toEqual([OUTPUT, true, "end\n"]);
  });

  it("neither holds up nor cuts off what a command writes", async (context) => {
    notOnPodman(context, "adds to the output that the input of exec was closed");
    const id = await runningContainer(["sleep", "1000"]);
    const { Id } = await client.createExec({
      container: id,
      cmd: command,
      attachStdin: true,
      attachStdout: true,
      attachStderr: true,
    });
    const [out, err] = [sink(), sink()];
    await client.startExec({ id: Id, inputStream: input(), outputStream: out.stream, errorStream: err.stream });
    expect([out.length(), out.end().endsWith("49999\n50000\n"), err.end()]).toEqual([OUTPUT, true, "end\n"]);
  });

  it("reaches a container that wants all of it", async () => {
    const id = await container({ Cmd: ["wc", "-c"], OpenStdin: true, StdinOnce: true, AttachStdin: true });
    const out = sink();
    const attached = await client.attachToContainerNonBlocking({ container: id, inputStream: input(), outputStream: out.stream });
    await client.startContainer({ id });
    await attached.wait();
    expect(out.end().trim()).toBe(String(SIZE << 20));
  });
});
