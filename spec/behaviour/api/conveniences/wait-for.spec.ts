import { describe, expect, it } from "vitest";
import type { WaitForHealthyOptions } from "../../../../lib/api/conveniences/wait-for.js";
import { AbortError, TimeoutError } from "../../../../lib/errors/connection-errors.js";
import { ContainerNotRunningError, NoSuchContainerError } from "../../../../lib/errors/container-errors.js";
import { ContainerUnhealthyError, LogEndedError, NoHealthCheckError } from "../../../../lib/errors/wait-errors.js";
import { client, container, uniqueName, useEngine } from "../../../support/engine.js";
import { needsHealthChecks } from "../../../support/health-checks.js";

useEngine();

const second = 1_000_000_000;

/** Starts a container with a health check. Returns the options for the wait. */
async function checked(check: string, script = "sleep 600"): Promise<WaitForHealthyOptions> {
  const Healthcheck = { Test: ["CMD-SHELL", check], Interval: second / 5, Timeout: 5 * second, Retries: 2 };
  const id = await container({ Cmd: ["sh", "-c", script], Healthcheck });
  await client.startContainer({ id });
  return { id, interval: 50 };
}

/** Starts a container without a health check. Returns its ID. */
async function started(script: string): Promise<string> {
  const id = await container({ Cmd: ["sh", "-c", script] });
  await client.startContainer({ id });
  return id;
}

describe("Client.waitForHealthy", () => {
  it("waits until the health check succeeds", async (context) => {
    needsHealthChecks(context);
    const options = await checked("test -e /ready");
    const waiting = client.waitForHealthy(options, { timeout: 30_000 });
    await client.execute({ container: options.id, cmd: ["touch", "/ready"] });
    await waiting;
    expect((await client.inspectContainer({ id: options.id })).State.Health?.Status).toBe("healthy");
  });

  it("rejects an unhealthy container with the output of its health check", async (context) => {
    needsHealthChecks(context);
    const options = await checked("echo out of order; exit 1");
    const waiting = client.waitForHealthy(options, { timeout: 30_000 });
    await expect(waiting).rejects.toThrow(ContainerUnhealthyError);
    await expect(waiting).rejects.toMatchObject({ id: options.id, output: "out of order\n" });
  });

  it("rejects a container that stops", async () => {
    const options = await checked("sleep 60");
    const waiting = client.waitForHealthy({ ...options, interval: 20 }, { timeout: 30_000 });
    waiting.catch(() => undefined);
    await client.killContainer({ id: options.id });
    await expect(waiting).rejects.toThrow(ContainerNotRunningError);
  });

  it("rejects a container without a health check and a missing container", async () => {
    const id = await started("sleep 600");
    await expect(client.waitForHealthy({ id })).rejects.toThrow(NoHealthCheckError);
    await expect(client.waitForHealthy({ id: uniqueName() })).rejects.toThrow(NoSuchContainerError);
  });

  it("rejects when the timeout expires", async () => {
    const options = await checked("sleep 60");
    await expect(client.waitForHealthy(options, { timeout: 300 })).rejects.toThrow(TimeoutError);
  });
});

describe("Client.waitForLog", () => {
  it("waits for the requested number of lines", async () => {
    const id = await started("i=0; while true; do i=$((i + 1)); echo tick $i; sleep 0.1; done");
    const line = await client.waitForLog({ id, pattern: /^tick \d+$/, count: 3 }, { timeout: 30_000 });
    expect(line).toEqual({ stream: "stdout", line: "tick 3" });
  });

  it("finds earlier lines on the selected stream", async () => {
    const id = await started("echo ready; echo ready to go >&2; sleep 600");
    const line = await client.waitForLog({ id, pattern: "ready", stream: "stderr" }, { timeout: 30_000 });
    expect(line).toEqual({ stream: "stderr", line: "ready to go" });
  });

  it("reports the last lines of a container that stops early", async () => {
    const id = await started("seq 1 25; exit 1");
    const waiting = client.waitForLog({ id, pattern: "ready" }, { timeout: 30_000 });
    await expect(waiting).rejects.toThrow(LogEndedError);
    await expect(waiting).rejects.toMatchObject({ lines: Array.from({ length: 20 }, (_, number) => String(number + 6)) });
  });

  it("rejects when aborted and when the timeout expires", async () => {
    const id = await started("sleep 600");
    const abort = new AbortController();
    const waiting = client.waitForLog({ id, pattern: "x" }, { signal: abort.signal });
    abort.abort();
    await expect(waiting).rejects.toThrow(AbortError);
    await expect(client.waitForLog({ id, pattern: "x" }, { timeout: 300 })).rejects.toThrow(TimeoutError);
  });
});
