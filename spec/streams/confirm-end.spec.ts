import { once } from "node:events";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { Client } from "../../lib/client.js";
import { AbortError, ClientClosedError, ProtocolError } from "../../lib/errors/connection-errors.js";
import { confirmEnd } from "../../lib/streams/confirm-end.js";
import type { AttachedStream } from "../../lib/streams/hijacked-stream.js";
import { monotonicTime, sleep } from "../../lib/wire/clock.js";
import { type Answer, frames, type RecordedRequest, recordingDaemon } from "../support/recording-daemon.js";
import { exchangeOf, pushed, rejection } from "../support/streams.js";

vi.mock(import("../../lib/wire/clock.js"), async (original) => {
  const clock = await original();
  return { ...clock, monotonicTime: vi.fn(clock.monotonicTime), sleep: vi.fn(clock.sleep) as never };
});

const multiplexed = { "Content-Type": "application/vnd.docker.multiplexed-stream" };
const output = frames([1, "out\n"], [2, "err\n"]);
const inspection = /\/(containers|exec)\/[^/]+\/json/;

/** An engine that closes the connection after some output, then answers an inspection. */
const closing = (found: Answer, headers: Record<string, string> = multiplexed) =>
  recordingDaemon(({ line }: RecordedRequest) =>
    inspection.test(line) ? found : { headers, upgrade: (socket) => void socket.end(output) },
  );

const starts: readonly [method: string, open: (client: Client) => Promise<AttachedStream>][] = [
  ["attachToContainer", (client) => client.attachToContainerNonBlocking({ container: "web" })],
  ["startExec", (client) => client.startExecNonBlocking({ id: "e1", tty: false })],
];

const running = {
  body: { State: { Running: true, StartedAt: "2024-01-01T00:00:00Z", FinishedAt: "0001-01-01T00:00:00Z" }, Running: true },
};
const ended = { body: { State: { Running: false }, Running: false } };

/** Reads to the end. */
async function drain(items: AsyncIterable<unknown>): Promise<unknown[]> {
  const read: unknown[] = [];
  for await (const item of items) read.push(item);
  return read;
}

/** All ways to read a stream to its end. */
const readers: readonly [how: string, read: (stream: AttachedStream) => Promise<unknown>][] = [
  ["wait", (stream) => stream.wait()],
  ["collect", (stream) => stream.collect()],
  ["forward", (stream) => stream.forward({ outputStream: new PassThrough() })],
  ["lines", (stream) => drain(stream.lines())],
  ["iteration", (stream) => drain(stream)],
  [
    "split",
    async (stream) => {
      const { stdout, stderr } = stream.split();
      await Promise.all([text(stdout), text(stderr)]);
    },
  ],
  [
    "connected streams",
    async (stream) => {
      stream.connect({ outputStream: new PassThrough() });
      await stream.wait();
    },
  ],
];

describe.each(starts)("the end of the output of %s", (method, open) => {
  // concurrently, because the client waits for an engine that notices the end late
  it("is a ProtocolError while the process runs, however it is read", async () => {
    const reading = readers.map(async ([how, read]) => {
      const { client } = await closing(running);
      const error = await rejection(read(await open(client)));
      expect(error, how).toBeInstanceOf(ProtocolError);
      expect((error as Error).message).toMatch(/^the stream of \w+ was cut off: (container web|the command) is still running$/);
      expect((error as ProtocolError).operation).toMatch(new RegExp(`^${method}`));
    });
    await Promise.all(reading);
  });

  it.each(readers)("is accepted when the process has ended, after one inspection: %s", async (_how, read) => {
    const { client, lines } = await closing(ended);
    await read(await open(client));
    expect(lines().filter((line) => inspection.test(line))).toHaveLength(1);
  });

  it("is accepted when the engine notices late that the process has ended", async () => {
    const answers = [running, running, ended];
    const { client } = await recordingDaemon(({ line }) =>
      inspection.test(line) ? answers.shift()! : { headers: multiplexed, upgrade: (socket) => void socket.end(output) },
    );
    expect((await (await open(client)).collect()).stdout.toString()).toBe("out\n");
    expect(answers).toEqual([]);
  });

  it.each([
    ["has been removed", { status: 404, body: { message: "No such container: web" } }],
    ["may not be inspected", { status: 403, body: { message: "forbidden" } }],
    ["is described with an unknown status", { status: 499, body: { message: "no" } }],
  ])("is accepted when the process %s", async (_how, answer) => {
    const { client } = await closing(answer);
    expect((await (await open(client)).collect()).stdout.toString()).toBe("out\n");
  });

  it.each([
    ["a proxy no longer reaches the engine", { status: 502, body: "Bad Gateway" }],
    ["the engine fails", { status: 500, body: { message: "broken" } }],
  ])("is a ProtocolError when %s", async (_how, answer) => {
    const { client } = await closing(answer);
    expect(await rejection((await open(client)).wait())).toMatchObject({
      name: "ProtocolError",
      message: expect.stringContaining("was cut off: the engine no longer answers") as string,
    });
  });

  it("is a ProtocolError when nothing listens anymore", async () => {
    const { client, server } = await recordingDaemon({
      headers: multiplexed,
      upgrade: (socket) => {
        server.close();
        socket.end(output);
      },
    });
    const error = await rejection((await open(client)).collect());
    expect(error).toMatchObject({
      name: "ProtocolError",
      cause: { code: expect.stringMatching(/^ERR_(SOCKET|CONNECTION)/) as string },
    });
  });

  it("is an AbortError when the call is aborted during the inspection", async () => {
    const abort = new AbortController();
    const { client } = await closing({ handle: () => abort.abort() });
    const start =
      method === "startExec"
        ? client.startExecNonBlocking({ id: "e1", tty: false }, { signal: abort.signal })
        : client.attachToContainerNonBlocking({ container: "web" }, { signal: abort.signal });
    expect(await rejection((await start).wait())).toBeInstanceOf(AbortError);
  });

  it("is a ClientClosedError when the client is closed during the inspection", async () => {
    let close: () => void = () => undefined;
    const { client } = await closing({ handle: () => close() });
    close = () => void client.close();
    expect(await rejection((await open(client)).wait())).toBeInstanceOf(ClientClosedError);
  });

  it("is not checked when the loop exits early", async () => {
    const { client, lines } = await closing(running);
    for await (const frame of await open(client)) {
      expect(frame.data.toString()).toBe("out\n");
      break;
    }
    expect(lines().filter((line) => inspection.test(line))).toEqual([]);
  });
});

