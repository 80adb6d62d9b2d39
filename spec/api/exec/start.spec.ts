import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { BadRequestError, ConflictError, ServerError } from "../../../lib/errors/api-error.js";
import { ContainerNotRunningError, ContainerPausedError, NoSuchExecError } from "../../../lib/errors/container-errors.js";
import { UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { type Answer, frames, type RecordedRequest, recordingDaemon } from "../../support/recording-daemon.js";

const multiplexed = { "Content-Type": "application/vnd.docker.multiplexed-stream" };
const bodyOf = (request: RecordedRequest | undefined): unknown => JSON.parse(request?.body.toString() ?? "");

/** Answers inspections, and sends some bytes on start. */
const daemon =
  (tty: boolean, bytes: Buffer | string, headers: Record<string, string> = {}) =>
  ({ line }: RecordedRequest): Answer =>
    line.startsWith("GET") ? { body: { ProcessConfig: { tty } } } : { headers, upgrade: (socket) => socket.end(bytes) };

function sink(): { stream: PassThrough; content: Promise<string> } {
  const stream = new PassThrough();
  return { stream, content: text(stream) };
}

describe("Client.startExec", () => {
  it("inspects the exec instance, starts the command and writes its output", async () => {
    const { client, requests, lines } = await recordingDaemon(daemon(false, frames([1, "out"], [2, "err"]), multiplexed));
    const [out, err] = [sink(), sink()];
    await client.startExec({ id: "e1", outputStream: out.stream, errorStream: err.stream });
    out.stream.end();
    err.stream.end();
    expect([await out.content, await err.content]).toEqual(["out", "err"]);
    const inspection = "GET /v1.51/exec/e1/json";
    expect(lines()).toEqual([inspection, "POST /v1.51/exec/e1/start", inspection]);
    expect(requests[1]?.headers).toMatchObject({ connection: "Upgrade", upgrade: "tcp", "content-type": "application/json" });
    expect(bodyOf(requests[1])).toEqual({ Detach: false, Tty: false });
  });

  it.each([
    ["1.51", { "Content-Type": "application/vnd.docker.raw-stream" }],
    ["1.41", {}],
  ])("returns a terminal's output unchanged in API %s", async (apiVersion, headers) => {
    const { client, requests } = await recordingDaemon(daemon(true, "raw\r\n", headers), { apiVersion });
    const out = sink();
    await client.startExec({ id: "e1", outputStream: out.stream });
    out.stream.end();
    expect(await out.content).toBe("raw\r\n");
    expect(bodyOf(requests[1])).toEqual({ Detach: false, Tty: true });
  });

  it("does not inspect the exec instance before the start when tty is set", async () => {
    const { client, requests, lines } = await recordingDaemon(daemon(true, frames([1, "x"])), { apiVersion: "1.41" });
    const out = sink();
    await client.startExec({ id: "e 1", tty: false, outputStream: out.stream });
    out.stream.end();
    expect(await out.content).toBe("x");
    expect(lines()).toEqual(["POST /v1.41/exec/e%201/start", "GET /v1.41/exec/e%201/json"]);
    expect(bodyOf(requests[0])).toEqual({ Detach: false, Tty: false });
  });

  it("sends and ends the input after onConnected", async () => {
    const received: string[] = [];
    const { client } = await recordingDaemon({
      headers: multiplexed,
      upgrade: (socket) => {
        socket.on("data", (chunk: Buffer) => received.push(chunk.toString()));
        socket.on("end", () => socket.end(frames([1, "done"])));
      },
    });
    const out = sink();
    const inputStream = Readable.from(["in", "put"]);
    const onConnected = () => void received.push("[connected]");
    await client.startExec({ id: "e1", tty: false, inputStream, outputStream: out.stream, onConnected });
    out.stream.end();
    expect(received.join("")).toBe("[connected]input");
    expect(await out.content).toBe("done");
  });

  it("starts a detached command and returns", async () => {
    const { client, requests, lines } = await recordingDaemon({ status: 200 });
    const connected: string[] = [];
    await client.startExec({
      id: "e1",
      detach: true,
      tty: true,
      consoleSize: [24, 80],
      onConnected: () => void connected.push("x"),
    });
    expect(lines()).toEqual(["POST /v1.51/exec/e1/start"]);
    expect(bodyOf(requests[0])).toEqual({ Detach: true, Tty: true, ConsoleSize: [24, 80] });
    expect(requests[0]?.headers.upgrade).toBeUndefined();
    expect(connected).toEqual(["x"]);
  });

  it.each(["inputStream", "outputStream", "errorStream"] as const)("rejects %s for a detached command", async (option) => {
    const { client, requests } = await recordingDaemon();
    const failing = client.startExec({ id: "e1", detach: true, [option]: new PassThrough() });
    await expect(failing).rejects.toMatchObject({ name: "InvalidOptionError", option });
    expect(requests).toEqual([]);
  });

  it("rejects consoleSize before API 1.42", async () => {
    const { client, requests } = await recordingDaemon({}, { apiVersion: "1.41" });
    const failing = client.startExec({ id: "e1", tty: true, consoleSize: [24, 80] });
    await expect(failing).rejects.toThrow(UnsupportedVersionError);
    expect(requests).toEqual([]);
  });

  const refusals = [
    [400, 'exec: "nope": executable file not found in $PATH', BadRequestError, {}],
    [404, "No such exec instance: e1", NoSuchExecError, { id: "e1" }],
    [409, "Container 1c8617 is paused, unpause the container before exec", ContainerPausedError, { id: "1c8617" }],
    [409, "Container 1c8617 is not running", ContainerNotRunningError, { id: "1c8617" }],
    [409, "Error: Exec command e1 is already running", ConflictError, { name: "ConflictError" }],
    [409, "Error: Exec command e1 has already run", ConflictError, { name: "ConflictError" }],
    [
      500,
      'can only start created exec sessions, state is "running": exec session state improper',
      ConflictError,
      { status: 500 },
    ],
    [500, "something broke", ServerError, {}],
  ] as const;
  it.each(refusals)("maps %i (%s) to its error class", async (status, message, expected, facts) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    for (const detach of [true, false]) {
      const failing = client.startExec({ id: "e1", tty: false, detach });
      await expect(failing).rejects.toThrow(expected);
      await expect(failing).rejects.toMatchObject({ status, reason: message, operation: "startExec", ...facts });
    }
  });

  it("rejects when the connection ends while the command is running", async () => {
    const { client } = await recordingDaemon(({ line }: RecordedRequest): Answer =>
      line.startsWith("GET") ? { body: { Running: true } } : { headers: multiplexed, upgrade: (socket) => socket.end() },
    );
    await expect(client.startExec({ id: "e1", tty: false })).rejects.toMatchObject({
      name: "ProtocolError",
      message: "the stream of startExec was cut off: the command is still running",
    });
  });

  it("rejects an empty exec ID", async () => {
    const { client, requests } = await recordingDaemon();
    await expect(client.startExec({ id: "" })).rejects.toThrow(NoSuchExecError);
    expect(requests).toEqual([]);
  });
});

