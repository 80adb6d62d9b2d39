import { PassThrough } from "node:stream";
import { describe, expect, it, vi } from "vitest";
import type { ServiceLogsOptions } from "../../../lib/api/services/logs.js";
import type { Client } from "../../../lib/client.js";
import { AbortError, ProtocolError } from "../../../lib/errors/connection-errors.js";
import { NoSuchServiceError, NoSuchTaskError } from "../../../lib/errors/swarm-errors.js";
import { NodeNotInSwarmError } from "../../../lib/errors/swarm-membership-errors.js";
import { InvalidOptionError, UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import type { FrameStream } from "../../../lib/streams/frame-stream.js";
import { frames, recordingDaemon } from "../../support/recording-daemon.js";

const multiplexed = { "Content-Type": "application/vnd.docker.multiplexed-stream" };
const raw = { "Content-Type": "application/vnd.docker.raw-stream" };
const output = frames([1, "out\n"], [2, "err\n"]);

/** Service logs and task logs, which accept the same options. */
const kinds = [
  {
    method: "serviceLogs" as const,
    path: "services",
    since: "1.25",
    missing: NoSuchServiceError,
    inspection: (TTY?: boolean) => ({ Spec: { TaskTemplate: { ContainerSpec: { TTY } } } }),
  },
  {
    method: "taskLogs" as const,
    path: "tasks",
    since: "1.29",
    missing: NoSuchTaskError,
    inspection: (TTY?: boolean) => ({ Spec: { ContainerSpec: { TTY } } }),
  },
];

describe.each(kinds)("Client.$method", ({ method, path, since, missing, inspection }) => {
  const read = (client: Client, options: ServiceLogsOptions, signal?: AbortSignal): Promise<FrameStream> =>
    client[method](options, { signal });

  it.each<[Partial<ServiceLogsOptions>, string]>([
    [{}, "stderr=1&stdout=1"],
    [{ stdout: false, stderr: undefined }, "stderr=1&stdout=0"],
    [{ follow: true, timestamps: true, details: true, tail: 0 }, "details=1&follow=1&stderr=1&stdout=1&tail=0&timestamps=1"],
    [{ follow: false, details: false, tail: "all" }, "details=0&follow=0&stderr=1&stdout=1&tail=all"],
    [{ since: "1700000000.123456789" }, "since=1700000000.123456789&stderr=1&stdout=1"],
    [{ since: 0 }, "since=0&stderr=1&stdout=1"],
  ])("sends %j as %s", async (options, query) => {
    const { client, lines } = await recordingDaemon({ headers: multiplexed });
    await (await read(client, { id: "a b", ...options })).collect();
    expect(lines()).toEqual([`GET /v1.51/${path}/a%20b/logs?${query}`]);
  });

  it.each<Partial<ServiceLogsOptions>>([{ tail: -1 }, { tail: 1.5 }, { since: "yesterday" }])(
    "rejects %j before anything is sent",
    async (options) => {
      const { client, requests } = await recordingDaemon({ headers: multiplexed });
      await expect(read(client, { id: "web", ...options })).rejects.toThrow(InvalidOptionError);
      expect(requests).toEqual([]);
    },
  );

  it("returns both streams, or writes them to the caller's streams", async () => {
    const { client } = await recordingDaemon({ headers: multiplexed, body: output });
    const { stdout, stderr } = await (await read(client, { id: "web" })).collect();
    expect([String(stdout), String(stderr)]).toEqual(["out\n", "err\n"]);
    const [outputStream, errorStream] = [new PassThrough(), new PassThrough()];
    await expect(client[method]({ id: "web", outputStream, errorStream })).resolves.toBeUndefined();
    expect([String(outputStream.read()), String(errorStream.read())]).toEqual(["out\n", "err\n"]);
  });

  it("detects a terminal by the content type in API 1.42 and later", async () => {
    const { client, lines } = await recordingDaemon({ headers: raw, body: "hello" }, { apiVersion: "1.42" });
    const stream = await read(client, { id: "web" });
    expect(stream.tty).toBe(true);
    expect(String((await stream.collect()).stdout)).toBe("hello");
    expect(lines()).toHaveLength(1);
  });

  it.each([true, false, undefined])("detects a terminal by inspection before API 1.42: %s", async (tty) => {
    const answers = [{ body: inspection(tty) }, { headers: raw, body: tty ? "hello" : frames([1, "hello"]) }];
    const { client, lines } = await recordingDaemon(answers, { apiVersion: "1.41" });
    const stream = await read(client, { id: "web" });
    expect(stream.tty).toBe(tty ?? false);
    expect(String((await stream.collect()).stdout)).toBe("hello");
    expect(lines()).toEqual([`GET /v1.41/${path}/web`, `GET /v1.41/${path}/web/logs?stderr=1&stdout=1`]);
  });

  it("inspects if the content type is missing, and releases the connection if the inspection fails", async () => {
    const answers = [{ body: output }, { status: 404, body: { message: `${path.slice(0, -1)} web not found` } }];
    const { client } = await recordingDaemon(answers);
    await expect(read(client, { id: "web" })).rejects.toThrow(missing);
    await vi.waitFor(async () => expect(await client.connections()).toBeLessThanOrEqual(1));
  });

  it("is rejected in the API version before the one that introduced it", async () => {
    const apiVersion = `1.${Number(since.slice(2)) - 1}`;
    const { client } = await recordingDaemon({ body: inspection() }, { apiVersion });
    await expect(read(client, { id: "web" })).rejects.toThrow(UnsupportedVersionError);
  });

  it("rejects when the stream is cut off", async () => {
    const { client } = await recordingDaemon({ headers: multiplexed, body: output.subarray(0, 10) });
    await expect((await read(client, { id: "web" })).collect()).rejects.toThrow(ProtocolError);
  });

  it("can be aborted while following", async () => {
    const abort = new AbortController();
    const { client } = await recordingDaemon({
      handle(_request, response) {
        response.writeHead(200, multiplexed);
        response.write(output);
      },
    });
    const stream = await read(client, { id: "web", follow: true }, abort.signal);
    const reading = (async () => {
      for await (const { stream: name } of stream) if (name === "stderr") abort.abort();
    })();
    await expect(reading).rejects.toThrow(AbortError);
  });

  it.each([
    [404, `${path.slice(0, -1)} web not found`, missing],
    [503, 'This node is not a swarm manager. Use "docker swarm init"', NodeNotInSwarmError],
  ])("maps %i to its error class", async (status, message, expected) => {
    for (const apiVersion of ["1.41", "1.51"]) {
      const { client } = await recordingDaemon({ status, body: { message } }, { apiVersion });
      await expect(read(client, { id: "web" })).rejects.toThrow(expected);
      await expect(client[method]({ id: "", outputStream: new PassThrough() })).rejects.toThrow(missing);
    }
  });
});
