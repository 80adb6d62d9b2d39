import { expect, onTestFinished, test, type TestContext } from "vitest";
import { containerLogRequest, containerStatusRequest } from "../../../lib/jobs/requests/container-details.js";
import { deleteContainerRequest, restartContainerRequest } from "../../../lib/jobs/requests/container-state.js";
import { patchEnvironmentRequest } from "../../../lib/jobs/requests/environment.js";
import { installContainerRequest } from "../../../lib/jobs/requests/install-container.js";
import { listContainersRequest } from "../../../lib/jobs/requests/lists.js";
import { runContainerRequest } from "../../../lib/jobs/requests/run-container.js";
import type { EnvironmentDescription } from "../../../lib/jobs/values/environment.js";
import { HAS_FORWARDER, IMAGE, jobId, type JobsBed, later, startJobs } from "../support/jobs-bed.js";
import { startSwarmJobs, useJobsSwarm } from "../support/swarm-bed.js";

useJobsSwarm();

/** Serves the variable TEXT over HTTP, once it has taken a second to begin, as programs do. */
const SERVICE =
  "sleep 1; mkdir -p /www; echo $TEXT $VERSION > /www/index.html; trap 'exit 0' TERM; httpd -f -p 8080 -h /www & wait";

/** Asks the service all the time, under a name that is looked up each time, and writes down what it answers. */
const CALLER =
  "trap 'exit 0' TERM; while :; do timeout 5 wget -qO- http://web:8080/ >> /answers 2>/dev/null || echo FAILED >> /answers; done";

/** What a caller got from a service, from its installation to its end. */
interface Asked {
  /** How often it got each answer. */
  readonly answers: Readonly<Record<string, number>>;
  readonly failed: number;
}

/** The back ends that the script runs on. One engine has only one container for each identifier, which it stops before the next. */
const places: Readonly<Record<string, (context: TestContext) => Promise<JobsBed> | JobsBed>> = {
  "one engine": (context) => {
    context.skip(!HAS_FORWARDER, "needs commands that go on in the background");
    return startJobs({ now: later() });
  },
  "a swarm": (context) => startSwarmJobs(context),
};

for (const [place, start] of Object.entries(places))
  test(`a service is replaced on ${place} while a caller asks it all the time`, { timeout: 180_000 }, async (context) => {
    const bed = await start(context);
    const { failed, answers } = await script(bed, place === "a swarm");
    await context.annotate(`${place}: ${failed} failed, answers: ${JSON.stringify(answers)}`);
    expect(Object.keys(answers).sort()).toEqual(["one 1", "one 2", "two 2"]);
    for (const count of Object.values(answers)) expect(count).toBeGreaterThan(20);
    // one engine stops a container before the next one has its name
    if (place === "a swarm") expect(failed).toBe(0);
  });

test("a node is drained while a caller asks its service all the time", { timeout: 180_000 }, async (context) => {
  const bed = startSwarmJobs(context);
  const { client, dispatcher } = bed;
  const worker = (await client.listNodes()).find(({ Spec }) => Spec.Role === "worker");
  if (!worker) return context.skip("the swarm has no second node");
  const { web, caller } = await begin(bed, true);
  const nodes = async (): Promise<unknown[]> => {
    const tasks = await client.listTasks({ filters: { service: `ctr-${web}`, "desired-state": "running" } });
    return tasks.filter(({ Status }) => Status.State === "running").map(({ NodeID }) => NodeID === worker.ID);
  };
  expect((await nodes()).sort()).toEqual([false, true]);
  const drain = (Availability: "drain" | "active") =>
    client.updateNode({ id: worker.ID, spec: (spec) => ({ ...spec, Availability }) });
  onTestFinished(() => drain("active"));
  await drain("drain");
  await expect.poll(nodes, { timeout: 60_000 }).toEqual([false, false]);
  expect((await dispatcher.run(containerStatusRequest({ id: web }))).output.toString()).toContain("Tasks: 2 running, 2 wanted\n");
  const { failed, answers } = counted(await inContainer(bed, caller, "sleep 3; cat /answers"));
  await context.annotate(`a drained node: ${failed} failed, answers: ${JSON.stringify(answers)}`);
  expect(Object.keys(answers)).toEqual(["one 1"]);
  expect(failed).toBe(0);
});

