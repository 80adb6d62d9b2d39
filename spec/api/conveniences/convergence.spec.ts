import { describe, expect, it } from "vitest";
import { Convergence, mostRelevantTask, type ServiceLook, type Verdict } from "../../../lib/api/conveniences/convergence.js";
import type { Service, ServiceSpec, UpdateState } from "../../../lib/types/service.js";
import type { Task, TaskState } from "../../../lib/types/task.js";

const MONITOR = 5000;
const replicated = (Replicas: number): ServiceSpec => ({ Mode: { Replicated: { Replicas } } });

function service(Spec: ServiceSpec, state?: UpdateState, more: Partial<Service> = {}): Service {
  const facts = { ID: "s1", Version: { Index: 1 }, CreatedAt: "", UpdatedAt: "", Spec, ...more };
  return state === undefined ? facts : { ...facts, UpdateStatus: { State: state } };
}

let count = 0;

/** A task that is newer than earlier ones. Unless it has ended, its desired state is running. */
function task(State: TaskState, more: Partial<Task> = {}): Task {
  count += 1;
  return {
    ID: `t${count}`,
    Version: { Index: count },
    CreatedAt: new Date(count * 1000).toISOString(),
    UpdatedAt: "",
    Spec: {},
    Slot: 1,
    NodeID: "n1",
    DesiredState: ["failed", "rejected", "complete", "shutdown"].includes(State) ? "shutdown" : "running",
    Status: { State },
    ...more,
  };
}

const running = (Slot: number, more: Partial<Task> = {}): Task => task("running", { Slot, ...more });
const look = (of: Service, current: Task[], all = current): ServiceLook => ({ service: of, current, all });

/** The verdicts on snapshots taken one second apart. */
function judge(looks: ServiceLook[], options: { maxFailures?: number; stableFor?: number | "default" } = {}): Verdict[] {
  const { maxFailures = 3, stableFor = 0 } = options;
  const convergence = new Convergence(maxFailures, stableFor === "default" ? undefined : stableFor);
  return looks.map((one, second) => convergence.judge(one, second * 1000));
}

describe("a replicated service", () => {
  const three = service(replicated(3));

  it("converges when the required number of tasks run", () => {
    const tasks = [running(1), running(2), running(3)];
    expect(judge([look(three, tasks)])).toEqual([{ tasks }]);
    expect(judge([look(three, tasks.slice(1))])).toEqual([undefined]);
    expect(judge([look(three, [...tasks, running(4)])])).toEqual([undefined]);
    expect(judge([look(service({}), [running(1)])])).toMatchObject([{ tasks: [{}] }]);
    expect(judge([look(service(replicated(0)), [])])).toEqual([{ tasks: [] }]);
  });

  it("ignores tasks that should not run or are not running yet", () => {
    const others = [task("running", { DesiredState: "shutdown" }), task("preparing"), task("shutdown"), task("ready")];
    expect(judge([look(service(replicated(1)), [running(1), ...others])])).toMatchObject([{ tasks: [{ Slot: 1 }] }]);
    expect(judge([look(three, others)])).toEqual([undefined]);
  });

  it("must remain stable for a while", () => {
    const one = service(replicated(1));
    const tasks = [running(1)];
    const stays = Array.from({ length: 7 }, () => look(one, tasks));
    const since = (verdicts: Verdict[]) => verdicts.findIndex((verdict) => verdict !== undefined);
    expect(since(judge(stays, { stableFor: 3000 }))).toBe(3);
    expect(since(judge(stays, { stableFor: "default" }))).toBe(MONITOR / 1000);
    const brief = service({ ...replicated(1), UpdateConfig: { Monitor: 2e9 } });
    expect(
      since(
        judge(
          stays.map(({ current }) => look(brief, [...current])),
          { stableFor: "default" },
        ),
      ),
    ).toBe(2);
    const replaced = [look(one, tasks), look(one, [running(1)]), look(one, []), ...stays];
    expect(since(judge(replaced, { stableFor: 2000 }))).toBe(5);
  });
});

