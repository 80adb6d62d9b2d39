import { once } from "node:events";
import { type Duplex, PassThrough, Readable, Writable } from "node:stream";
import { describe, expect, it, vi } from "vitest";
import { ConflictError } from "../../../lib/errors/api-error.js";
import { AbortError, ClientClosedError, ProtocolError } from "../../../lib/errors/connection-errors.js";
import { ContainerPausedError, NoSuchContainerError } from "../../../lib/errors/container-errors.js";
import { StreamError } from "../../../lib/errors/stream-errors.js";
import { InputStreamError, OutputStreamError } from "../../../lib/errors/usage-errors.js";
import type { AttachedStream } from "../../../lib/streams/hijacked-stream.js";
import { type Answer, frames, recordingDaemon } from "../../support/recording-daemon.js";

const multiplexed = { "Content-Type": "application/vnd.docker.multiplexed-stream" };
const raw = { "Content-Type": "application/vnd.docker.raw-stream" };
const output = frames([1, "out\n"], [2, "err ä\n"], [1, "no end"]);

/** Hijacks the connection and writes to it. */
const talk = (upgrade: (socket: Duplex) => void, headers: Record<string, string> = multiplexed): Answer => ({ headers, upgrade });

/** Sends chunks one by one, in separate packets if possible, and ends. */
const say = (...parts: Buffer[]): Answer =>
  talk((socket) => {
    const left = [...parts];
    const next = () => {
      const part = left.shift();
      if (part) socket.write(part, () => setImmediate(next));
      else socket.end();
    };
    next();
  });

/** Sends the response head and the bytes after it in one write. */
const inOnePiece = (head: string, rest: Buffer): Answer => ({
  // a status other than 101 leaves the head to the handler
  status: 200,
  upgrade: (socket) => socket.end(Buffer.concat([Buffer.from(`${head}\r\n\r\n`), rest])),
});

async function texts(attached: AttachedStream): Promise<[string, string]> {
  const { stdout, stderr } = await attached.collect();
  return [stdout.toString(), stderr.toString()];
}

/** Collects the bytes that arrive on a connection. */
function ear(socket: Duplex): { heard: () => string; ended: () => boolean } {
  const chunks: Buffer[] = [];
  let ended = false;
  socket.on("data", (chunk: Buffer) => chunks.push(chunk)).on("end", () => (ended = true));
  return { heard: () => Buffer.concat(chunks).toString(), ended: () => ended };
}

describe("Client.attachToContainerNonBlocking: request", () => {
  it.each([
    [{}, "stderr=1&stdin=0&stdout=1&stream=1"],
    [{ inputStream: Readable.from([]) }, "stderr=1&stdin=1&stdout=1&stream=1"],
    [{ stdin: true, stdout: false, stderr: false, stream: false, logs: true }, "logs=1&stderr=0&stdin=1&stdout=0&stream=0"],
    [{ logs: false, detachKeys: "ctrl-x,x" }, "detachKeys=ctrl-x%2Cx&logs=0&stderr=1&stdin=0&stdout=1&stream=1"],
  ])("sends %j as %s", async (options, query) => {
    const { client, requests, lines } = await recordingDaemon(say());
    await (await client.attachToContainerNonBlocking({ container: "a b", ...options })).wait();
    expect(lines()).toEqual([`POST /v1.51/containers/a%20b/attach?${query}`]);
    expect(requests[0]?.headers).toMatchObject({ connection: "Upgrade", upgrade: "tcp" });
    expect(requests[0]?.body.length).toBe(0);
  });

  it.each([
    [404, "No such container: web", NoSuchContainerError],
    [409, "container web is paused, unpause the container before attach", ContainerPausedError],
    [
      500,
      "can only attach to created or running containers - currently in state paused: container state improper",
      ContainerPausedError,
    ],
    [409, "container web is being attached elsewhere", ConflictError],
  ])("maps %i (%s) to its error class", async (status, message, expected) => {
    const { client } = await recordingDaemon({ status, body: message });
    for (const operation of ["attachToContainer", "attachToContainerNonBlocking"] as const) {
      const error = await client[operation]({ container: "web" }).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(expected);
      expect(error).toMatchObject({ name: expected.name, status, reason: message, operation });
    }
    await vi.waitFor(async () => expect(await client.connections()).toBe(0));
  });

  it("is not sent for an empty ID", async () => {
    const { client, requests } = await recordingDaemon(say(), { apiVersion: "1.41" });
    await expect(client.attachToContainer({ container: "" })).rejects.toThrow(NoSuchContainerError);
    expect(requests).toEqual([]);
  });
});