describe("the end of the output of a running container", () => {
  const now = "Sat, 01 Jun 2024 12:00:00 GMT";
  const attach = (options: object, State: object, RestartCount = 0) =>
    closing({ headers: { Date: now }, body: { State, RestartCount, Config: { Tty: false, StdinOnce: true } } }).then(
      async ({ client, lines }) => ({
        attached: await client.attachToContainerNonBlocking({ container: "web", ...options }),
        lines,
      }),
    );
  const alive = { Running: true, StartedAt: "2024-06-01T11:00:00Z", FinishedAt: "0001-01-01T00:00:00Z" };

  it.each([
    ["a restart by the engine", { ...alive, FinishedAt: "2024-06-01T12:00:00.5Z" }, 0],
    ["a restart by Podman, which reports no earlier end", { ...alive, StartedAt: "2024-06-01T12:00:00.7Z" }, 3],
  ])("is accepted after %s", async (_how, State, count) => {
    const { attached } = await attach({}, State, count);
    expect((await attached.collect()).stderr.toString()).toBe("err\n");
  });

  it.each([
    ["an earlier restart", { ...alive, FinishedAt: "2024-06-01T10:59:00Z" }, 1],
    ["its first start", { ...alive, StartedAt: "2024-06-01T12:00:00.7Z" }, 0],
  ])("is a ProtocolError after %s", async (_how, State, count) => {
    const { attached } = await attach({}, State, count);
    expect(await rejection(attached.collect())).toBeInstanceOf(ProtocolError);
  });

  it.each([
    ["only its log is read", { stream: false, logs: true }],
    ["only its input is attached", { stdin: true, stdout: false, stderr: false }],
  ])("is accepted without an inspection when %s", async (_how, options) => {
    const { attached, lines } = await attach(options, alive);
    await attached.wait();
    expect(lines().at(-1)).toContain("/attach");
  });

  it.each([
    ["the default detach keys", undefined, "ls\u0010\u0011"],
    ["custom detach keys", "ctrl-x,a", "\u0018a"],
    ["detach keys that are not letters", "ctrl-@,ctrl-_,z", "\u0000\u001fz"],
  ])("is accepted after %s", async (_how, detachKeys, typed) => {
    let end: () => void = () => undefined;
    const { client } = await recordingDaemon(({ line }) =>
      inspection.test(line)
        ? { body: { State: alive, Config: { Tty: true } } }
        : {
            headers: { "Content-Type": "application/vnd.docker.raw-stream" },
            upgrade: (socket) => {
              end = () => void socket.end("bye");
              socket.on("data", (chunk: Buffer) => chunk.includes(typed.at(-1) ?? "") && end());
            },
          },
    );
    const attached = await client.attachToContainerNonBlocking({ container: "web", stdin: true, detachKeys });
    for (const key of typed) attached.stdin.write(key);
    expect((await attached.collect()).stdout.toString()).toBe("bye");
  });

  it("is a ProtocolError after input other than the detach keys", async () => {
    const { client } = await recordingDaemon(({ line }) =>
      inspection.test(line)
        ? { body: { State: alive, Config: { Tty: true } } }
        : {
            headers: { "Content-Type": "application/vnd.docker.raw-stream" },
            upgrade: (socket) => void once(socket, "data").then(() => socket.end("bye")),
          },
    );
    const attached = await client.attachToContainerNonBlocking({ container: "web", stdin: true });
    attached.stdin.write("exit\n");
    expect(await rejection(attached.collect())).toBeInstanceOf(ProtocolError);
  });
});

describe("confirmEnd", () => {
  /** Confirms the end of a process that keeps running, by a clock that advances only during a sleep, by these times. */
  async function confirmed(times: readonly number[]): Promise<{ pauses: number[]; error: unknown }> {
    const pauses: number[] = [];
    let now = 7;
    vi.mocked(monotonicTime).mockImplementation(() => now);
    vi.mocked(sleep).mockImplementation((pause = 0) => {
      now += times[pauses.length] ?? pause;
      pauses.push(pause);
      return Promise.resolve();
    });
    onTestFinished(() => {
      vi.mocked(monotonicTime).mockReset();
      vi.mocked(sleep).mockReset();
    });
    const error = await rejection(confirmEnd(exchangeOf(pushed()), () => Promise.resolve("the command")));
    return { pauses, error };
  }

  it("asks at doubling intervals while less than two seconds have passed", async () => {
    const { pauses, error } = await confirmed([]);
    expect(pauses).toEqual([20, 40, 80, 160, 320, 640, 1280]);
    expect(error).toMatchObject({ message: "the stream of logs was cut off: the command is still running" });
    expect((await confirmed([1999])).pauses).toEqual([20, 40]);
    expect((await confirmed([2000])).pauses).toEqual([20]);
  });
});