describe("an update", () => {
  const of = (state: UpdateState, more?: Partial<Service>) => look(service(replicated(1), state, more), [running(1)]);

  it("has converged when it completes, without a stable period", () => {
    const verdicts = judge([of("updating"), of("updating"), of("completed")], { stableFor: 9000 });
    expect(verdicts).toMatchObject([undefined, undefined, { tasks: [{}] }]);
  });

  it("is ignored if it ended before the first snapshot", () => {
    expect(judge([of("completed")], { stableFor: 9000 })).toEqual([undefined]);
    expect(judge([of("completed")])).toMatchObject([{ tasks: [{}] }]);
  });

  it.each<[UpdateState, string]>([
    ["paused", "update-paused"],
    ["rollback_paused", "rollback-paused"],
    ["rollback_completed", "rolled-back"],
  ])("fails when it is %s", (state, failure) => {
    expect(judge([of(state)])).toEqual([{ failure }]);
  });

  it("fails when its rollback completes", () => {
    expect(judge([of("updating"), of("rollback_started"), of("rollback_completed")])).toEqual([
      undefined,
      undefined,
      { failure: "rolled-back" },
    ]);
  });

  it("has converged when a requested rollback completes, but not before", () => {
    const asked = { PreviousSpec: {} };
    const verdicts = judge([of("rollback_started", asked), of("rollback_completed", asked)], { stableFor: 9000 });
    expect(verdicts).toMatchObject([undefined, { tasks: [{}] }]);
  });

  it("ignores failed tasks, which the managers handle", () => {
    const failing = [task("failed"), task("failed"), task("failed"), task("failed")];
    expect(judge([look(service(replicated(1), "updating"), failing)])).toEqual([undefined]);
  });
});

describe("a service with failing tasks", () => {
  const one = service(replicated(1));

  it.each<TaskState>(["failed", "rejected", "complete"])("fails after the maximum number of %s tasks", (state) => {
    const [a, b, c] = [task(state), task(state), task(state)];
    const looks = [look(one, [a]), look(one, [a, b, task("preparing")]), look(one, [a, b, c])];
    expect(judge(looks)).toEqual([undefined, undefined, { failure: "tasks-failed" }]);
    expect(judge(looks, { maxFailures: 2 })).toEqual([undefined, { failure: "tasks-failed" }, { failure: "tasks-failed" }]);
  });

  it("does not fail when tasks fail in different slots", () => {
    const failed = [1, 2, 3].map((Slot) => task("failed", { Slot }));
    expect(judge([look(service(replicated(3)), failed)])).toEqual([undefined]);
  });

  it("ignores earlier failures", () => {
    const past = [task("failed"), task("failed"), task("failed")];
    expect(judge([look(one, [...past, task("preparing")]), look(one, [...past, task("failed")])])).toEqual([
      undefined,
      undefined,
    ]);
  });

  it("fails at once when its tasks are not replaced", () => {
    const never = service({ ...replicated(1), TaskTemplate: { RestartPolicy: { Condition: "none" } } });
    expect(judge([look(never, [task("failed")])])).toEqual([{ failure: "tasks-failed" }]);
    const onFailure = service({ ...replicated(1), TaskTemplate: { RestartPolicy: { Condition: "on-failure" } } });
    expect(judge([look(onFailure, [task("complete")])])).toEqual([{ failure: "tasks-failed" }]);
    expect(judge([look(onFailure, [task("failed")])])).toEqual([undefined]);
  });

  it("fails when the attempts of the restart policy are used up", () => {
    const once = service({ ...replicated(1), TaskTemplate: { RestartPolicy: { MaxAttempts: 1 } } });
    const [a, b] = [task("failed"), task("failed")];
    expect(judge([look(once, [a]), look(once, [a, b])], { maxFailures: 9 })).toEqual([undefined, { failure: "tasks-failed" }]);
    const always = service({ ...replicated(1), TaskTemplate: { RestartPolicy: { MaxAttempts: 0 } } });
    expect(judge([look(always, [a, b])], { maxFailures: 9 })).toEqual([undefined]);
  });

  it("does not fail when the swarm has stopped its tasks", () => {
    const stopped = [task("shutdown"), task("orphaned"), task("shutdown"), task("shutdown")];
    expect(judge([look(one, stopped)])).toEqual([undefined]);
  });
});