describe("Client.attachToContainerNonBlocking: terminal", () => {
  it.each([
    [multiplexed, false, "x"],
    [raw, true, "\u0001\0\0\0\0\0\0\u0001x"],
  ])("is detected by the content type in API 1.42 and later: %j", async (headers, tty, text) => {
    const { client, lines } = await recordingDaemon(talk((socket) => socket.end(frames([1, "x"])), headers));
    const attached = await client.attachToContainerNonBlocking({ container: "web" });
    expect(attached.tty).toBe(tty);
    expect(await texts(attached)).toEqual([text, ""]);
    expect(lines()).toHaveLength(1);
  });

  it.each([
    [true, "\u0001\0\0\0\0\0\0\u0001x"],
    [false, "x"],
  ])("is detected by inspecting the container before API 1.42: %s", async (tty, text) => {
    const answers = [{ body: { Config: { Tty: tty } } }, talk((socket) => socket.end(frames([1, "x"])), raw)];
    const { client, lines } = await recordingDaemon(answers, { apiVersion: "1.41" });
    const attached = await client.attachToContainerNonBlocking({ container: "a b", inputStream: Readable.from([]) });
    expect(attached.tty).toBe(tty);
    expect(await texts(attached)).toEqual([text, ""]);
    expect(lines()[0]).toBe("GET /v1.41/containers/a%20b/json");
  });
});

