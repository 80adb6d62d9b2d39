import { expect, test } from "vitest";
import type { JobBackEnd } from "../../lib/jobs/back-end.js";
import { Dispatcher, type DispatcherOptions } from "../../lib/jobs/dispatcher.js";
import { InvalidJobError, JobCompletedError, JobError, JobQueueFullError, JobThrottledError } from "../../lib/jobs/errors.js";
import { RequestIdentifier } from "../../lib/jobs/request-identifier.js";
import type { JobRequest } from "../../lib/jobs/requests/request.js";
import type { JobResponse } from "../../lib/jobs/response/job-response.js";
import { Transitions } from "../../lib/jobs/transitions.js";

/** A request whose job ends when it is told to. */
interface Held extends JobRequest {
  runs: number;
  finish(): void;
}

function held({ join = "attach", ...rest }: Partial<JobRequest> = {}): Held {
  let finish = (): void => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const request: Held = {
    name: "HeldRequest",
    options: {},
    isFast: false,
    join,
    runs: 0,
    finish: () => finish(),
    check: () => undefined,
    label: () => undefined,
    async execute(response: JobResponse) {
      request.runs++;
      await response.successWithWrite("accepted").write("begun");
      await finished;
    },
    ...rest,
  };
  return request;
}

const start = (options: Partial<DispatcherOptions> = {}): Dispatcher => new Dispatcher({ backEnd: {} as JobBackEnd, ...options });

test("two requests run, one waits, and a fourth is refused; its retry runs", async () => {
  const dispatcher = start();
  const requests = [held(), held(), held()];
  const running = requests.map((request) => dispatcher.run(request));
  const id = new RequestIdentifier();
  const fourth = held();
  await expect(dispatcher.run(fourth, { id })).rejects.toThrow(
    new JobQueueFullError("The server is at maximum capacity - please try again shortly"),
  );
  expect(requests.map(({ runs }) => runs)).toEqual([1, 1, 0]);
  for (const request of requests) request.finish();
  await Promise.all(running);
  fourth.finish();
  expect((await dispatcher.run(fourth, { id })).output.toString()).toBe("begun");
  expect(fourth.runs).toBe(1);
});

test("fast requests do not wait for others", async () => {
  const dispatcher = start();
  const slow = [held(), held()];
  const running = slow.map((request) => dispatcher.run(request));
  const fast = held({ isFast: true });
  fast.finish();
  expect((await dispatcher.run(fast)).success).toBe("accepted");
  for (const request of slow) request.finish();
  await Promise.all(running);
});

test("a second request joins the first, while it waits, runs, and after its end", async () => {
  const dispatcher = start();
  const first = held();
  const id = new RequestIdentifier();
  const outcomes = [dispatcher.run(first, { id }), dispatcher.run(held(), { id })];
  first.finish();
  outcomes.push(dispatcher.run(held(), { id }));
  await Promise.all(outcomes);
  outcomes.push(dispatcher.run(held(), { id }));
  for (const outcome of outcomes) expect((await outcome).output.toString()).toBe("begun");
  expect(first.runs).toBe(1);
});

test("a second request of another kind, or with another body, is refused", async () => {
  const dispatcher = start();
  const id = new RequestIdentifier();
  const first = held();
  first.finish();
  await dispatcher.run(first, { id });
  await expect(dispatcher.run(held({ options: { other: true } }), { id })).rejects.toThrow(InvalidJobError);
  await expect(dispatcher.run(held({ name: "OtherRequest" }), { id })).rejects.toThrow(
    `the request identifier ${id.toString()} belongs to another request`,
  );
});

test("a second request that cannot join has run to completion, and one that reads runs again", async () => {
  const dispatcher = start();
  for (const join of ["never", "again"] as const) {
    const id = new RequestIdentifier();
    const request = held({ join });
    request.finish();
    await dispatcher.run(request, { id });
    const second = dispatcher.run(request, { id });
    if (join === "never") await expect(second).rejects.toThrow(new JobCompletedError("This job has run to completion."));
    else await second;
    expect(request.runs).toBe(join === "never" ? 1 : 2);
  }
});