/** A service that a caller asks all the time. */
interface Begun {
  readonly web: string;
  readonly caller: string;
  readonly environment: EnvironmentDescription & { readonly id: string };
  /** Installs a version of the service. */
  readonly install: (version: number) => Promise<unknown>;
}

/** Installs a service and its caller. */
async function begin(bed: JobsBed, isSwarm: boolean): Promise<Begun> {
  const { dispatcher } = bed;
  const [web, caller] = [jobId(bed, "web"), jobId(bed, "call")];
  const environment = { id: `env-${web.slice(4)}`, variables: [{ name: "TEXT", value: "one" }] };
  const install = (version: number): Promise<unknown> =>
    dispatcher.run(
      installContainerRequest({
        ...(isSwarm && { replicas: 2 }),
        id: web,
        image: IMAGE,
        command: ["sh", "-c", `VERSION=${version}; ${SERVICE}`],
        environment,
        healthCheck: { command: ["wget", "-qO-", "http://127.0.0.1:8080/"], interval: 300, timeout: 5_000, retries: 20 },
        started: true,
      }),
    );
  // the service has the network of its caller from its beginning
  const link = { fromHost: "web", fromPort: 8080, toHost: web, toPort: 8080 };
  const here = isSwarm ? { constraints: ["node.role == manager"] } : {};
  const options = { ...here, id: caller, image: IMAGE, command: ["sleep", "1000"], networkLinks: [link], started: true };
  await dispatcher.run(installContainerRequest(options));
  await install(1);
  await expect.poll(() => inContainer(bed, caller, "wget -qO- http://web:8080/"), { timeout: 20_000 }).toBe("one 1\n");
  await inContainer(bed, caller, `(${CALLER}) </dev/null >/dev/null 2>&1 &`);
  return { web, caller, environment, install };
}

/** Installs a service, restarts it, changes its version and its environment, and removes it. The same on each back end. */
async function script(bed: JobsBed, isSwarm: boolean): Promise<Asked> {
  const { dispatcher } = bed;
  const { web, caller, environment, install } = await begin(bed, isSwarm);
  await dispatcher.run(restartContainerRequest({ id: web }));
  await install(2);
  await answered(bed, caller, "one 2");
  await dispatcher.run(patchEnvironmentRequest({ id: environment.id, variables: [{ name: "TEXT", value: "two" }] }));
  await dispatcher.run(restartContainerRequest({ id: web }));
  await answered(bed, caller, "two 2");
  const text = await inContainer(bed, caller, "cat /answers");

  const job = { name: "once", image: IMAGE, command: "sh", arguments: ["-c", "exit 3"] };
  expect((await dispatcher.run(runContainerRequest(job))).data).toEqual({ exitCode: 3 });
  expect((await dispatcher.run(containerStatusRequest({ id: web }))).output.toString()).toContain("Active: active (running)");
  const rows = (await dispatcher.run(listContainersRequest({ includeInactive: false }))).data.containers;
  expect(rows.find(({ id }) => id === web)).toMatchObject({ activeState: "active", loadState: "loaded" });
  for (const id of [caller, web]) await dispatcher.run(deleteContainerRequest({ id }));
  await expect(dispatcher.run(containerLogRequest({ id: web }))).rejects.toThrow("The specified container does not exist.");
  return counted(text);
}

/** Counts what a caller has written down. */
function counted(text: string): Asked {
  const lines = text.trimEnd().split("\n");
  const answers: Record<string, number> = {};
  for (const line of lines) if (line !== "FAILED") answers[line] = (answers[line] ?? 0) + 1;
  return { answers, failed: lines.filter((line) => line === "FAILED").length };
}

/** Waits until a caller has got an answer fifty times in a row. */
async function answered(bed: JobsBed, caller: string, answer: string): Promise<void> {
  const last = (): Promise<string> => inContainer(bed, caller, "tail -n 50 /answers | sort -u");
  await expect.poll(last, { timeout: 60_000, interval: 500 }).toBe(`${answer}\n`);
}

/** Returns what a command prints in the container of a job, which this engine runs. */
async function inContainer({ client }: JobsBed, id: string, command: string): Promise<string> {
  const containers = await client.listContainers({ filters: { name: `ctr-${id}` } });
  return (await client.execute({ container: containers[0]?.Id ?? "", cmd: ["sh", "-c", command] })).stdout.toString();
}