describe("Client.attachToContainerNonBlocking: output", () => {
  it("is the same however the bytes are split", async () => {
    for (let at = 0; at <= output.length; at += 1) {
      const { client } = await recordingDaemon(say(output.subarray(0, at), output.subarray(at)));
      expect(await texts(await client.attachToContainerNonBlocking({ container: "web" }))).toEqual(["out\nno end", "err ä\n"]);
    }
  });

  it.each([
    ["after a 101", "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp"],
    ["after a proxy's 200", "HTTP/1.1 200 OK"],
  ])("is complete when it arrives in one packet with the response head %s", async (_what, head) => {
    const type = "Content-Type: application/vnd.docker.multiplexed-stream";
    const { client } = await recordingDaemon(inOnePiece(`${head}\r\n${type}`, output));
    const outputStream = new PassThrough();
    const errorStream = new PassThrough();
    await client.attachToContainer({ container: "web", outputStream, errorStream });
    expect([String(outputStream.read()), String(errorStream.read())]).toEqual(["out\nno end", "err ä\n"]);
    expect(outputStream.writableEnded || errorStream.writableEnded).toBe(false);
    await vi.waitFor(async () => expect(await client.connections()).toBe(0));
  });

  it("ends with the failure that the engine reports", async () => {
    const { client } = await recordingDaemon(say(frames([1, "out"], [3, "lost the container\n"])));
    const outputStream = new PassThrough();
    for (const attach of [
      client.attachToContainer({ container: "web", outputStream }),
      client.attachToContainer({ container: "web" }),
      client.attachToContainerNonBlocking({ container: "web" }).then(texts),
    ]) {
      await expect(attach).rejects.toThrow(StreamError);
      await expect(attach).rejects.toMatchObject({ reason: "lost the container" });
    }
    expect(String(outputStream.read())).toBe("out");
  });

  it.each([
    ["within a header", output.subarray(0, 5)],
    ["within a frame", output.subarray(0, 10)],
    ["with an unknown stream", Buffer.from("\u0004\0\0\0\0\0\0\0")],
  ])("rejects when it ends %s", async (_where, sent) => {
    const { client } = await recordingDaemon(say(sent));
    await expect(client.attachToContainer({ container: "web" })).rejects.toThrow(ProtocolError);
    await expect(client.attachToContainerNonBlocking({ container: "web" }).then(texts)).rejects.toThrow(ProtocolError);
    await vi.waitFor(async () => expect(await client.connections()).toBe(0));
  });

  it("applies backpressure when its stream is slow", async () => {
    const frame = frames([1, Buffer.alloc(64 * 1024)]);
    const total = 400;
    let sent = 0;
    const answer = talk((socket) => {
      const send = () => {
        while (sent < total) {
          sent += 1;
          if (!socket.write(frame)) {
            socket.once("drain", send);
            return;
          }
        }
        socket.end();
      };
      send();
    });
    const { client } = await recordingDaemon(answer);
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let received = 0;
    const outputStream = new Writable({
      write(chunk: Buffer, _encoding, done) {
        received += chunk.length;
        void held.then(() => setImmediate(done));
      },
    });
    const done = client.attachToContainer({ container: "web", outputStream });
    let before = -1;
    await vi.waitFor(
      () => {
        const stands = sent > 0 && sent === before;
        before = sent;
        expect(stands).toBe(true);
      },
      { interval: 100, timeout: 4000 },
    );
    expect(sent).toBeLessThan(total / 4);
    expect(outputStream.writableLength).toBeLessThan(1024 * 1024);
    release();
    await done;
    await vi.waitFor(() => expect(received).toBe(total * 64 * 1024));
  });

  it("rejects when its stream fails", async () => {
    const { client } = await recordingDaemon(talk((socket) => void socket.write(output)));
    const failing = new Writable({ write: (_chunk, _encoding, done) => done(new Error("disk full")) });
    const error = await client.attachToContainer({ container: "web", errorStream: failing }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(OutputStreamError);
    expect(error).toMatchObject({ cause: { message: "disk full" } });
    await vi.waitFor(async () => expect(await client.connections()).toBe(0));
  });
});

describe("Client.attachToContainerNonBlocking: input", () => {
  it("can end while output continues", async () => {
    const answer = talk((socket) => {
      const { heard } = ear(socket);
      socket.on("end", () => setTimeout(() => socket.end(frames([1, `heard ${heard()}`], [2, "late"])), 20));
    });
    const { client } = await recordingDaemon(answer);
    const attached = await client.attachToContainerNonBlocking({ container: "web", stdin: true });
    expect(attached.supportsHalfClose).toBe(true);
    attached.stdin.write("one ");
    attached.stdin.write("two");
    await attached.closeWrite();
    expect(await texts(attached)).toEqual(["heard one two", "late"]);
  });

  it("comes from inputStream after a 101 and after a proxy's 200", async () => {
    const answers: Answer[] = [
      talk((socket) => {
        const { heard } = ear(socket);
        socket.on("end", () => socket.end(frames([1, heard()])));
      }),
      {
        status: 200,
        upgrade(socket) {
          const { heard } = ear(socket);
          socket.write("HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\n\r\n");
          socket.on("end", () => socket.end(frames([1, heard()])));
        },
      },
    ];
    for (const answer of answers) {
      const { client } = await recordingDaemon(answer);
      const input = "x".repeat(300_000);
      const outputStream = new PassThrough({ highWaterMark: 1024 * 1024 });
      await client.attachToContainer({ container: "web", inputStream: Readable.from([input, "!"]), outputStream });
      expect(String(outputStream.read())).toBe(`${input}!`);
    }
  });

  it.each([
    [{ Tty: false, StdinOnce: true }, {}, true],
    [{ Tty: false, StdinOnce: false }, {}, false],
    [{ Tty: false, StdinOnce: false }, { "Libpod-Api-Version": "5.4.2" }, true],
    [{ Tty: true, StdinOnce: true }, {}, false],
    [{ Tty: true, StdinOnce: false }, { "Libpod-Api-Version": "5.4.2" }, false],
  ])("ends only where the engine continues to send output: %j %j", async (Config, headers, ends) => {
    const heard: string[] = [];
    const { client } = await recordingDaemon(({ line }) =>
      line.endsWith("/json")
        ? { headers, body: { Config, State: { Running: false } } }
        : talk((socket) => {
            const finish = () => {
              heard.push("finished");
              socket.end(Config.Tty ? "out" : frames([1, "out"]));
            };
            socket.on("end", () => {
              heard.push("end");
              if (ends) finish();
            });
            socket.on("data", (chunk: Buffer) => {
              heard.push(chunk.toString());
              if (!ends) setImmediate(() => setImmediate(finish));
            });
          }),
    );
    const attached = await client.attachToContainerNonBlocking({ container: "web", stdin: true });
    expect(attached.supportsHalfClose).toBe(ends);
    attached.stdin.write("input");
    await attached.closeWrite();
    expect(await texts(attached)).toEqual(["out", ""]);
    expect(heard.slice(0, 2)).toEqual(ends ? ["input", "end"] : ["input", "finished"]);
  });

  it("is released when the container ends first", async () => {
    const { client } = await recordingDaemon(say(output));
    const inputStream = new PassThrough();
    inputStream.write("never read");
    await client.attachToContainer({ container: "web", inputStream });
    await vi.waitFor(() => expect(inputStream.isPaused()).toBe(true));
    expect(inputStream.destroyed).toBe(false);
    expect(inputStream.listenerCount("error")).toBe(0);
  });

  it("closes the connection when it fails", async () => {
    const { client } = await recordingDaemon(talk((socket) => void socket.write(output)));
    const inputStream = new PassThrough();
    const attach = client.attachToContainer({
      container: "web",
      inputStream,
      onConnected: () => void setImmediate(() => inputStream.destroy(new Error("gone"))),
    });
    const error = await attach.catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InputStreamError);
    expect(error).toMatchObject({ operation: "attachToContainer", cause: { message: "gone" } });
    const broken = new PassThrough();
    broken.destroy();
    await expect(client.attachToContainer({ container: "web", inputStream: broken })).rejects.toThrow(InputStreamError);
    await vi.waitFor(async () => expect(await client.connections()).toBe(0));
  });
});

