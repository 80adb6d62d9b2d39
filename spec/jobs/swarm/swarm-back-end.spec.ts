import { expect, onTestFinished, test } from "vitest";
import { JobNotFoundError } from "../../../lib/jobs/errors.js";
import {
  containerLogRequest,
  containerPortsRequest,
  containerStatusRequest,
} from "../../../lib/jobs/requests/container-details.js";
import {
  deleteContainerRequest,
  purgeContainersRequest,
  restartContainerRequest,
  startedContainerStateRequest,
  stoppedContainerStateRequest,
} from "../../../lib/jobs/requests/container-state.js";
import { patchEnvironmentRequest } from "../../../lib/jobs/requests/environment.js";
import { installContainerRequest, PENDING_PORTS } from "../../../lib/jobs/requests/install-container.js";
import { listContainersRequest, listImagesRequest } from "../../../lib/jobs/requests/lists.js";
import type { PortMapping } from "../../../lib/jobs/values/ports.js";
import { IMAGE, jobId, type JobsBed, SLEEP } from "../support/jobs-bed.js";
import { startSwarmJobs, useJobsSwarm } from "../support/swarm-bed.js";

useJobsSwarm();

test("a container is installed, started, scaled, stopped and removed", async (context) => {
  const bed = startSwarmJobs(context);
  const { dispatcher, client } = bed;
  const id = jobId(bed);
  const options = { id, image: IMAGE, command: ["sh", "-c", `echo hello; ${SLEEP[2]}`] };
  const installed = await dispatcher.run(installContainerRequest({ ...options, ports: [{ internal: 80 }] }));
  expect(installed.output.toString()).toBe(`Container ${id} is installed\n`);
  const mapping = installed.pending.get(PENDING_PORTS) as PortMapping;
  expect(mapping.pairs).toEqual([{ internal: 80, external: expect.any(Number) as number }]);
  expect((await dispatcher.run(containerPortsRequest({ id }))).data.ports).toEqual(mapping.pairs);
  const rows = async (includeInactive: boolean): Promise<unknown> =>
    (await dispatcher.run(listContainersRequest({ includeInactive }))).data.containers.filter((row) => row.id === id);
  expect(await rows(true)).toMatchObject([{ id, activeState: "inactive", subState: "dead", loadState: "loaded" }]);
  expect(await rows(false)).toEqual([]);

  expect((await dispatcher.run(startedContainerStateRequest({ id }))).output.toString()).toBe(`Container ${id} starting\n`);
  const { Name: node } = await client.info();
  expect(await rows(false)).toMatchObject([{ id, activeState: "active", subState: "running", server: node }]);
  const status = (await dispatcher.run(containerStatusRequest({ id }))).output.toString();
  expect(status).toMatch(
    new RegExp(`Active: active \\(running\\)\n(.*\n)*.*Tasks: 1 running, 1 wanted\n(.*\n)*.*${id}.1: running on`),
  );
  await untilLogged(bed, id, (lines) => lines.join("") === "hello\n");

  await dispatcher.run(installContainerRequest({ ...options, replicas: 3, started: true }));
  const tasks = (await client.listTasks({ filters: { service: `ctr-${id}`, "desired-state": "running" } })).map(
    ({ Slot }) => Slot,
  );
  expect(tasks.sort()).toEqual([1, 2, 3]);
  expect((await dispatcher.run(containerPortsRequest({ id }))).data.ports).toEqual([]);
  // the task that the first one replaced has a line as well
  const all = [1, 2, 3].map((slot) => `${id}.${slot} | hello\n`);
  await untilLogged(bed, id, (lines) => all.every((line) => lines.includes(line)));

  const stopped = await dispatcher.run(stoppedContainerStateRequest({ id }));
  expect(stopped.output.toString()).toMatch(new RegExp(`Container ${id} is stopped\n$`));
  expect(await bed.backEnd.state(id)).toBe("exited");
  await dispatcher.run(startedContainerStateRequest({ id }));
  expect((await dispatcher.run(containerStatusRequest({ id }))).output.toString()).toContain("Tasks: 3 running, 3 wanted\n");
  await dispatcher.run(purgeContainersRequest());
  expect(await bed.backEnd.state(id)).toBe("exited");

  expect((await dispatcher.run(deleteContainerRequest({ id }))).success).toBe("ok");
  expect((await dispatcher.run(deleteContainerRequest({ id }))).success).toBe("ok");
  await expect(dispatcher.run(containerStatusRequest({ id }))).rejects.toThrow(JobNotFoundError);
  await expect(dispatcher.run(startedContainerStateRequest({ id }))).rejects.toThrow("The specified container does not exist.");
  expect((await dispatcher.run(listImagesRequest())).output.toString()).toContain("busybox:latest\n");
});