test("the oldest of more than 1,000 requests is forgotten, and runs again", async () => {
  const dispatcher = start({ slowQueue: 2_000 });
  const ids = Array.from({ length: 1_001 }, () => new RequestIdentifier());
  const request = held();
  request.finish();
  for (const id of ids) await dispatcher.run(request, { id });
  expect(request.runs).toBe(1_001);
  await dispatcher.run(request, { id: ids[1] });
  expect(request.runs).toBe(1_001);
  await dispatcher.run(request, { id: ids[0] });
  expect(request.runs).toBe(1_002);
});

test("a caller who leaves does not end the job, and a job without an answer fails", async () => {
  const dispatcher = start();
  const first = held();
  const leaving = new AbortController();
  const id = new RequestIdentifier();
  const left = dispatcher.run(first, { id, signal: leaving.signal });
  leaving.abort(new Error("gone"));
  await expect(left).rejects.toThrow("gone");
  first.finish();
  expect((await dispatcher.run(held(), { id })).output.toString()).toBe("begun");
  await expect(dispatcher.run(held({ execute: () => Promise.resolve() }))).rejects.toThrow(JobError);
});

test("a closed dispatcher waits for what runs, and takes nothing more", async () => {
  const dispatcher = start();
  const request = held();
  const running = dispatcher.run(request);
  const closed = dispatcher.close();
  await expect(dispatcher.run(held())).rejects.toThrow(JobQueueFullError);
  request.finish();
  await Promise.all([running, closed]);
  await expect(dispatcher.run(held())).rejects.toThrow(JobQueueFullError);
});

test.each([
  [
    "start",
    {
      undefined: "absent",
      created: "do",
      exited: "do",
      running: "already",
      restarting: "already",
      paused: "already",
      removing: "absent",
    },
  ],
  [
    "stop",
    {
      undefined: "absent",
      created: "already",
      exited: "already",
      running: "do",
      restarting: "do",
      paused: "do",
      removing: "already",
    },
  ],
  [
    "restart",
    {
      undefined: "absent",
      created: "do",
      exited: "do",
      running: "do",
      restarting: "throttled",
      paused: "do",
      removing: "absent",
    },
  ],
] as const)("what %s does depends on the state of the container", async (direction, expected) => {
  const found: Record<string, string> = {};
  for (const state of ["created", "exited", "running", "restarting", "paused", "removing", undefined] as const) {
    const done = new Transitions(() => 0).run("web1", direction, state, () => Promise.resolve());
    found[String(state)] = await done.then(
      (isDone) => (isDone ? "do" : "already"),
      (error: unknown) => (error instanceof JobThrottledError ? "throttled" : "absent"),
    );
  }
  expect(found).toEqual(expected);
});

test("a transition may be done again 400 ms after its end, for each container and direction", async () => {
  let now = 1_000;
  const transitions = new Transitions(() => now);
  const run = (id: string, direction: "start" | "stop" | "restart"): Promise<boolean> =>
    transitions.run(id, direction, direction === "start" ? "exited" : "running", () => {
      now += 100;
      return Promise.resolve();
    });
  expect(await run("web1", "start")).toBe(true);
  expect(await run("web2", "start")).toBe(true);
  expect(await run("web1", "stop")).toBe(true);
  now = 1_100 + 399;
  await expect(run("web1", "start")).rejects.toMatchObject({
    message: "It has been too soon since the last request to start.",
    data: { retryAfter: 1, container: "web1" },
  });
  now = 1_100 + 400;
  expect(await run("web1", "start")).toBe(true);
  await expect(transitions.run("web1", "restart", "running", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await run("web1", "restart")).toBe(true);
});

test("while a transition goes on, the same one is done already, and others are too early", async () => {
  const transitions = new Transitions(() => 0);
  let finish = (): void => undefined;
  const going = transitions.run("web1", "start", "exited", () => new Promise<void>((resolve) => (finish = resolve)));
  expect(transitions.pending("web1")).toBe("start");
  expect(await transitions.run("web1", "start", "exited", () => Promise.reject(new Error("no")))).toBe(false);
  await expect(transitions.run("web1", "restart", "exited", () => Promise.resolve())).rejects.toThrow(JobThrottledError);
  finish();
  expect(await going).toBe(true);
  expect(transitions.pending("web1")).toBeUndefined();
});
