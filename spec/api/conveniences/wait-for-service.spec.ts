import { describe, expect, it, vi } from "vitest";
import type { WaitForServiceOptions } from "../../../lib/api/conveniences/wait-for-service.js";
import { AbortError } from "../../../lib/errors/connection-errors.js";
import { NoSuchServiceError } from "../../../lib/errors/swarm-errors.js";
import { NodeNotInSwarmError } from "../../../lib/errors/swarm-membership-errors.js";
import { ServiceNotConvergedError } from "../../../lib/errors/wait-errors.js";
import { type Answer, recordingDaemon } from "../../support/recording-daemon.js";

const inspection = "GET /v1.51/services/web";
const upToDate = 'GET /v1.51/tasks?filters={"service":["s1"],"_up-to-date":["true"]}';
const all = 'GET /v1.51/tasks?filters={"service":["s1"]}';
const quick = { id: "web", interval: 1, stableFor: 0 };

const service = (more: object = {}, mode: object = { Replicated: { Replicas: 1 } }) => ({
  ID: "s1",
  Version: { Index: 1 },
  Spec: { Mode: mode, TaskTemplate: { RestartPolicy: { Condition: "none" } } },
  ...more,
});
const task = (State: string, more: object = {}) => ({
  ID: "t1",
  Slot: 1,
  NodeID: "n1",
  CreatedAt: "2024-01-01T00:00:00Z",
  DesiredState: State === "failed" ? "shutdown" : "running",
  Status: { State },
  ...more,
});
const failed = task("failed", { Status: { State: "failed", Err: "task: non-zero exit (3)", ContainerStatus: { ExitCode: 3 } } });

/** An engine that returns these services and tasks, one pair per snapshot. */
async function swarm(looks: { service?: object; tasks?: object[]; all?: object[]; answer?: Answer }[], apiVersion = "1.51") {
  let at = -1;
  const daemon = await recordingDaemon(
    ({ line }): Answer => {
      if (line.includes("/services/")) at = Math.min(at + 1, looks.length - 1);
      const look = looks[at];
      if (look?.answer) return look.answer;
      if (line.includes("/services/")) return { body: look?.service ?? service() };
      return { body: (line.includes("_up-to-date") ? look?.tasks : (look?.all ?? look?.tasks)) ?? [] };
    },
    { apiVersion },
  );
  return { ...daemon, lines: () => daemon.lines().map(decodeURIComponent) };
}

