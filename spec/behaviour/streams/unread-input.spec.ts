import { Readable, Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { client, container, runningContainer, useEngine } from "../../support/engine.js";
import { notOnPodman } from "../../support/images.js";

useEngine();

const SIZE = 50;

/** Creates an input stream of `SIZE` MiB. */
function input(): Readable {
  let left = SIZE;
  return new Readable({
    read() {
      left -= 1;
      this.push(left < 0 ? null : Buffer.alloc(1 << 20, "x"));
    },
  });
}

/** Creates a slow sink. */
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

// a command that exits before it has read its input: its output must arrive completely, and the call must return
const command = ["sh", "-c", "head -c 1 >/dev/null; seq 1 50000; echo end >&2"];
const OUTPUT = 288_894;

describe("unread input", () => {
  it("neither blocks nor truncates the output of a container", async (context) => {
    notOnPodman(context, "adds a message about the closed attach input to the output");
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

  it("neither blocks nor truncates the output of a command", async (context) => {
    notOnPodman(context, "adds a message about the closed exec input to the output");
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

  it("is sent completely to a container that reads all of it", async () => {
    const id = await container({ Cmd: ["wc", "-c"], OpenStdin: true, StdinOnce: true, AttachStdin: true });
    const out = sink();
    const attached = await client.attachToContainerNonBlocking({ container: id, inputStream: input(), outputStream: out.stream });
    await client.startContainer({ id });
    await attached.wait();
    expect(out.end().trim()).toBe(String(SIZE << 20));
  });
});