describe("Client.startExecNonBlocking", () => {
  it("returns the command's streams", async () => {
    const { client } = await recordingDaemon({
      headers: multiplexed,
      upgrade: (socket) => {
        socket.write(frames([1, "ready"]));
        socket.on("data", (chunk: Buffer) => socket.end(frames([2, `got ${chunk.toString()}`])));
      },
    });
    await using attached = await client.startExecNonBlocking({ id: "e1", tty: false });
    const seen: string[] = [];
    for await (const { stream, data } of attached) {
      seen.push(`${stream}: ${data.toString()}`);
      if (seen.length === 1) attached.stdin.write("this");
    }
    expect(seen).toEqual(["stdout: ready", "stderr: got this"]);
    expect(attached.tty).toBe(false);
  });

  it.each([true, false])("ends the input separately from the output, unless it is a terminal: %s", async (tty) => {
    const { client } = await recordingDaemon(daemon(tty, ""));
    const attached = await client.startExecNonBlocking({ id: "e1", tty });
    expect(attached.supportsHalfClose).toBe(!tty);
    await attached.wait();
  });

  it("checks the options before it inspects the exec instance", async () => {
    const { client, requests } = await recordingDaemon({}, { apiVersion: "1.41" });
    await expect(client.startExecNonBlocking({ id: "e1", consoleSize: [24, 80] })).rejects.toThrow(UnsupportedVersionError);
    await expect(client.startExecNonBlocking({ id: "e1", stdin: true } as never)).rejects.toMatchObject({
      name: "InvalidOptionError",
      operation: "startExecNonBlocking",
    });
    expect(requests).toEqual([]);
  });
});
