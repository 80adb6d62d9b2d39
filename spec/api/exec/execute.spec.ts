import { getEventListeners } from "node:events";
import type { IncomingMessage } from "node:http";
import { type Duplex, PassThrough, Readable, Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { ClientOptions } from "../../../lib/core/client-options.js";
import { ServerError } from "../../../lib/errors/api-error.js";
import { AbortError, ClientClosedError, TimeoutError } from "../../../lib/errors/connection-errors.js";
import { NoSuchContainerError, NoSuchExecError } from "../../../lib/errors/container-errors.js";
import { InputStreamError, InvalidOptionError, OutputLimitError, OutputStreamError } from "../../../lib/errors/usage-errors.js";
import type { ExecCreateRequest, ExecInspect } from "../../../lib/types/exec.js";
import { setTimeout as startTimer, sleep } from "../../../lib/wire/clock.js";
import { type Answer, frames, type RecordedRequest, recordingDaemon } from "../../support/recording-daemon.js";

vi.mock(import("../../../lib/wire/clock.js"), async (original) => {
  const clock = await original();
  return { ...clock, setTimeout: vi.fn(clock.setTimeout), sleep: vi.fn(clock.sleep) as never };
});

type Found = Partial<Pick<ExecInspect, "Running" | "ExitCode" | "Pid">>;

/** How the daemon answers for one exec instance. */
interface Part {
  create?: Answer;
  start?: Answer;
  /** Whether it kills the earlier commands. */
  kills?: boolean;
  /** One answer per inspection; the last one repeats. */
  inspect?: Found[];
}

const ended: Found[] = [{ Running: false, ExitCode: 0, Pid: 7 }];
const output = (bytes: Buffer): Answer => ({ upgrade: (socket) => socket.end(bytes) });
const silence: Answer = { upgrade: () => undefined };

/** A daemon whose n-th exec instance has the ID `e<n>` and answers as the n-th part specifies. */
async function execDaemon(parts: Part[], options: ClientOptions = { apiVersion: "1.41" }) {
  const created: ExecCreateRequest[] = [];
  const sockets: Duplex[] = [];
  const inspections = new Map<string, number>();
  const answer = ({ line, body }: RecordedRequest): Answer => {
    if (line.startsWith("POST") && line.includes("/containers/")) {
      const part = parts[created.length];
      if (part?.kills) for (const socket of sockets) socket.end(frames([1, "last"]));
      created.push(JSON.parse(body.toString()) as ExecCreateRequest);
      return part?.create ?? { status: 201, body: { Id: `e${created.length}` } };
    }
    const id = /\/exec\/(e\d+)\//.exec(line)?.[1] ?? "";
    const index = Number(id.slice(1)) - 1;
    const part = parts[index];
    if (line.startsWith("POST")) {
      const start = part?.start ?? output(Buffer.alloc(0));
      const { upgrade } = start;
      const follow = (socket: Duplex, request: IncomingMessage) => {
        sockets.push(socket.on("error", () => {}));
        upgrade?.(socket, request);
      };
      return upgrade ? { ...start, upgrade: follow } : start;
    }
    const count = inspections.get(id) ?? 0;
    inspections.set(id, count + 1);
    const answers = part?.inspect ?? ended;
    return { body: answers[Math.min(count, answers.length - 1)] };
  };
  return { ...(await recordingDaemon(answer, options)), created };
}

const killed: Part = { kills: true, inspect: [{ Running: false, ExitCode: 0, Pid: 8 }] };

describe("Client.execute", () => {
  it("creates, starts and inspects the command, and returns its result", async () => {
    const { client, lines, created, requests } = await execDaemon([
      {
        start: output(frames([1, "out\n"], [2, "err\r\n"], [1, "more\n\n"])),
        inspect: [
          { Running: true, ExitCode: null, Pid: 7 },
          { Running: false, ExitCode: null, Pid: 7 },
          { Running: false, ExitCode: 3, Pid: 7 },
        ],
      },
    ]);
    const result = await client.execute({
      container: "web",
      cmd: ["ls", "-l"],
      env: ["A=1"],
      user: "u",
      workingDir: "/",
      privileged: true,
    });
    expect(result).toEqual({ exitCode: 3, stdout: Buffer.from("out\nmore\n\n"), stderr: Buffer.from("err\r\n") });
    expect([result.stdoutText, result.stderrText]).toEqual(["out\nmore", "err"]);
    expect(lines()).toEqual([
      "POST /v1.41/containers/web/exec",
      "POST /v1.41/exec/e1/start",
      ...Array.from({ length: 3 }, () => "GET /v1.41/exec/e1/json"),
    ]);
    expect(created[0]).toEqual({
      Cmd: ["ls", "-l"],
      Env: ["A=1", expect.stringMatching(/^TSDC_EXEC=[\da-f]{24}$/)],
      User: "u",
      WorkingDir: "/",
      Privileged: true,
      AttachStdin: false,
      AttachStdout: true,
      AttachStderr: true,
    });
    expect(JSON.parse(requests[1]!.body.toString())).toEqual({ Detach: false, Tty: false });
  });

  it.each([
    ["a string", () => "héllo"],
    ["bytes", () => new Uint8Array(Buffer.from("héllo"))],
    ["a stream", () => Readable.from(["hé", "llo"])],
    ["an empty string", () => ""],
  ])("sends %s as input", async (_, input) => {
    const { client, created } = await execDaemon([
      {
        start: {
          upgrade: (socket) => {
            const chunks: Buffer[] = [];
            socket.on("data", (chunk: Buffer) => chunks.push(chunk));
            socket.on("end", () => socket.end(frames([1, Buffer.concat(chunks)])));
          },
        },
      },
    ]);
    const given = input();
    const { stdoutText } = await client.execute({ container: "web", cmd: ["cat"], input: given });
    expect(stdoutText).toBe(given === "" ? "" : "héllo");
    expect(created[0]?.AttachStdin).toBe(true);
  });

  it("asks for the exit code at growing intervals, until the engine has noticed the end", async () => {
    const pauses: unknown[] = [];
    vi.mocked(sleep).mockImplementation((pause) => Promise.resolve(pauses.push(pause)));
    onTestFinished(() => void vi.mocked(sleep).mockReset());
    const running: Found = { Running: true, ExitCode: null, Pid: 7 };
    const { client, lines } = await execDaemon([{ inspect: [...Array.from({ length: 9 }, () => running), ...ended] }]);
    expect(await client.execute({ container: "web", cmd: ["ls"] })).toMatchObject({ exitCode: 0 });
    expect(pauses).toEqual([10, 20, 40, 80, 160, 320, 640, 1000, 1000]);
    expect(lines().filter((line) => line.includes("/json"))).toHaveLength(10);
  });

  it("returns -1 if the engine reports no exit code", async () => {
    const { client } = await execDaemon([{ inspect: [{ Running: false, Pid: 7 }] }]);
    expect(await client.execute({ container: "web", cmd: ["ls"] })).toMatchObject({ exitCode: -1 });
  });

  it("does not depend on its streams once the output has ended", async () => {
    const running: Found = { Running: true, ExitCode: null, Pid: 7 };
    const inspect = [...Array.from({ length: 6 }, () => running), ...ended];
    const { client, lines } = await execDaemon([{ start: output(frames([1, "x"])), inspect }]);
    const outputStream = new PassThrough();
    const result = client.execute({ container: "web", cmd: ["ls"], outputStream });
    await expect.poll(() => lines().some((line) => line.includes("/json")), { interval: 2 }).toBe(true);
    outputStream.destroy();
    expect(await result).toMatchObject({ exitCode: 0 });
  });

  it("returns a terminal's output unchanged", async () => {
    const { client, requests } = await execDaemon([{ start: output(Buffer.from("raw\r\n")) }]);
    const { stdout } = await client.execute({ container: "web", cmd: ["ls"], tty: true });
    expect(stdout.toString()).toBe("raw\r\n");
    expect(JSON.parse(requests[1]!.body.toString())).toEqual({ Detach: false, Tty: true });
  });

  it("writes to the caller's streams instead of the result", async () => {
    const { client } = await execDaemon([{ start: output(frames([1, "out"], [2, "err"])) }]);
    const outputStream = new PassThrough();
    const { stdout, stderr } = await client.execute({ container: "web", cmd: ["ls"], outputStream });
    outputStream.end();
    expect([await text(outputStream), stdout.length, stderr.toString()]).toEqual(["out", 0, "err"]);
  });

  const notFound =
    'OCI runtime exec failed: exec failed: unable to start container process: exec: "nope": executable file not found in $PATH: unknown';
  const denied =
    'OCI runtime exec failed: exec failed: unable to start container process: exec: "/etc": permission denied: unknown';
  const noDirectory =
    'OCI runtime exec failed: exec failed: unable to start container process: chdir to cwd ("/nope") set in config.json failed: no such file or directory: unknown';
  it.each([
    [notFound, 127],
    ['exec: "/nope": stat /nope: no such file or directory: unknown', 127],
    [
      "crun: executable file `nope` not found in $PATH: No such file or directory: OCI runtime attempted to invoke a command that was not found",
      127,
    ],
    [denied, 126],
    [noDirectory, 126],
    ["unable to find user nope: no matching entries in passwd file", 126],
  ])("returns the same result wherever the engine reports %s", async (words, exitCode) => {
    const expected = { exitCode, stdout: Buffer.alloc(0), stderr: Buffer.from(`${words}\n`) };
    const failed: Found[] = [{ Running: false, ExitCode: 126, Pid: 0 }];
    for (const part of [
      { start: output(frames([1, `${words}\r\n`])), inspect: failed },
      { start: output(frames([2, `${words}\r\n`])), inspect: failed },
      { start: { status: 400, body: { message: words } } },
      { start: { status: 500, body: { message: words } } },
    ]) {
      const { client } = await execDaemon([part]);
      expect(await client.execute({ container: "web", cmd: ["nope"] })).toEqual(expected);
    }
  });

  it.each([125, 126, 127])("recognizes an engine's message by the exit code %i", async (ExitCode) => {
    const part = { start: output(frames([1, `${notFound}\r\n`])), inspect: [{ Running: false, ExitCode, Pid: 0 }] };
    const { client } = await execDaemon([part]);
    expect(await client.execute({ container: "web", cmd: ["nope"] })).toMatchObject({ exitCode: 127, stdout: Buffer.alloc(0) });
  });

  it.each([
    [{ Running: false, ExitCode: 126, Pid: 7 }, 126],
    [{ Running: false, ExitCode: 124, Pid: 0 }, 124],
    [{ Running: false, ExitCode: 128, Pid: 0 }, 128],
    [{ Running: false, ExitCode: 0, Pid: 0 }, 0],
  ])("keeps output that resembles an engine's message: %o", async (found, exitCode) => {
    const { client } = await execDaemon([{ start: output(frames([1, notFound])), inspect: [found] }]);
    expect(await client.execute({ container: "web", cmd: ["x"] })).toMatchObject({
      exitCode,
      stdout: Buffer.from(notFound),
    });
  });

  it.each([
    ["create", { create: { status: 404, body: { message: "No such container: web" } } }, NoSuchContainerError, 1],
    ["start", { start: { status: 404, body: { message: "No such exec instance: e1" } } }, NoSuchExecError, 2],
    ["start", { start: { status: 500, body: { message: "something broke" } } }, ServerError, 2],
  ])("rejects when the engine fails to %s the command, and kills nothing", async (_, part, expected, count) => {
    const { client, requests } = await execDaemon([part]);
    await expect(client.execute({ container: "web", cmd: ["ls"] })).rejects.toThrow(expected);
    expect(requests).toHaveLength(count);
  });

  it("rejects an unknown option", async () => {
    const { client, requests } = await execDaemon([]);
    await expect(client.execute({ container: "web", cmd: ["ls"], stdin: "x" } as never)).rejects.toThrow(InvalidOptionError);
    expect(requests).toEqual([]);
  });

  it("does not mark the command in API 1.24 and reports that it cannot kill the command", async () => {
    const { client, created } = await execDaemon([{ start: silence }], { apiVersion: "1.24" });
    await expect(client.execute({ container: "web", cmd: ["ls"], timeout: 20 })).rejects.toThrow(
      "execute did not finish within 20 ms (total timeout): the command may still be running: its processes cannot be found with API 1.24",
    );
    expect(created).toEqual([{ Cmd: ["ls"], AttachStdin: false, AttachStdout: true, AttachStderr: true }]);
  });
});

describe("Client.execute: early end", () => {
  it("kills the command as its user on timeout, and waits for the rest of its output", async () => {
    const { client, created, lines } = await execDaemon([{ start: silence }, killed]);
    const outputStream = new PassThrough();
    const failing = client.execute({ container: "web", cmd: ["sleep"], user: "u", privileged: true, outputStream, timeout: 50 });
    await expect(failing).rejects.toThrow(TimeoutError);
    await expect(failing).rejects.toMatchObject({
      kind: "total",
      timeout: 50,
      operation: "execute",
      message: "execute did not finish within 50 ms (total timeout)",
    });
    outputStream.end();
    expect(await text(outputStream)).toBe("last");
    const marker = created[0]?.Env?.[0];
    expect(created[1]).toMatchObject({
      Cmd: ["sh", "-c", expect.stringContaining("/proc/"), "sh", marker],
      User: "u",
      Privileged: true,
    });
    expect(created[1]?.Env).toBeUndefined();
    expect(lines().filter((line) => line.includes("/start"))).toEqual(["POST /v1.41/exec/e1/start", "POST /v1.41/exec/e2/start"]);
    await vi.waitFor(async () => expect(await client.connections()).toBeLessThanOrEqual(2));
  });

  it.each([{ timeout: 40 }, { timeouts: { total: 40 } }])("applies the call's %o", async (call) => {
    const { client } = await execDaemon([{ start: silence }, killed]);
    await expect(client.execute({ container: "web", cmd: ["sleep"] }, call)).rejects.toMatchObject({
      kind: "total",
      timeout: 40,
    });
  });

  it("kills the command when the caller aborts", async () => {
    const abort = new AbortController();
    const { client, created } = await execDaemon([{ start: { upgrade: () => abort.abort(new Error("enough")) } }, killed]);
    const failing = client.execute({ container: "web", cmd: ["sleep"] }, { signal: abort.signal });
    await expect(failing).rejects.toThrow(AbortError);
    await expect(failing).rejects.toMatchObject({
      message: "execute was aborted",
      operation: "execute",
      cause: abort.signal.reason,
    });
    expect(created).toHaveLength(2);
  });

  it("leaves no listener on the caller's signal after success, failure, timeout and abort", async () => {
    const abort = new AbortController();
    const call = { signal: abort.signal };
    const command = { container: "web", cmd: ["ls"] };
    const listeners = () => getEventListeners(abort.signal, "abort").length;
    await (await execDaemon([{}])).client.execute(command, call);
    expect(listeners()).toBe(0);
    const refused = await execDaemon([{ create: { status: 500, body: { message: "something broke" } } }]);
    await expect(refused.client.execute(command, call)).rejects.toThrow(ServerError);
    expect(listeners()).toBe(0);
    const silent = await execDaemon([{ start: silence }, killed]);
    await expect(silent.client.execute({ ...command, timeout: 30 }, call)).rejects.toThrow(TimeoutError);
    expect(listeners()).toBe(0);
    const aborted = await execDaemon([{ start: { upgrade: () => abort.abort() } }, killed]);
    await expect(aborted.client.execute(command, call)).rejects.toThrow(AbortError);
    expect(listeners()).toBe(0);
  });

  it("starts nothing when the caller has already aborted or the engine does not respond", async () => {
    const { client, created } = await execDaemon([{ create: { handle: () => undefined } }]);
    const call = { signal: AbortSignal.abort() };
    await expect(client.execute({ container: "web", cmd: ["sleep"] }, call)).rejects.toThrow(AbortError);
    expect(created).toEqual([]);
    await expect(client.execute({ container: "web", cmd: ["sleep"], timeout: 30 })).rejects.toMatchObject({ kind: "total" });
    expect(created).toHaveLength(1);
  });

  const run = { Running: true, ExitCode: null, Pid: 7 };
  it.each([
    [
      "the container has no shell",
      { inspect: [{ Running: false, ExitCode: 127, Pid: 0 }] },
      "the container has no shell to kill it with",
    ],
    [
      "the command is not found",
      { inspect: [{ Running: false, ExitCode: 3, Pid: 8 }] },
      "it was not found among the container's processes",
    ],
    [
      "the container is paused",
      { create: { status: 409, body: { message: "Container web is paused" } } },
      "container is paused: web",
    ],
  ])("reports that the command may still be running when %s", async (_, kill, reason) => {
    const abort = new AbortController();
    const { client } = await execDaemon([{ start: { upgrade: () => abort.abort() }, inspect: [run] }, kill]);
    const failing = client.execute({ container: "web", cmd: ["sleep"] }, { signal: abort.signal });
    await expect(failing).rejects.toThrow(`execute was aborted: the command may still be running: ${reason}`);
  });

  it.each([
    ["the command has already ended", { kills: true, inspect: [{ Running: false, ExitCode: 3, Pid: 8 }] }],
    ["its container has stopped", { kills: true, create: { status: 409, body: { message: "Container web is not running" } } }],
    ["its container was removed", { kills: true, create: { status: 404, body: { message: "No such container: web" } } }],
  ])("does not report that the command may still be running when %s", async (_, kill) => {
    const { client } = await execDaemon([{ start: silence }, kill]);
    const failing = client.execute({ container: "web", cmd: ["sleep"], timeout: 30 });
    await expect(failing).rejects.toThrow(/\(total timeout\)$/);
  });

  it("stops waiting for an engine that no longer responds", async () => {
    const { client } = await execDaemon([{ start: silence }, { create: { handle: () => undefined } }]);
    const failing = client.execute({ container: "web", cmd: ["sleep"], timeout: 30 });
    await expect(failing).rejects.toThrow("the command may still be running: killing it took longer than 5000 ms");
  }, 20_000);

  it("kills a command that exceeds the output limit", async () => {
    const { client, created } = await execDaemon([{ start: output(frames([1, "12345"], [2, "67890"])) }, killed]);
    const failing = client.execute({ container: "web", cmd: ["yes"], maxOutput: 9 });
    await expect(failing).rejects.toThrow(OutputLimitError);
    await expect(failing).rejects.toMatchObject({ code: "ERR_OUTPUT_LIMIT", limit: 9, operation: "execute" });
    expect(created).toHaveLength(2);
    const { client: other } = await execDaemon([{ start: output(frames([1, "12345"], [2, "6789"])) }]);
    expect((await other.execute({ container: "web", cmd: ["x"], maxOutput: 9 })).stderrText).toBe("6789");
  });

  it("kills a command when its streams fail", async () => {
    const broken = new Writable({ write: (_chunk, _encoding, done) => done(new Error("disk full")) });
    const { client, created } = await execDaemon([{ start: { upgrade: (socket) => socket.write(frames([1, "x"])) } }, killed]);
    await expect(client.execute({ container: "web", cmd: ["yes"], outputStream: broken })).rejects.toThrow(OutputStreamError);
    expect(created).toHaveLength(2);
    const input = new Readable({ read: () => undefined });
    const other = await execDaemon([{ start: { upgrade: () => input.destroy(new Error("gone")) } }, killed]);
    await expect(other.client.execute({ container: "web", cmd: ["cat"], input })).rejects.toThrow(InputStreamError);
    expect(other.created).toHaveLength(2);
  });

  it("waits for the output that a killed command still had", async () => {
    let connection: Duplex | undefined;
    const keep = (socket: Duplex) => void (connection = socket);
    const onKill = (socket: Duplex) => void socket.end(() => setTimeout(() => connection?.end(frames([1, "late"])), 60));
    const { client } = await execDaemon([{ start: { upgrade: keep } }, { start: { upgrade: onKill } }]);
    const written: string[] = [];
    const outputStream = new Writable({ write: (chunk, _encoding, done) => done(void written.push(String(chunk))) });
    const failing = client.execute({ container: "web", cmd: ["sleep"], outputStream, timeout: 20 });
    await expect(failing).rejects.toThrow(TimeoutError);
    expect(written).toEqual(["late"]);
  });

  it("waits two seconds for the output of a killed command to end", async () => {
    const times: unknown[] = [];
    const { setTimeout: start } =
      await vi.importActual<typeof import("../../../lib/wire/clock.js")>("../../../lib/wire/clock.js");
    vi.mocked(startTimer).mockImplementation(((task: () => void, time: number) => {
      times.push(time);
      return start(task, time > 1000 && time < 5000 ? 1 : time);
    }) as never);
    onTestFinished(() => void vi.mocked(startTimer).mockReset());
    const { client } = await execDaemon([{ start: silence }, { inspect: ended }]);
    await expect(client.execute({ container: "web", cmd: ["sleep"], timeout: 30 })).rejects.toThrow(TimeoutError);
    expect(times).toContain(2000);
  });

  it("rejects when the client is closed", async () => {
    const { client, created } = await execDaemon([{ start: { upgrade: () => void client.close() } }]);
    await expect(client.execute({ container: "web", cmd: ["sleep"] })).rejects.toThrow(ClientClosedError);
    expect(created).toHaveLength(1);
  });
});