describe("Client.waitForService", () => {
  it("polls the service and its tasks until it has converged", async () => {
    const { client, lines } = await swarm([{ tasks: [] }, { tasks: [task("preparing")] }, { tasks: [task("running")] }]);
    const { service: seen, tasks } = await client.waitForService(quick);
    expect([seen.ID, tasks.map(({ ID }) => ID)]).toEqual(["s1", ["t1"]]);
    expect(lines()).toEqual([inspection, upToDate, inspection, upToDate, inspection, upToDate]);
  });

  it("lists all tasks of a global service", async () => {
    const global = service({}, { Global: {} });
    const other = task("running", { NodeID: "n2" });
    const { client, lines } = await swarm([
      { service: global, tasks: [task("running")], all: [task("running"), other] },
      { service: global, tasks: [task("running"), other] },
    ]);
    expect((await client.waitForService(quick)).tasks).toHaveLength(2);
    expect(lines()).toEqual([inspection, upToDate, all, inspection, upToDate, all]);
  });

  it("considers only the latest run of a job", async () => {
    const run = (Index?: number) => ({ JobIteration: Index === undefined ? {} : { Index } });
    const job = (Index?: number) => service({ JobStatus: run(Index) }, { ReplicatedJob: { TotalCompletions: 1 } });
    const done = (Index?: number) => task("complete", { ...run(Index), DesiredState: "complete" });
    const again = await swarm([
      { service: job(4), tasks: [done()] },
      { service: job(4), tasks: [done(), { ...done(4), ID: "t2" }] },
    ]);
    expect((await again.client.waitForService(quick)).tasks).toMatchObject([{ ID: "t2" }]);
    expect(again.lines()).toEqual([inspection, all, inspection, all]);
    const first = await swarm([{ service: job(), tasks: [done()] }]);
    expect((await first.client.waitForService(quick)).tasks).toMatchObject([{ ID: "t1" }]);
  });

  it("lists all tasks if the engine lacks the _up-to-date filter", async () => {
    const { client, lines } = await swarm([{ tasks: [task("running")] }], "1.28");
    await client.waitForService(quick);
    expect(lines()).toEqual(["GET /v1.28/services/web", 'GET /v1.28/tasks?filters={"service":["s1"]}']);
  });

  it("reports the error of the failed task", async () => {
    const { client } = await swarm([{ tasks: [failed] }]);
    const error: unknown = await client.waitForService(quick).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ServiceNotConvergedError);
    expect(error).toMatchObject({
      message: "service has not converged: web (its tasks are failing; task t1 (failed): task: non-zero exit (3))",
      id: "web",
      reason: "tasks-failed",
      task: { id: "t1", state: "failed", error: "task: non-zero exit (3)", exitCode: 3 },
      operation: "waitForService",
      endpoint: client.endpoint,
    });
  });

  it("finds the failed task among all tasks after a rollback", async () => {
    const rolledBack = service({ UpdateStatus: { State: "rollback_completed" } });
    const { client, lines } = await swarm([{ service: rolledBack, tasks: [task("running")], all: [task("running"), failed] }]);
    const failing = client.waitForService(quick);
    await expect(failing).rejects.toMatchObject({ reason: "rolled-back", task: { error: "task: non-zero exit (3)" } });
    expect(lines()).toEqual([inspection, upToDate, all]);
  });

  it("reports no task if no task has an error", async () => {
    const { client } = await swarm([{ service: service({ UpdateStatus: { State: "paused" } }) }]);
    const failing = client.waitForService(quick);
    await expect(failing).rejects.toMatchObject({
      message: "service has not converged: web (its update is paused)",
      task: undefined,
    });
  });

  it("rejects if the service is removed or missing", async () => {
    const gone = { answer: { status: 404, body: { message: "service web not found" } } };
    const { client } = await swarm([{ tasks: [] }, gone]);
    await expect(client.waitForService(quick)).rejects.toThrow(NoSuchServiceError);
    await expect(client.waitForService({ ...quick, id: "" })).rejects.toThrow(NoSuchServiceError);
  });

  it("rejects when the service is removed between two requests", async () => {
    const { client } = await recordingDaemon(({ line }) =>
      line.includes("/tasks") ? { status: 404, body: { message: "service s1 not found" } } : { body: service() },
    );
    await expect(client.waitForService(quick)).rejects.toThrow(NoSuchServiceError);
  });

  it("rejects outside a swarm", async () => {
    const answer = { status: 503, body: { message: 'This node is not a swarm manager. Use "docker swarm init"' } };
    const { client } = await swarm([{ answer }]);
    await expect(client.waitForService(quick)).rejects.toThrow(NodeNotInSwarmError);
  });
});

describe("Client.waitForService with a timeout", () => {
  const pending = task("pending", { Status: { State: "pending", Err: "no suitable node" } });

  it("reports the task's latest error", async () => {
    const { client } = await swarm([{ tasks: [pending] }]);
    const waiting = client.waitForService({ id: "web", interval: 60_000, timeout: 40 });
    await expect(waiting).rejects.toThrow(ServiceNotConvergedError);
    await expect(waiting).rejects.toMatchObject({ reason: "timeout", task: { state: "pending", error: "no suitable node" } });
  });

  it("expires while the engine does not respond", async () => {
    const { client } = await swarm([{ answer: { handle: () => undefined } }]);
    const waiting = client.waitForService({ id: "web", timeout: 40 });
    await expect(waiting).rejects.toMatchObject({ name: "ServiceNotConvergedError", reason: "timeout", task: undefined });
  });

  it("respects the timeout of the call", async () => {
    const { client } = await swarm([{ tasks: [pending] }]);
    const waiting = client.waitForService({ id: "web", timeout: 60_000 }, { timeout: 40 });
    await expect(waiting).rejects.toMatchObject({ name: "TimeoutError", kind: "total", operation: "waitForService" });
  });

  it("rejects when aborted", async () => {
    const { client, lines } = await swarm([{ tasks: [pending] }]);
    const abort = new AbortController();
    const waiting = client.waitForService({ id: "web", interval: 60_000, timeout: 60_000 }, { signal: abort.signal });
    await vi.waitFor(() => expect(lines()).toHaveLength(2));
    abort.abort("enough");
    await expect(waiting).rejects.toThrow(AbortError);
    await expect(waiting).rejects.toMatchObject({ cause: "enough", operation: "waitForService" });
  });
});

describe("Client.waitForService with invalid options", () => {
  it.each<[keyof WaitForServiceOptions, unknown]>([
    ["interval", 0],
    ["interval", Number.NaN],
    ["stableFor", -1],
    ["stableFor", "1s"],
    ["maxFailures", 0],
    ["timeout", -1],
  ])("rejects %s: %s", async (option, value) => {
    const { client, requests } = await swarm([]);
    const options = { id: "web", [option]: value };
    await expect(client.waitForService(options)).rejects.toMatchObject({ code: "ERR_INVALID_OPTION", option });
    expect(requests).toEqual([]);
  });
});
