import type { ServerResponse } from "node:http";
import { describe, expect, it, vi } from "vitest";
import type { WaitForHealthyOptions, WaitForLogOptions } from "../../../lib/api/conveniences/wait-for.js";
import { AbortError } from "../../../lib/errors/connection-errors.js";
import { ContainerNotRunningError, NoSuchContainerError } from "../../../lib/errors/container-errors.js";
import { InvalidOptionError, OutputLimitError } from "../../../lib/errors/usage-errors.js";
import { ContainerUnhealthyError, LogEndedError } from "../../../lib/errors/wait-errors.js";
import type { Health } from "../../../lib/types/health.js";
import { frames, recordingDaemon } from "../../support/recording-daemon.js";

const running = (Health?: Partial<Health>) => ({ body: { State: { Status: "running", Running: true, Health } } });
const health = (Status: string) => running({ Status });
const missing = { status: 404, body: { message: "No such container: web" } };
const inspection = "GET /v1.51/containers/web/json";

describe("Client.waitForHealthy", () => {
  const look = { id: "web", interval: 1 };

  it("polls the container until it is healthy", async () => {
    const { client, lines } = await recordingDaemon([health("starting"), health("starting"), health("healthy")]);
    await client.waitForHealthy(look);
    expect(lines()).toEqual([inspection, inspection, inspection]);
  });

  it("reports the output of the last check", async () => {
    const Log = ["first", "last\n"].map((Output) => ({ Start: "", End: "", ExitCode: 1, Output }));
    const { client } = await recordingDaemon([health("starting"), running({ Status: "unhealthy", Log })]);
    const failing = client.waitForHealthy(look);
    await expect(failing).rejects.toThrow(ContainerUnhealthyError);
    await expect(failing).rejects.toMatchObject({
      message: "container is unhealthy: web (last)",
      id: "web",
      output: "last\n",
      operation: "waitForHealthy",
    });
  });

  it("rejects an unhealthy container without a log", async () => {
    const { client } = await recordingDaemon(running({ Status: "unhealthy", Log: null as never }));
    await expect(client.waitForHealthy(look)).rejects.toMatchObject({
      message: "container is unhealthy: web",
      output: undefined,
    });
  });

  it.each([
    ["created", "never started"],
    ["exited", "stops"],
  ])("rejects a container that is %s", async (Status) => {
    const { client } = await recordingDaemon([health("starting"), { body: { State: { Status, Running: false } } }]);
    const failing = client.waitForHealthy(look);
    await expect(failing).rejects.toThrow(ContainerNotRunningError);
    await expect(failing).rejects.toMatchObject({ id: "web", reason: `it is ${Status}`, operation: "waitForHealthy" });
  });

  it("reports the exit code and the last lines of a container that has exited", async () => {
    const written = Array.from({ length: 30 }, (_, number) => `line ${number}\n`).join("");
    const exited = { State: { Status: "exited", Running: false, ExitCode: 3 }, Config: { Tty: false } };
    const { client, lines } = await recordingDaemon(({ line }) =>
      line.includes("/logs") ? { headers: multiplexed, body: frames([1, written], [2, "x".repeat(5000)]) } : { body: exited },
    );
    const failing = client.waitForHealthy(look);
    await expect(failing).rejects.toThrow(ContainerNotRunningError);
    await expect(failing).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining("(exit code 3); its last lines:\nline 21\n") as string,
      lines: [...Array.from({ length: 19 }, (_, number) => `line ${number + 11}`), "x".repeat(1000)],
    });
    expect(lines().at(-1)).toBe("GET /v1.51/containers/web/logs?stderr=1&stdout=1&tail=20");
  });

  it("rejects even if the log cannot be read", async () => {
    const { client } = await recordingDaemon(({ line }) =>
      line.includes("/logs")
        ? { status: 501, body: { message: "configured logging driver does not support reading" } }
        : { body: { State: { Status: "exited", Running: false, ExitCode: 1 } } },
    );
    await expect(client.waitForHealthy(look)).rejects.toMatchObject({
      exitCode: 1,
      lines: [],
      code: "ERR_CONTAINER_NOT_RUNNING",
    });
  });

  it.each([
    ["no health", running()],
    ["the health `none`", health("none")],
    ["Podman's empty health", health("")],
  ])("rejects a container with %s", async (_, answer) => {
    const { client, lines } = await recordingDaemon(answer);
    await expect(client.waitForHealthy(look)).rejects.toMatchObject({ code: "ERR_NO_HEALTH_CHECK", id: "web" });
    expect(lines()).toEqual([inspection]);
  });

  it("rejects a missing container", async () => {
    const { client } = await recordingDaemon(missing);
    await expect(client.waitForHealthy(look)).rejects.toThrow(NoSuchContainerError);
  });

  it("rejects when aborted between two polls or beforehand", async () => {
    const { client, lines } = await recordingDaemon(health("starting"));
    const abort = new AbortController();
    const waiting = client.waitForHealthy({ id: "web", interval: 60_000 }, { signal: abort.signal });
    await vi.waitFor(() => expect(lines()).toHaveLength(1));
    abort.abort("enough");
    await expect(waiting).rejects.toThrow(AbortError);
    await expect(waiting).rejects.toMatchObject({ cause: "enough" });
    await expect(client.waitForHealthy(look, { signal: abort.signal })).rejects.toThrow(AbortError);
    expect(lines()).toHaveLength(1);
  });

  it("rejects when the timeout expires", async () => {
    const { client } = await recordingDaemon(health("starting"));
    const waiting = client.waitForHealthy({ id: "web", interval: 60_000 }, { timeout: 50 });
    await expect(waiting).rejects.toMatchObject({ name: "TimeoutError", kind: "total", operation: "waitForHealthy" });
  });

  it("rejects an invalid interval", async () => {
    const { client, lines } = await recordingDaemon();
    for (const interval of [0, -1, Number.NaN, "1s" as unknown as number]) {
      const wrong: WaitForHealthyOptions = { id: "web", interval };
      await expect(client.waitForHealthy(wrong)).rejects.toMatchObject({ code: "ERR_INVALID_OPTION", option: "interval" });
    }
    expect(lines()).toEqual([]);
  });
});

