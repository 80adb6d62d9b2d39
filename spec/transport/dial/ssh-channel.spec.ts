import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { PassThrough } from "node:stream";
import { describe, expect, it, vi } from "vitest";
import { end, listen, SshChannel, type SshFailure } from "../../../lib/transport/dial/ssh-channel.js";
import { timersOfPackage } from "../../support/leaks.js";
import { rejection, settle } from "../../support/streams.js";

/** Less than the second after which a process is killed, or its standard error closed. */
const soon = { timeout: 700, interval: 10 };

it("a process that has ended leaves its error output, and no timer", async () => {
  const timers = timersOfPackage();
  const child = spawn(process.execPath, ["-e", "console.error('denied')"]);
  const said = listen(child);
  await once(child, "close");
  expect(said()).toBe("denied\n");
  await expect.poll(timers, soon).toEqual([]);
});

it("a process that ends when asked to leaves no timer", async () => {
  const timers = timersOfPackage();
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  await once(child, "spawn");
  end(child);
  expect(timers()).toHaveLength(1);
  await once(child, "exit");
  expect(child.signalCode).toBe("SIGTERM");
  await expect.poll(timers, soon).toEqual([]);
});

/** A process whose standard streams a spec controls. */
class FakeChild extends EventEmitter {
  readonly pid = 1;
  exitCode: number | null = null;
  readonly signalCode = null;
  readonly stdin = this.#pipe();
  readonly stdout = this.#pipe();
  readonly stderr = this.#pipe();
  readonly stdio = [this.stdin, this.stdout, this.stderr];
  readonly kill = vi.fn();
  readonly calls: string[] = [];

  ref(): void {
    this.calls.push("ref child");
  }

  unref(): void {
    this.calls.push("unref child");
  }

  /** Exits, and closes its streams. */
  exit(code: number | null): void {
    this.exitCode = code;
    this.emit("exit", code);
    this.emit("close", code);
  }

  #pipe(): PassThrough {
    return Object.assign(new PassThrough(), { ref: () => this.calls.push("ref"), unref: () => this.calls.push("unref") });
  }
}

class ChannelError extends Error {}

function channelOf(child: FakeChild, started: Promise<unknown> = Promise.resolve()) {
  const ended = vi.fn();
  const failures: SshFailure[] = [];
  const channel = new SshChannel({
    start: async () => {
      await started;
      return child as unknown as ChildProcessWithoutNullStreams; // only these members are used
    },
    ended,
    errorOf: (failure) => {
      failures.push(failure);
      return new ChannelError();
    },
  });
  return { channel, ended, failures };
}

