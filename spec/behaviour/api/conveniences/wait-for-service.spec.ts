import { describe, expect, it } from "vitest";
import { AbortError, TimeoutError } from "../../../../lib/errors/connection-errors.js";
import { NoSuchServiceError } from "../../../../lib/errors/swarm-errors.js";
import { ServiceNotConvergedError } from "../../../../lib/errors/wait-errors.js";
import type { UpdateFailureAction } from "../../../../lib/types/service.js";
import { client, needsApi, uniqueName, useEngine } from "../../../support/engine.js";
import { runningService, second, service } from "../../../support/services.js";
import { useSwarm } from "../../../support/swarm.js";

useEngine();
useSwarm();

const quick = { stableFor: 0, interval: 100, timeout: 40_000 };
const never = { RestartPolicy: { Condition: "none" } } as const;
const soon = { RestartPolicy: { Delay: second / 10 } };

/** Returns the error of a wait for a service. */
async function failure(id: string, options: object = {}): Promise<ServiceNotConvergedError> {
  const error: unknown = await client.waitForService({ id, ...quick, ...options }).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(ServiceNotConvergedError);
  return error as ServiceNotConvergedError; // asserted above
}

describe("Client.waitForService", () => {
  it("waits for a global service", async () => {
    const id = await service({ Mode: { Global: {} } });
    const { tasks } = await client.waitForService({ id, ...quick, stableFor: 500 });
    expect(tasks.map(({ Status }) => Status.State)).toEqual(["running"]);
  });

  it("waits until tasks have run for a while", async () => {
    const id = await service({ container: { Command: ["sleep", "0.5"] }, task: soon });
    expect(await failure(id, { stableFor: 3000, maxFailures: 2 })).toMatchObject({
      reason: "tasks-failed",
      task: { state: "complete", exitCode: 0 },
    });
  });

  it("rejects if the image is missing and reports the error", async () => {
    const id = await service({ container: { Image: "localhost/no-such-image:1" }, task: soon });
    const { task, message } = await failure(id, { maxFailures: 2 });
    expect(task?.state).toBe("rejected");
    expect(message).toMatch(/no such image/i);
  });

  it("rejects if the command fails and reports its exit code", async () => {
    const id = await service({
      container: { Command: ["sh", "-c", "exit 3"] },
      task: never,
      Mode: { Replicated: { Replicas: 2 } },
    });
    expect(await failure(id, { stableFor: 3000 })).toMatchObject({
      id,
      reason: "tasks-failed",
      task: { state: "failed", exitCode: 3 },
    });
  });

  it("rejects if the command cannot be started and reports why", async () => {
    const id = await service({ container: { Command: ["/no/such/command"] }, task: never });
    const { task, message } = await failure(id, { stableFor: 3000 });
    expect(["failed", "rejected"]).toContain(task?.state);
    expect(message).toContain("/no/such/command");
  });

  it.for<[UpdateFailureAction, string]>([
    ["pause", "update-paused"],
    ["rollback", "rolled-back"],
  ])("rejects if an update fails: %s", { timeout: 60_000 }, async ([FailureAction, reason]) => {
    const id = await runningService({ Mode: { Replicated: { Replicas: 2 } } });
    await client.updateService({
      id,
      spec: (spec) => ({
        ...spec,
        UpdateConfig: { Monitor: 2 * second, FailureAction },
        TaskTemplate: {
          ...spec.TaskTemplate,
          ContainerSpec: { ...spec.TaskTemplate?.ContainerSpec, Command: ["sh", "-c", "exit 7"] },
        },
      }),
    });
    expect(await failure(id)).toMatchObject({ reason, task: { state: "failed", exitCode: 7 } });
    // after a manual rollback, the service converges again
    if (FailureAction === "rollback") return;
    await client.updateService({ id, rollback: "previous" });
    expect((await client.waitForService({ id, ...quick })).tasks).toHaveLength(2);
  });

  it("rejects when the timeout expires and reports the unmet requirement", async () => {
    const id = await service({ task: { Placement: { Constraints: ["node.labels.none==such"] } } });
    const { reason, task } = await failure(id, { timeout: 1500 });
    expect([reason, task?.state]).toEqual(["timeout", "pending"]);
    expect(task?.error).toMatch(/no suitable node/);
    await expect(client.waitForService({ id }, { timeout: 300 })).rejects.toThrow(TimeoutError);
    await expect(client.waitForService({ id }, { signal: AbortSignal.timeout(300) })).rejects.toThrow(AbortError);
    const waiting = client.waitForService({ id, ...quick });
    waiting.catch(() => undefined);
    await client.removeService({ id });
    await expect(waiting).rejects.toThrow(NoSuchServiceError);
    await expect(client.waitForService({ id: uniqueName("none") })).rejects.toThrow(NoSuchServiceError);
  });
});

describe("Client.waitForService for a job", () => {
  const Mode = { ReplicatedJob: { MaxConcurrent: 2, TotalCompletions: 3 } };

  it("waits in each run until enough tasks have completed", async (context) => {
    needsApi(context, "1.41");
    const id = await service({ Mode, UpdateConfig: null, RollbackConfig: null, container: { Command: ["true"] } });
    const first = await client.waitForService({ id, ...quick });
    expect(first.tasks.map(({ Status }) => Status.State)).toEqual(["complete", "complete", "complete"]);
    await client.updateService({ id, spec: (spec) => ({ ...spec, TaskTemplate: { ...spec.TaskTemplate, ForceUpdate: 1 } }) });
    const second = await client.waitForService({ id, ...quick });
    expect(second.tasks).toHaveLength(3);
    expect(second.tasks.map(({ ID }) => ID)).not.toEqual(expect.arrayContaining([first.tasks[0]?.ID]));
    expect(second.service.JobStatus?.JobIteration?.Index).toBeGreaterThan(0);
  });

  it("rejects when the job fails", async (context) => {
    needsApi(context, "1.41");
    const parts = { UpdateConfig: null, RollbackConfig: null, container: { Command: ["sh", "-c", "exit 5"] }, task: never };
    for (const mode of [Mode, { GlobalJob: {} }]) {
      const id = await service({ Mode: mode, ...parts });
      expect(await failure(id)).toMatchObject({ reason: "tasks-failed", task: { state: "failed", exitCode: 5 } });
    }
  });

  it("waits for a global job", async (context) => {
    needsApi(context, "1.41");
    const parts = { UpdateConfig: null, RollbackConfig: null, container: { Command: ["true"] } };
    const id = await service({ Mode: { GlobalJob: {} }, ...parts });
    expect((await client.waitForService({ id, ...quick })).tasks).toHaveLength(1);
  });
});