describe("Client.attachToContainerNonBlocking: onConnected", () => {
  it("is awaited before anything is read or sent", async () => {
    let heard: () => string = () => "";
    const answer = talk((socket) => {
      ({ heard } = ear(socket));
      socket.write(output);
      socket.on("end", () => socket.end());
    });
    const { client } = await recordingDaemon(answer);
    const inputStream = new PassThrough();
    inputStream.end("hello");
    const outputStream = new PassThrough();
    const order: string[] = [];
    outputStream.once("data", () => order.push("output"));
    const onConnected = async () => {
      order.push("connected");
      for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
      expect(heard()).toBe("");
      expect(outputStream.readableLength).toBe(0);
      order.push("ready");
    };
    await client.attachToContainer({ container: "web", inputStream, outputStream, onConnected });
    expect(order).toEqual(["connected", "ready", "output"]);
    expect(heard()).toBe("hello");
  });

  it("closes the connection when it throws", async () => {
    let ended: () => boolean = () => false;
    const { client } = await recordingDaemon(talk((socket) => ({ ended } = ear(socket))));
    const failure = new Error("no");
    for (const onConnected of [
      () => Promise.reject(failure),
      () => {
        throw failure;
      },
    ]) {
      await expect(client.attachToContainer({ container: "web", onConnected })).rejects.toBe(failure);
      await vi.waitFor(async () => expect(await client.connections()).toBe(0));
    }
    expect(ended()).toBe(true);
  });

  it("is not called when the engine rejects the request", async () => {
    const { client } = await recordingDaemon({ status: 404, body: { message: "No such container: web" } });
    const onConnected = vi.fn();
    await expect(client.attachToContainer({ container: "web", onConnected })).rejects.toThrow(NoSuchContainerError);
    expect(onConnected).not.toHaveBeenCalled();
  });
});

describe("Client.attachToContainerNonBlocking: connection", () => {
  const open = talk((socket) => void socket.write(output));

  it("can be aborted however it is read", async () => {
    const { client } = await recordingDaemon(open);
    for (const read of [
      (signal: AbortSignal) => client.attachToContainer({ container: "web" }, { signal }),
      (signal: AbortSignal) => client.attachToContainer({ container: "web", outputStream: new PassThrough() }, { signal }),
      (signal: AbortSignal) => client.attachToContainerNonBlocking({ container: "web" }, { signal }).then(texts),
    ]) {
      const abort = new AbortController();
      setTimeout(() => abort.abort(), 20);
      await expect(read(abort.signal)).rejects.toThrow(AbortError);
    }
    await vi.waitFor(async () => expect(await client.connections()).toBe(0));
  });

  it("ends when the client is closed", async () => {
    const { client } = await recordingDaemon(open);
    const attached = await client.attachToContainerNonBlocking({ container: "web" });
    const waiting = attached.wait();
    await Promise.all([expect(waiting).rejects.toThrow(ClientClosedError), client.close()]);
  });

  it("closes the connection and the input", async () => {
    const { client } = await recordingDaemon(open);
    let stdin: Writable;
    {
      await using attached = await client.attachToContainerNonBlocking({ container: "web" });
      stdin = attached.stdin;
    }
    if (!stdin.destroyed) await once(stdin, "close");
    await vi.waitFor(async () => expect(await client.connections()).toBe(0));
  });

  it("reports the same failure to the stream's reader and to wait()", async () => {
    const { client } = await recordingDaemon(say(output));
    const outputStream = new PassThrough();
    const attached = await client.attachToContainerNonBlocking({ container: "web", outputStream });
    await Promise.all([attached.wait(), attached.wait()]);
    expect(String(outputStream.read())).toBe("out\nno end");
  });
});