describe("SshChannel", () => {
  it("transfers data in both directions, and ends with the process", async () => {
    const child = new FakeChild();
    const { channel, ended } = channelOf(child);
    channel.write("in");
    channel.end("put");
    await once(channel, "finish");
    expect(String(child.stdin.read())).toBe("input");
    child.stdout.write("output");
    const chunks: string[] = [];
    channel.on("data", (chunk: Buffer) => chunks.push(chunk.toString()));
    await settle();
    child.exit(0);
    await once(channel, "close");
    expect(chunks.join("")).toBe("output");
    expect(ended).toHaveBeenCalledOnce();
  });

  it.each([1, 127, 255, null])("fails with the error output when the process exits with %s", async (code) => {
    const child = new FakeChild();
    const { channel, failures, ended } = channelOf(child);
    const failed = once(channel, "error");
    await settle();
    child.stderr.write("denied\n");
    await settle();
    child.exit(code);
    expect((await failed)[0]).toBeInstanceOf(ChannelError);
    expect(failures).toEqual([{ said: "denied\n", code }]);
    expect(ended).toHaveBeenCalledOnce();
  });

  it("fails when the process cannot be started", async () => {
    const child = new FakeChild();
    const { channel, failures } = channelOf(child);
    const failed = once(channel, "error");
    await settle();
    const cause = new Error("ENOENT");
    child.emit("error", cause);
    expect((await failed)[0]).toBeInstanceOf(ChannelError);
    expect(failures).toEqual([{ said: "", code: null, cause }]);
  });

  it("fails when the start fails", async () => {
    const { channel, ended } = channelOf(new FakeChild(), Promise.reject(new ChannelError("no master")));
    expect(await rejection(once(channel, "data"))).toMatchObject({ message: "no master" });
    await settle();
    expect(ended).toHaveBeenCalledOnce();
  });

  it("ignores the errors of the input, which the process reports when it exits", async () => {
    const child = new FakeChild();
    const { channel } = channelOf(child);
    await settle();
    child.stdin.destroy(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
    await settle();
    expect(channel.destroyed).toBe(false);
    await new Promise((resolve) => channel.write("lost", resolve));
    channel.destroy();
    child.exit(0);
  });

  it("ends a process that starts after the channel was destroyed", async () => {
    const child = new FakeChild();
    let start: (value?: unknown) => void = () => undefined;
    const { channel, ended } = channelOf(child, new Promise((resolve) => (start = resolve)));
    channel.destroy();
    expect(ended).toHaveBeenCalledOnce();
    start();
    await settle();
    expect(child.kill).toHaveBeenCalledExactlyOnceWith();
    child.exit(null);
    for (const stream of child.stdio) expect(stream.destroyed).toBe(true);
  });

  it("ends its process when it is destroyed", async () => {
    const child = new FakeChild();
    const { channel } = channelOf(child);
    await settle();
    channel.destroy();
    await once(channel, "close");
    expect(child.kill).toHaveBeenCalledOnce();
    child.exit(null);
  });

  it("reads from the process only as fast as it is read", async () => {
    const child = new FakeChild();
    const { channel } = channelOf(child);
    await settle();
    channel.read(0);
    child.stdout.write(Buffer.alloc(channel.readableHighWaterMark));
    await settle();
    expect(child.stdout.isPaused()).toBe(true);
    channel.resume();
    await settle();
    expect(child.stdout.isPaused()).toBe(false);
    channel.destroy();
    child.exit(null);
  });

  it("keeps the process of Node.js running only while it is referenced, also before it has started", async () => {
    const child = new FakeChild();
    const { channel } = channelOf(child);
    expect(channel.unref()).toBe(channel);
    expect(child.calls).toEqual([]);
    await settle();
    expect(child.calls.splice(0)).toEqual(["unref child", "unref", "unref", "unref"]);
    expect(channel.ref()).toBe(channel);
    expect(child.calls.splice(0)).toEqual(["ref child", "ref", "ref", "ref"]);
    const other = new FakeChild();
    const { channel: referenced } = channelOf(other);
    referenced.unref().ref();
    await settle();
    expect(other.calls).toEqual([]);
    for (const one of [channel, referenced]) one.destroy();
    for (const one of [child, other]) one.exit(null);
  });

  it("emits a timeout after inactivity, until the timeout is removed", async () => {
    const timers = timersOfPackage();
    const child = new FakeChild();
    const { channel } = channelOf(child);
    await settle();
    expect(channel.timeout).toBe(0);
    expect(channel.setTimeout(1)).toBe(channel);
    expect(channel.timeout).toBe(1);
    // the timer alone does not keep the process running
    const keep = setTimeout(() => undefined, 5000);
    await once(channel, "timeout");
    clearTimeout(keep);
    channel.setTimeout(60_000);
    channel.setTimeout(0);
    await expect.poll(timers, soon).toEqual([]);
    channel.destroy();
    child.exit(null);
  });
});

it("of the error output of a process, the last 4096 characters are kept", async () => {
  const child = new FakeChild();
  const heard: string[] = [];
  const said = listen(child as never, (part) => heard.push(part));
  child.stderr.write(`${"x".repeat(5000)}${"y".repeat(4095)}`);
  await settle();
  expect(said()).toBe(`x${"y".repeat(4095)}`);
  child.stderr.write("z");
  await settle();
  expect(said()).toBe(`${"y".repeat(4095)}z`);
  expect(heard.at(-1)).toBe(said());
});