describe("a global service", () => {
  const everywhere = service({ Mode: { Global: {} } });
  const on = (NodeID: string, state: TaskState = "running", more: Partial<Task> = {}) => {
    const { Slot: _, ...rest } = task(state, { NodeID, ...more });
    return rest;
  };

  it("converges when every node with a task is running it", () => {
    const tasks = [on("n1"), on("n2")];
    expect(judge([look(everywhere, tasks)])).toEqual([{ tasks }]);
    expect(judge([look(everywhere, [on("n1"), on("n2", "starting")])])).toEqual([undefined]);
  });

  it("does not converge while nodes have outdated tasks", () => {
    expect(judge([look(everywhere, [on("n1")], [on("n1"), on("n2"), on("n3", "shutdown")])])).toEqual([undefined]);
    expect(judge([look(everywhere, [on("n1")], [on("n1"), on("n2", "ready", { DesiredState: "ready" })])])).toEqual([undefined]);
  });

  it("converges after a while if no node is suitable", () => {
    const none = Array.from({ length: 6 }, () => look(everywhere, []));
    expect(judge(none).map((verdict) => verdict !== undefined)).toEqual([false, false, false, false, false, true]);
  });

  it("fails after the maximum number of failures on one node", () => {
    const failed = [on("n1", "failed"), on("n1", "failed"), on("n1", "failed")];
    const looks = [look(everywhere, failed.slice(0, 1)), look(everywhere, failed)];
    expect(judge(looks)).toEqual([undefined, { failure: "tasks-failed" }]);
    expect(judge([look(everywhere, []), look(everywhere, [on("n1", "failed"), on("n2", "failed"), on("n3", "failed")])])).toEqual(
      [undefined, undefined],
    );
  });

  it("fails when a failed task will not be replaced, and otherwise waits", () => {
    const never = service({ Mode: { Global: {} }, TaskTemplate: { RestartPolicy: { Condition: "none" } } });
    expect(judge([look(never, [on("n1"), on("n2", "failed")])])).toEqual([{ failure: "tasks-failed" }]);
    expect(judge([look(everywhere, [on("n1"), on("n2", "failed")])])).toEqual([undefined]);
    expect(judge([look(everywhere, [on("n2", "failed"), on("n1"), on("n2")])])).toMatchObject([{ tasks: [{}, {}] }]);
  });
});

describe("a job", () => {
  const done = (more: Partial<Task> = {}) => task("complete", { DesiredState: "complete", ...more });

  it.each<[ServiceSpec["Mode"], number]>([
    [{ ReplicatedJob: {} }, 1],
    [{ ReplicatedJob: { MaxConcurrent: 2 } }, 2],
    [{ ReplicatedJob: { MaxConcurrent: 2, TotalCompletions: 3 } }, 3],
  ])("converges when enough tasks have completed: %j", (Mode, enough) => {
    const tasks = Array.from({ length: enough }, (_, Slot) => done({ Slot }));
    const job = service({ Mode });
    expect(judge([look(job, tasks)], { stableFor: 9000 })).toEqual([{ tasks }]);
    expect(judge([look(job, [...tasks.slice(1), task("running")])])).toEqual([undefined]);
  });

  it("converges when a global job has completed a task on every node", () => {
    const job = service({ Mode: { GlobalJob: {} } });
    const tasks = [done({ NodeID: "n1" }), done({ NodeID: "n2" })];
    expect(judge([look(job, tasks)])).toEqual([{ tasks }]);
    expect(judge([look(job, [...tasks, task("running", { NodeID: "n3" })])])).toEqual([undefined]);
  });

  it("fails after the maximum number of failures", () => {
    const job = service({ Mode: { ReplicatedJob: {} } });
    const failed = Array.from({ length: 3 }, () => task("failed"));
    expect(judge([look(job, failed.slice(1)), look(job, failed)], { maxFailures: 2 })).toEqual([
      undefined,
      { failure: "tasks-failed" },
    ]);
  });
});

describe("mostRelevantTask", () => {
  const one = service(replicated(1));

  it("returns the task that failed last, with its error", () => {
    const before = [task("failed"), task("pending", { Status: { State: "pending", Err: "no node" } })];
    const status = { State: "failed", Message: "started", Err: "exit", ContainerStatus: { ExitCode: 3 } } as const;
    const failed = task("failed", { Status: status });
    const tasks = [...before, failed, running(1)];
    expect(mostRelevantTask(one, tasks)).toEqual({ id: failed.ID, state: "failed", error: "exit", exitCode: 3 });
  });

  it("returns a pending task if no task has failed", () => {
    const pending = task("pending", {
      Status: { State: "pending", Message: "pending task scheduling", Err: "no suitable node" },
    });
    expect(mostRelevantTask(one, [running(1), pending])).toMatchObject({
      state: "pending",
      error: "no suitable node",
      exitCode: undefined,
    });
  });

  it("falls back to the message if there is no error, and returns an exit code only if the container ran", () => {
    const finished = { State: "complete", Message: "finished", ContainerStatus: { ExitCode: 0 } } as const;
    expect(mostRelevantTask(one, [task("complete", { Status: finished })])).toMatchObject({ error: "finished", exitCode: 0 });
    const rejected = { State: "rejected", Err: "no image", ContainerStatus: { ExitCode: 0 } } as const;
    expect(mostRelevantTask(one, [task("rejected", { Status: rejected })])).toMatchObject({
      error: "no image",
      exitCode: undefined,
    });
    expect(mostRelevantTask(one, [task("failed", { Status: { State: "failed" } })])).toMatchObject({ error: "" });
  });

  it("returns undefined if no task has an error", () => {
    expect(mostRelevantTask(one, [running(1)])).toBeUndefined();
  });
});