// managers that bring a task back sometimes miss that the failed one has ended, and wait for a minute then
test(
  "a container is replaced, keeps its port and its volume, and comes back if the new one does not start",
  { timeout: 180_000 },
  async (context) => {
    const bed = startSwarmJobs(context);
    const { dispatcher, client } = bed;
    const id = jobId(bed);
    const options = {
      id,
      image: IMAGE,
      ports: [{ internal: 80 }],
      volumeConfig: { volumes: [{ path: "/data" }] },
      started: true,
    };
    const write = ["sh", "-c", `echo kept >> /data/file; ${SLEEP[2]}`];
    const first = await dispatcher.run(installContainerRequest({ ...options, command: write }));
    const ports = first.pending.get(PENDING_PORTS) as PortMapping;
    const second = await dispatcher.run(installContainerRequest({ ...options, command: SLEEP }));
    expect((second.pending.get(PENDING_PORTS) as PortMapping).pairs).toEqual(ports.pairs);
    expect(await inTask(bed, id, ["cat", "/data/file"])).toBe("kept\n");

    const before = await client.inspectService({ id: `ctr-${id}` });
    await expect(dispatcher.run(installContainerRequest({ ...options, command: ["nonesuch"] }))).rejects.toMatchObject({
      message: "Unable to create container.",
      data: { engineMessage: expect.stringContaining("nonesuch") as string },
    });
    const after = await client.inspectService({ id: `ctr-${id}` });
    expect(after.Spec.TaskTemplate?.ContainerSpec).toEqual(before.Spec.TaskTemplate?.ContainerSpec);
    expect(after.Spec.Labels).toEqual(before.Spec.Labels);
    await expect.poll(() => bed.backEnd.state(id), { timeout: 90_000 }).toBe("running");
    expect(await inTask(bed, id, ["cat", "/data/file"])).toBe("kept\n");

    const other = jobId(bed);
    const wanted = { ...options, id: other, ports: [{ internal: 80, external: ports.pairs[0]?.external }] };
    await expect(dispatcher.run(installContainerRequest({ ...wanted, command: SLEEP }))).rejects.toMatchObject({
      message: "Unable to create container: some ports could not be reserved.",
      data: { port: ports.pairs[0]?.external, container: id },
    });
    await dispatcher.run(deleteContainerRequest({ id, removeVolumes: true }));
    expect((await client.listVolumes({ filters: { label: `ts-dockerclient.jobs.id=${id}` } })).Volumes).toEqual([]);
  },
);

test("nothing is left of a new container that does not start", async (context) => {
  const bed = startSwarmJobs(context);
  const id = jobId(bed);
  const install = installContainerRequest({ id, image: IMAGE, command: ["nonesuch"], started: true });
  await expect(bed.dispatcher.run(install)).rejects.toMatchObject({ message: "Unable to create container." });
  expect(await bed.backEnd.state(id)).toBeUndefined();
});

for (const secretEnvironment of [false, true])
  test(`a container has its environment ${secretEnvironment ? "as a secret" : "in its variables"}, and a changed one after a restart`, async (context) => {
    const bed = startSwarmJobs(context);
    const { dispatcher, client } = bed;
    const id = jobId(bed);
    const environment = { id: `env-${id.slice(4)}`, variables: [{ name: "ONE", value: "1" }] };
    const options = { id, image: IMAGE, command: SLEEP, environment, secretEnvironment, started: true };
    await dispatcher.run(installContainerRequest(options));
    const variables = async (): Promise<string[]> => {
      const cmd = secretEnvironment ? ["cat", "/run/secrets/environment"] : ["env"];
      return (await inTask(bed, id, cmd)).split("\n").filter((each) => /^(ONE|TWO)=/.test(each));
    };
    expect(await variables()).toEqual(["ONE=1"]);
    await dispatcher.run(patchEnvironmentRequest({ id: environment.id, variables: [{ name: "TWO", value: "a=b" }] }));
    expect(await variables()).toEqual(["ONE=1"]);
    await dispatcher.run(restartContainerRequest({ id }));
    expect(await variables()).toEqual(["ONE=1", "TWO=a=b"]);
    const secrets = async () => (await client.listSecrets({ filters: { label: `ts-dockerclient.jobs.id=${id}` } })).length;
    expect(await secrets()).toBe(secretEnvironment ? 1 : 0);
    await dispatcher.run(deleteContainerRequest({ id }));
    expect(await secrets()).toBe(0);
  });

test("a restart replaces the tasks, and a container with a name that services must not have is installed", async (context) => {
  const bed = startSwarmJobs(context);
  const id = `${jobId(bed, "a.b").slice(0, 12)}.-`;
  onTestFinished(() => bed.backEnd.remove(id, true, new AbortController().signal));
  await bed.dispatcher.run(installContainerRequest({ id, image: IMAGE, command: SLEEP, global: true, started: true }));
  const task = () => inTask(bed, id, ["hostname"]);
  const before = await task();
  await bed.dispatcher.run(restartContainerRequest({ id }));
  expect(await task()).not.toBe(before);
  await bed.dispatcher.run(stoppedContainerStateRequest({ id }));
  expect(await bed.backEnd.state(id)).toBe("exited");
  await bed.dispatcher.run(startedContainerStateRequest({ id }));
  expect(await bed.backEnd.state(id)).toBe("running");
  const change = installContainerRequest({ id, image: IMAGE, command: SLEEP, started: true });
  await expect(bed.dispatcher.run(change)).rejects.toMatchObject({ data: { option: "global" } });
});

/** Follows the log of a container until its lines are as they should be. */
async function untilLogged({ dispatcher }: JobsBed, id: string, isComplete: (lines: string[]) => boolean): Promise<void> {
  const enough = new AbortController();
  const lines: string[] = [];
  const following = dispatcher.run(containerLogRequest({ id }), {
    signal: enough.signal,
    onOutput: (chunk) => {
      lines.push(Buffer.from(chunk).toString());
      if (isComplete(lines)) enough.abort(new Error("complete"));
      return undefined;
    },
  });
  await expect(following, lines.join("")).rejects.toThrow("complete");
}

/** Returns what a command prints in a container of this engine that is a task of a service. */
async function inTask({ client }: JobsBed, id: string, cmd: string[]): Promise<string> {
  const services = await client.listServices({ filters: { label: `ts-dockerclient.jobs.id=${id}` } });
  const label = `com.docker.swarm.service.id=${services[0]?.ID ?? ""}`;
  const [found] = await client.listContainers({ filters: { label } });
  return (await client.execute({ container: found?.Id ?? "", cmd })).stdout.toString();
}
