import { getEventListeners } from "node:events";
import type { ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { PassThrough, Readable, Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it, vi } from "vitest";
import type { ClientOptions } from "../../../lib/core/client-options.js";
import { BadRequestError, ServerError } from "../../../lib/errors/api-error.js";
import { AbortError, TimeoutError } from "../../../lib/errors/connection-errors.js";
import { ContainerAlreadyExistsError } from "../../../lib/errors/container-errors.js";
import { NoSuchImageError } from "../../../lib/errors/image-errors.js";
import { InputStreamError, InvalidOptionError, OutputLimitError, OutputStreamError } from "../../../lib/errors/usage-errors.js";
import { progressAnswer } from "../../support/progress-answer.js";
import { type Answer, frames, type RecordedRequest, recordingDaemon } from "../../support/recording-daemon.js";

const noImage: Answer = { status: 404, body: { message: "No such image: busybox:latest" } };
const missing: Answer = { status: 404, body: { message: "No such container: c1" } };
const hello = frames([1, "out\n"], [2, "err\n"]);

/** Behavior of the daemon's only container. */
interface Script {
  /** Responses to creating it, in turn; the last is repeated. By default it succeeds. */
  create?: Answer[];
  pull?: Answer;
  start?: Answer;
  remove?: Answer;
  /** Response to a wait for it, in place of its exit status. */
  wait?: () => Answer | undefined;
  /** Runs after the start. By default it writes {@link hello} and exits with 3. */
  run?: (container: RunningContainer) => void;
}

interface RunningContainer {
  /** Its standard streams. */
  socket: Duplex;
  /** Data received on its standard input. */
  input: PassThrough;
  exit(statusCode: number): void;
}

/** A daemon with one container, `c1`, which runs from its start to its exit. */
async function containerDaemon(script: Script = {}, options: ClientOptions = { apiVersion: "1.51" }) {
  let socket: Duplex | undefined;
  let waiting: ServerResponse | undefined;
  let status: number | undefined;
  let created = 0;
  const input = new PassThrough();
  const report = () => {
    if (status !== undefined) waiting?.end(JSON.stringify({ StatusCode: status }));
  };
  const exit = (statusCode: number) => {
    status = statusCode;
    socket?.end();
    report();
  };
  const greet = (container: RunningContainer) => {
    container.socket.write(hello);
    exit(3);
  };
  const start = () => {
    if (socket) (script.run ?? greet)({ socket, input, exit });
  };
  const answer = ({ line }: RecordedRequest): Answer => {
    const [, path = ""] = /^\w+ \/v[\d.]+([^?]*)/.exec(line) ?? [];
    switch (path) {
      case "/containers/create": {
        const answers = script.create ?? [{ status: 201, body: { Id: "c1", Warnings: [] } }];
        return answers[Math.min(created++, answers.length - 1)] ?? {};
      }
      case "/images/create":
        return script.pull ?? progressAnswer({ status: "Status: Downloaded newer image" });
      case "/containers/c1/json":
        return { body: { State: { Running: false }, Config: { Tty: false, StdinOnce: true } } };
      case "/containers/c1/attach":
        return {
          headers: { "Content-Type": "application/vnd.docker.multiplexed-stream" },
          upgrade: (upgraded) => {
            socket = upgraded.on("error", () => {});
            upgraded.pipe(input);
          },
        };
      case "/containers/c1/wait":
        return (
          script.wait?.() ?? {
            handle: (_, response) => {
              response.writeHead(200, { "Content-Type": "application/json" });
              response.flushHeaders();
              waiting = response;
              report();
            },
          }
        );
      case "/containers/c1/start":
        return (
          script.start ?? {
            handle: (_, response) => {
              response.writeHead(204).end();
              start();
            },
          }
        );
      default:
        return script.remove ?? { status: 204 };
    }
  };
  return recordingDaemon(answer, options);
}

const attach = (stdin: 0 | 1) => `POST /v1.51/containers/c1/attach?stderr=1&stdin=${stdin}&stdout=1&stream=1`;
const wait = "POST /v1.51/containers/c1/wait?condition=next-exit";
const start = "POST /v1.51/containers/c1/start";
const remove = "DELETE /v1.51/containers/c1?force=1&v=1";
const create = "POST /v1.51/containers/create";
const wholeRun = [create, attach(0), wait, start, remove];

/** Streams that record what is written to them. */
function sinks() {
  const outputStream = new PassThrough();
  const errorStream = new PassThrough();
  const written = async () => {
    outputStream.end();
    errorStream.end();
    return Promise.all([text(outputStream), text(errorStream)]);
  };
  return { streams: { outputStream, errorStream }, written };
}

describe("Client.runContainer", () => {
  it("attaches and waits before it starts the container, and removes it at the end", async () => {
    const { client, lines, requests } = await containerDaemon();
    const { streams, written } = sinks();
    const result = await client.runContainer({ image: "busybox", command: ["sh", "-c", "x"], ...streams });
    expect(result).toEqual({ id: "c1", statusCode: 3 });
    expect(await written()).toEqual(["out\n", "err\n"]);
    expect(lines()).toEqual(wholeRun);
    const attached = { AttachStdin: false, AttachStdout: true, AttachStderr: true };
    expect(JSON.parse(requests[0]!.body.toString())).toEqual({ ...attached, Image: "busybox", Cmd: ["sh", "-c", "x"] });
  });

  it("forwards create options and keeps the image's command", async () => {
    const { client, lines, requests } = await containerDaemon();
    await client.runContainer({
      image: "busybox",
      name: "job",
      platform: "linux/arm64",
      config: { Env: ["A=1"], AttachStdin: true, Tty: true },
      hostConfig: { Memory: 64 << 20 },
      networkingConfig: { EndpointsConfig: {} },
    });
    expect(lines()[0]).toBe(`${create}?name=job&platform=linux%2Farm64`);
    expect(JSON.parse(requests[0]!.body.toString())).toEqual({
      Env: ["A=1"],
      Tty: true,
      AttachStdin: false,
      AttachStdout: true,
      AttachStderr: true,
      Image: "busybox",
      HostConfig: { Memory: 64 << 20 },
      NetworkingConfig: { EndpointsConfig: {} },
    });
  });

  it("waits for the removal of a container that removes itself", async () => {
    const remove = { status: 409, body: { message: "removal of container c1 is already in progress" } };
    const { client, lines } = await containerDaemon({ remove });
    expect(await client.runContainer({ image: "busybox", hostConfig: { AutoRemove: true } })).toMatchObject({ statusCode: 3 });
    expect(lines()).toEqual([...wholeRun, "POST /v1.51/containers/c1/wait?condition=removed"]);
  });

  it("waits after the start if the engine does not confirm waits", async () => {
    const { client, lines } = await containerDaemon({}, { apiVersion: "1.29" });
    expect(await client.runContainer({ image: "busybox" })).toEqual({ id: "c1", statusCode: 3 });
    expect(lines().map((line) => line.replace("/v1.29/containers", ""))).toEqual([
      "POST /create",
      "GET /c1/json",
      "POST /c1/attach?stderr=1&stdin=0&stdout=1&stream=1",
      "POST /c1/start",
      "POST /c1/wait",
      "DELETE /c1?force=1&v=1",
    ]);
  });

  it.each([
    ["a string", () => "héllo"],
    ["bytes", () => new Uint8Array(Buffer.from("héllo"))],
    ["a stream", () => Readable.from(["hé", "llo"])],
    ["an empty string", () => ""],
  ])("sends %s as input and then ends the input", async (_, input) => {
    const { client, lines, requests } = await containerDaemon({
      run: ({ socket, input: received, exit }) =>
        void text(received).then((all) => {
          socket.write(frames([1, all]));
          exit(0);
        }),
    });
    const given = input();
    const { streams, written } = sinks();
    await client.runContainer({ image: "busybox", input: given, ...streams });
    expect(await written()).toEqual([given === "" ? "" : "héllo", ""]);
    expect(lines()).toContain(attach(1));
    expect(JSON.parse(requests[0]!.body.toString())).toMatchObject({ AttachStdin: true, OpenStdin: true, StdinOnce: true });
  });

  it("reports the ID before the start", async () => {
    const { client, lines } = await containerDaemon();
    const onCreated = vi.fn(async () => expect(lines()).toEqual([create]));
    await client.runContainer({ image: "busybox", onCreated });
    expect(onCreated.mock.calls).toEqual([["c1"]]);
  });

  it("keeps the container with remove: false", async () => {
    const { client, lines } = await containerDaemon();
    await client.runContainer({ image: "busybox", remove: false });
    expect(lines()).toEqual(wholeRun.slice(0, -1));
  });

  it("rejects a missing image name and unknown options before sending anything", async () => {
    const { client, lines } = await containerDaemon();
    await expect(client.runContainer({ image: "" })).rejects.toThrow(InvalidOptionError);
    const misspelt = { image: "busybox", hostconfig: {} };
    await expect(client.runContainer(misspelt)).rejects.toMatchObject({ code: "ERR_INVALID_OPTION", option: "hostconfig" });
    expect(lines()).toEqual([]);
  });
});

describe("Client.runContainer with an image to pull", () => {
  const pulled = "POST /v1.51/images/create?fromImage=busybox&tag=latest";
  const made: Answer = { status: 201, body: { Id: "c1" } };

  it("pulls a missing image", async () => {
    const { client, lines } = await containerDaemon({ create: [noImage, made] });
    await client.runContainer({ image: "busybox" });
    expect(lines()).toEqual([create, pulled, ...wholeRun]);
  });

  it("sends the credentials", async () => {
    const { client, requests } = await containerDaemon({ create: [noImage, made] });
    await client.runContainer({ image: "registry:5000/app", auth: { username: "u", password: "secret" } });
    const header = String(requests[1]!.headers["x-registry-auth"]);
    expect(JSON.parse(Buffer.from(header, "base64url").toString())).toMatchObject({ username: "u", password: "secret" });
  });

  it("pulls first with `always`", async () => {
    const { client, lines } = await containerDaemon();
    await client.runContainer({ image: "busybox", pull: "always" });
    expect(lines()).toEqual([pulled, ...wholeRun]);
  });

  it("does not pull with `never`", async () => {
    const { client, lines } = await containerDaemon({ create: [noImage] });
    await expect(client.runContainer({ image: "busybox", pull: "never" })).rejects.toThrow(NoSuchImageError);
    expect(lines()).toEqual([create]);
  });

  it.each([`sha256:${"0".repeat(64)}`, "0".repeat(64), "0".repeat(12)])("does not pull the ID %s", async (image) => {
    const { client, lines } = await containerDaemon({ create: [noImage] });
    await expect(client.runContainer({ image })).rejects.toThrow(NoSuchImageError);
    expect(lines()).toEqual([create]);
  });

  it("rejects when the pull fails", async () => {
    const pull = { status: 404, body: { message: "manifest for busybox:latest not found" } };
    const { client, lines } = await containerDaemon({ create: [noImage], pull });
    await expect(client.runContainer({ image: "busybox" })).rejects.toThrow(NoSuchImageError);
    expect(lines()).toEqual([create, pulled]);
  });
});

describe("Client.runContainer: cleanup", () => {
  it.each([
    [409, 'Conflict. The container name "/job" is already in use', ContainerAlreadyExistsError],
    [400, "invalid reference format", BadRequestError],
    [500, "no space left on device", ServerError],
  ])("rejects when the container cannot be created (%i)", async (status, message, expected) => {
    const { client, lines } = await containerDaemon({ create: [{ status, body: { message } }] });
    await expect(client.runContainer({ image: "busybox", name: "job" })).rejects.toThrow(expected);
    expect(lines()).toEqual([`${create}?name=job`]);
  });

  it("removes a container that cannot be started", async () => {
    const message = 'exec: "nope": executable file not found in $PATH';
    const { client, lines } = await containerDaemon({ start: { status: 400, body: { message } } });
    await expect(client.runContainer({ image: "busybox" })).rejects.toMatchObject({
      name: "CommandNotFoundError",
      reason: message,
    });
    expect(lines()).toEqual(wholeRun);
  });

  it("removes a container when onCreated rejects", async () => {
    const { client, lines } = await containerDaemon();
    const onCreated = () => Promise.reject(new Error("given up"));
    await expect(client.runContainer({ image: "busybox", onCreated })).rejects.toThrow("given up");
    expect(lines()).toEqual([create, remove]);
  });

  it("removes a container when its output cannot be written", async () => {
    const { client, lines } = await containerDaemon({ run: ({ socket }) => socket.write(hello) });
    const outputStream = new Writable({ write: (_chunk, _encoding, done) => done(new Error("disk full")) });
    await expect(client.runContainer({ image: "busybox", outputStream })).rejects.toThrow(OutputStreamError);
    expect(lines().at(-1)).toBe(remove);
  });

  it("stops waiting when the output fails", async () => {
    let hasEnded = false;
    const wait = (): Answer => ({
      handle: (_, response) => {
        response.on("close", () => (hasEnded = true));
        response.writeHead(200, { "Content-Type": "application/json" }).flushHeaders();
      },
    });
    const { client } = await containerDaemon({ wait, run: ({ socket }) => socket.write(hello) });
    const outputStream = new Writable({ write: (_chunk, _encoding, done) => done(new Error("disk full")) });
    await expect(client.runContainer({ image: "busybox", outputStream, remove: false })).rejects.toThrow(OutputStreamError);
    await expect.poll(() => hasEnded).toBe(true);
  });

  it("leaves no listener on the caller's signal", async () => {
    const { client } = await containerDaemon();
    const { signal } = new AbortController();
    await client.runContainer({ image: "busybox" }, { signal });
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it.each(["before", "after"])("removes a container when its input fails %s the start", async (time) => {
    const input = new Readable({ read: () => undefined });
    const { client, lines } = await containerDaemon({ run: () => input.destroy(new Error("gone")) });
    const onCreated = () => {
      if (time === "before") input.destroy(new Error("gone"));
    };
    await expect(client.runContainer({ image: "busybox", input, onCreated })).rejects.toThrow(InputStreamError);
    expect(lines().at(-1)).toBe(remove);
  });

  it.each([
    ["before anything is sent", [], () => true],
    ["while the container runs", wholeRun, (lines: string[]) => lines.includes(start)],
  ])("rejects when aborted %s", async (_, expected, isTime) => {
    const { client, lines } = await containerDaemon({ run: () => undefined });
    const abort = new AbortController();
    if (isTime([])) abort.abort("enough");
    const running = client.runContainer({ image: "busybox" }, { signal: abort.signal });
    running.catch(() => undefined);
    if (!abort.signal.aborted) {
      await vi.waitFor(() => expect(isTime(lines())).toBe(true));
      abort.abort("enough");
    }
    await expect(running).rejects.toThrow(AbortError);
    await expect(running).rejects.toMatchObject({ cause: "enough" });
    expect(lines()).toEqual(expected);
  });

  it("removes a container that is being created when the call is aborted", async () => {
    let made: (() => void) | undefined;
    const making: Answer = {
      handle: (_, response) => {
        made = () => response.writeHead(201, { "Content-Type": "application/json" }).end('{"Id":"c1"}');
      },
    };
    const { client, lines } = await containerDaemon({ create: [making] });
    const abort = new AbortController();
    const running = client.runContainer({ image: "busybox" }, { signal: abort.signal });
    await vi.waitFor(() => expect(made).toBeDefined());
    abort.abort();
    made?.();
    await expect(running).rejects.toThrow(AbortError);
    expect(lines()).toEqual([create, remove]);
  });

  it("limits the wait for an engine that is creating the container", async () => {
    const { client, lines } = await containerDaemon({ create: [{ handle: () => undefined }] });
    const running = client.runContainer({ image: "busybox" }, { timeout: 20 });
    await expect(running).rejects.toMatchObject({ name: "TimeoutError", kind: "total", timeout: 20 });
    expect(lines()).toEqual([create]);
  });

  it("removes the container when the timeout expires", async () => {
    const { client, lines } = await containerDaemon({ run: () => undefined });
    await expect(client.runContainer({ image: "busybox" }, { timeout: 200 })).rejects.toThrow(TimeoutError);
    expect(lines().at(-1)).toBe(remove);
  });

  it("accepts that another client removed the container", async () => {
    const { client } = await containerDaemon({ remove: missing });
    expect(await client.runContainer({ image: "busybox" })).toEqual({ id: "c1", statusCode: 3 });
  });

  it.each([
    ["1.51", missing, [remove, "POST /v1.51/containers/c1/wait?condition=removed"]],
    ["1.29", missing, ["DELETE /v1.29/containers/c1?force=1&v=1"]],
  ])("waits for another client to remove the container (API %s)", async (apiVersion, afterwards, last) => {
    let isRemoving = false;
    const inProgress: Answer = {
      handle: (_, response) => {
        isRemoving = true;
        response.writeHead(409, { "Content-Type": "application/json" }).end('{"message":"removal is already in progress"}');
      },
    };
    const gone = () => (isRemoving ? afterwards : undefined);
    const { client, lines } = await containerDaemon({ remove: inProgress, wait: gone }, { apiVersion });
    expect(await client.runContainer({ image: "busybox" })).toEqual({ id: "c1", statusCode: 3 });
    expect(lines().slice(-last.length)).toEqual(last);
  });

  it("rejects when waiting for another client's removal fails", async () => {
    let isRemoving = false;
    const inProgress: Answer = {
      handle: (_, response) => {
        isRemoving = true;
        response.writeHead(409).end();
      },
    };
    const failing: Answer = { status: 500, body: { message: "out of order" } };
    const { client } = await containerDaemon({ remove: inProgress, wait: () => (isRemoving ? failing : undefined) });
    await expect(client.runContainer({ image: "busybox" })).rejects.toMatchObject({ reason: "out of order" });
  });

  it("rejects when the container cannot be removed", async () => {
    const { client } = await containerDaemon({ remove: { status: 500, body: { message: "device is busy" } } });
    await expect(client.runContainer({ image: "busybox" })).rejects.toMatchObject({ reason: "device is busy" });
  });

  it("rejects with the first error when the removal fails as well", async () => {
    const busy = { status: 500, body: { message: "device is busy" } };
    const { client, lines } = await containerDaemon({ remove: busy, start: { status: 400, body: { message: "no such file" } } });
    await expect(client.runContainer({ image: "busybox" })).rejects.toMatchObject({ reason: "no such file" });
    expect(lines().at(-1)).toBe(remove);
  });

  it("sends the headers of the call with every request", async () => {
    const { client, requests } = await containerDaemon();
    await client.runContainer({ image: "busybox" }, { headers: { "X-Trace": "7" } });
    expect(requests.map(({ headers }) => headers["x-trace"])).toEqual(wholeRun.map(() => "7"));
  });
});

describe("Client.output", () => {
  it("returns the output", async () => {
    const { client, lines } = await containerDaemon();
    const result = await client.output({ image: "busybox" });
    expect(result).toEqual({ id: "c1", statusCode: 3, stdout: Buffer.from("out\n"), stderr: Buffer.from("err\n") });
    expect(lines()).toEqual(wholeRun);
  });

  it("accepts output up to the limit", async () => {
    const { client } = await containerDaemon();
    const { stdout } = await client.output({ image: "busybox", maxOutput: 8 });
    expect(stdout.toString()).toBe("out\n");
  });

  it("removes a container that exceeds the limit", async () => {
    const { client, lines } = await containerDaemon({ run: ({ socket }) => socket.write(hello) });
    const failing = client.output({ image: "busybox", maxOutput: 7 });
    await expect(failing).rejects.toThrow(OutputLimitError);
    await expect(failing).rejects.toMatchObject({ code: "ERR_OUTPUT_LIMIT", limit: 7, operation: "output" });
    expect(lines()).toEqual(wholeRun);
  });

  it("rejects with the error of runContainer", async () => {
    const { client } = await containerDaemon({ create: [noImage] });
    await expect(client.output({ image: "busybox", pull: "never" })).rejects.toThrow(NoSuchImageError);
  });

  it("names its own operation when the timeout expires", async () => {
    const { client } = await containerDaemon({ run: () => undefined });
    await expect(client.output({ image: "busybox" }, { timeout: 100 })).rejects.toMatchObject({ operation: "output" });
  });
});
