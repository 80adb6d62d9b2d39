import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable, Writable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";
import { client, container, IMAGE, runningContainer, uniqueName, useEngine } from "../../support/engine.js";

/** Number of round trips and MiB per stream. Increase both for a thorough run. */
const rounds = Number(process.env.TESTBED_ROUNDS ?? 5);
const volume = Number(process.env.TESTBED_VOLUME ?? 64) * 1024 * 1024;

/** Rate of the slow sink in bytes per second, and the memory growth allowed while it is in use, in bytes. */
const PACE = 50e6;
const GROWTH = 64 * 1024 * 1024;

useEngine();

/** Consumes bytes at a fixed rate and counts them. */
class SlowSink extends Writable {
  bytes = 0;
  readonly #began = performance.now();

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.bytes += chunk.length;
    const due = this.#began + (this.bytes / PACE) * 1000;
    setTimeout(done, Math.max(0, due - performance.now()));
  }
}

const used = () => {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

/** Runs a function and returns the peak memory growth, in bytes. */
async function growthOf(run: () => Promise<unknown>): Promise<number> {
  const before = used();
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, used())), 20);
  try {
    await run();
  } finally {
    clearInterval(watch);
  }
  return most - before;
}

async function attachedTo(cmd: string[], input: Buffer): Promise<Buffer> {
  const id = await container({ Cmd: cmd, OpenStdin: true, StdinOnce: true, AttachStdin: true });
  const output = new PassThrough();
  const collected = buffer(output);
  const onConnected = () => client.startContainer({ id });
  await client.attachToContainer({ container: id, inputStream: Readable.from([input]), outputStream: output, onConnected });
  output.end();
  await client.removeContainer({ id, force: true });
  return collected;
}

describe("standard input", () => {
  it("ends with its stream while the output continues (attach)", async () => {
    for (let round = 0; round < rounds; round++) {
      expect((await attachedTo(["wc", "-c"], Buffer.from("x"))).toString().trim()).toBe("1");
    }
  });

  it("ends with its stream while the output continues (exec)", async () => {
    const id = await runningContainer(["sleep", "1000000"]);
    for (let round = 0; round < rounds; round++) {
      expect((await client.execute({ container: id, cmd: ["wc", "-c"], input: "x" })).stdoutText.trim()).toBe("1");
    }
  });

  it("is echoed without losing a byte (attach)", async () => {
    for (let round = 0; round < rounds; round++) {
      const input = randomBytes(1024 * 1024);
      expect((await attachedTo(["cat"], input)).equals(input)).toBe(true);
    }
  });

  it("is echoed without losing a byte (exec)", async () => {
    const id = await runningContainer(["sleep", "1000000"]);
    for (let round = 0; round < rounds; round++) {
      const input = randomBytes(1024 * 1024);
      expect((await client.execute({ container: id, cmd: ["cat"], input })).stdout.equals(input)).toBe(true);
    }
  });
});

describe("a large stream", () => {
  it("of logs passes through a slow sink in constant memory", async ({ annotate }) => {
    const id = await runningContainer([
      "sh",
      "-c",
      `dd if=/dev/zero bs=65536 count=${volume / 65536} 2>/dev/null | tr '\\000' x`,
    ]);
    await client.waitContainer({ id });
    const sink = new SlowSink();
    const growth = await growthOf(() => client.logs({ id, outputStream: sink }));
    expect(sink.bytes).toBe(volume);
    await annotate(`memory grew by ${(growth / 1e6).toFixed(1)} MB over ${volume / 1e6} MB`);
    expect(growth).toBeLessThan(GROWTH);
  });

  it("of a container's file system passes through a slow sink in constant memory", async ({ annotate }) => {
    const id = await runningContainer(["dd", "if=/dev/zero", "of=/large", "bs=65536", `count=${volume / 65536}`]);
    await client.waitContainer({ id });
    const sink = new SlowSink();
    const growth = await growthOf(() => client.exportContainer({ id, outputStream: sink }));
    expect(sink.bytes).toBeGreaterThan(volume);
    await annotate(`memory grew by ${(growth / 1e6).toFixed(1)} MB over ${volume / 1e6} MB`);
    expect(growth).toBeLessThan(GROWTH);
  });

  it("of a build context is uploaded in constant memory", async ({ annotate }) => {
    const contextDir = await mkdtemp(join(tmpdir(), "tsdc-volume-"));
    const name = uniqueName("volume");
    onTestFinished(async () => {
      await rm(contextDir, { recursive: true });
      await client.removeImage({ name, force: true });
    });
    await writeFile(join(contextDir, "large"), "");
    await truncate(join(contextDir, "large"), volume);
    await writeFile(join(contextDir, "small"), "small");
    const dockerfileContent = `FROM ${IMAGE}\nCOPY large /large\nRUN sha256sum /large > /sum && rm /large\n`;
    const growth = await growthOf(() => client.buildImage({ contextDir, dockerfileContent, name }));
    const { stdout } = await client.output({ image: name, command: ["cat", "/sum"], pull: "never" });
    const sum = createHash("sha256");
    for (let left = volume; left > 0; left -= 65536) sum.update(Buffer.alloc(65536));
    expect(stdout.toString()).toContain(sum.digest("hex"));
    await annotate(`memory grew by ${(growth / 1e6).toFixed(1)} MB over ${volume / 1e6} MB`);
    expect(growth).toBeLessThan(GROWTH);
  });
});