const multiplexed = { "Content-Type": "application/vnd.docker.multiplexed-stream" };

/** A daemon with one container, which has written this output and stops. */
const logDaemon = (...parts: [stream: number, data: string][]) =>
  recordingDaemon({ headers: multiplexed, body: frames(...parts) });

describe("Client.waitForLog", () => {
  const logs = "GET /v1.51/containers/web/logs?follow=1&stderr=1&stdout=1";

  it("returns the first line that contains a string", async () => {
    const { client, lines } = await logDaemon([1, "begin\nre"], [2, "ready?\n"], [1, "ady now\nready again\n"]);
    expect(await client.waitForLog({ id: "web", pattern: "ready now" })).toEqual({ stream: "stdout", line: "ready now" });
    expect(lines()).toEqual([logs]);
  });

  it("returns the first line that matches, even for a sticky expression", async () => {
    const { client } = await logDaemon([1, "x ready\n"], [2, "ready\n"]);
    const pattern = /^ready$/g;
    pattern.lastIndex = 3;
    expect(await client.waitForLog({ id: "web", pattern })).toEqual({ stream: "stderr", line: "ready" });
  });

  it("counts lines", async () => {
    const { client } = await logDaemon([1, "ready 1\n"], [2, "ready 2\n"], [1, "other\nready 3\n"]);
    expect(await client.waitForLog({ id: "web", pattern: "ready", count: 3 })).toEqual({ stream: "stdout", line: "ready 3" });
  });

  it.each([
    ["stdout", "stderr=0&stdout=1"],
    ["stderr", "stderr=1&stdout=0"],
  ] as const)("requests only %s", async (stream, query) => {
    const { client, lines } = await logDaemon([stream === "stdout" ? 1 : 2, "ready\n"]);
    await client.waitForLog({ id: "web", pattern: "ready", stream, since: 12 });
    expect(lines()).toEqual([`GET /v1.51/containers/web/logs?follow=1&since=12&${query}`]);
  });

  it("returns while the log continues and leaves no connection open", async () => {
    let response: ServerResponse | undefined;
    const { client } = await recordingDaemon({
      handle: (_, answer) => {
        response = answer.writeHead(200, multiplexed);
        answer.write(frames([1, "ready\n"]));
      },
    });
    expect((await client.waitForLog({ id: "web", pattern: "ready" })).line).toBe("ready");
    await vi.waitFor(() => expect(response?.closed).toBe(true));
    expect(await client.connections()).toBe(0);
  });

  it("rejects a line that exceeds the limit", async () => {
    const { client } = await logDaemon([1, "short\n"], [1, "a line that is longer"]);
    const failing = client.waitForLog({ id: "web", pattern: "ready", maxLine: 10 });
    await expect(failing).rejects.toThrow(OutputLimitError);
    await expect(failing).rejects.toMatchObject({
      message: 'waitForLog: a line in the log of container web exceeds 10 bytes: raise "maxLine"',
      limit: 10,
      operation: "waitForLog",
    });
  });

  it.each([
    ["has exited", { body: { State: { Running: false, ExitCode: 7 } } }, 7, " (exit code 7)"],
    ["still runs", { body: { State: { Running: true, ExitCode: 0 } } }, undefined, ""],
    ["has been removed", missing, undefined, ""],
  ])("reports the exit code of a container that %s", async (_how, found, exitCode, shown) => {
    const { client } = await recordingDaemon(({ line }) =>
      line.includes("/logs") ? { headers: multiplexed, body: frames([1, "bad config\n"]) } : found,
    );
    await expect(client.waitForLog({ id: "web", pattern: "ready" })).rejects.toMatchObject({
      name: "LogEndedError",
      message: `the log of container web ended before a line matched ready${shown}; its last lines:\nbad config`,
      exitCode,
      lines: ["bad config"],
    });
  });

  it("reports the last lines when the log ends early", async () => {
    const { client } = await logDaemon([1, Array.from({ length: 30 }, (_, number) => `line ${number}\n`).join("")]);
    const failing = client.waitForLog({ id: "web", pattern: /ready/i, count: 2 });
    await expect(failing).rejects.toThrow(LogEndedError);
    await expect(failing).rejects.toMatchObject({
      message: expect.stringMatching(
        /^the log of container web ended before a line matched \/ready\/i; its last lines:\nline 20\n/,
      ) as string,
      id: "web",
      lines: Array.from({ length: 20 }, (_, number) => `line ${number + 10}`),
      operation: "waitForLog",
      endpoint: client.endpoint,
    });
  });

  it("rejects a missing container", async () => {
    const { client } = await recordingDaemon(missing);
    await expect(client.waitForLog({ id: "web", pattern: "x" })).rejects.toThrow(NoSuchContainerError);
  });

  it.each([
    ["an abort", (abort: AbortController) => ({ signal: abort.signal }), "AbortError"],
    ["the timeout", () => ({ timeout: 50 }), "TimeoutError"],
  ])("rejects after %s", async (_, call, name) => {
    const { client, lines } = await recordingDaemon({
      handle: (__, answer) => void answer.writeHead(200, multiplexed).write(frames([1, "begin\n"])),
    });
    const abort = new AbortController();
    const waiting = client.waitForLog({ id: "web", pattern: "ready" }, call(abort));
    waiting.catch(() => undefined);
    await vi.waitFor(() => expect(lines()).toEqual([logs]));
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ name });
  });

  it("rejects invalid patterns and counts", async () => {
    const { client, lines } = await recordingDaemon();
    const wrong: [string, WaitForLogOptions][] = [
      ["pattern", { id: "web" } as WaitForLogOptions],
      ["count", { id: "web", pattern: "x", count: 0 }],
      ["count", { id: "web", pattern: "x", count: 1.5 }],
    ];
    for (const [option, options] of wrong) {
      const failing = client.waitForLog(options);
      await expect(failing).rejects.toThrow(InvalidOptionError);
      await expect(failing).rejects.toMatchObject({ option, operation: "waitForLog" });
    }
    expect(lines()).toEqual([]);
  });
});
