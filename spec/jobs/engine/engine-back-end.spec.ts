import { expect, onTestFinished, test } from "vitest";
import { JobNotFoundError } from "../../../lib/jobs/errors.js";
import {
  containerLogRequest,
  containerPortsRequest,
  containerStatusRequest,
} from "../../../lib/jobs/requests/container-details.js";
import {
  deleteContainerRequest,
  restartContainerRequest,
  startedContainerStateRequest,
  stoppedContainerStateRequest,
} from "../../../lib/jobs/requests/container-state.js";
import { patchEnvironmentRequest } from "../../../lib/jobs/requests/environment.js";
import { installContainerRequest, PENDING_PORTS } from "../../../lib/jobs/requests/install-container.js";
import { listContainersRequest } from "../../../lib/jobs/requests/lists.js";
import { runContainerRequest } from "../../../lib/jobs/requests/run-container.js";
import { PortMapping, type PortPair } from "../../../lib/jobs/values/ports.js";
import { IMAGE, jobId, SLEEP, startJobs } from "../support/jobs-bed.js";

test("a container is installed, started, stopped and removed", async () => {
  const bed = await startJobs({ now: later() });
  const { dispatcher } = bed;
  const id = jobId(bed);
  const installed = await dispatcher.run(
    installContainerRequest({ id, image: IMAGE, command: ["sh", "-c", `echo hello; ${SLEEP[2]}`], ports: [{ internal: 80 }] }),
  );
  expect(installed.success).toBe("accepted");
  expect(installed.output.toString()).toBe(`Container ${id} is installed\n`);
  const mapping = installed.pending.get(PENDING_PORTS) as PortMapping;
  expect(mapping.pairs).toEqual([{ internal: 80, external: expect.any(Number) as number }]);
  expect((await dispatcher.run(containerPortsRequest({ id }))).data.ports).toEqual(mapping.pairs);
  const rows = async (includeInactive: boolean): Promise<unknown> =>
    (await dispatcher.run(listContainersRequest({ includeInactive }))).data.containers.filter((row) => row.id === id);
  expect(await rows(true)).toMatchObject([{ id, activeState: "inactive", subState: "dead", loadState: "loaded" }]);
  expect(await rows(false)).toEqual([]);

  expect((await dispatcher.run(startedContainerStateRequest({ id }))).output.toString()).toBe(`Container ${id} starting\n`);
  expect(await rows(false)).toMatchObject([{ id, activeState: "active", subState: "running", loadState: "loaded" }]);
  expect((await dispatcher.run(startedContainerStateRequest({ id }))).output.toString()).toBe(`Container ${id} starting\n`);
  const status = await dispatcher.run(containerStatusRequest({ id }));
  expect(status.output.toString()).toContain("Active: active (running) since ");
  const log = new AbortController();
  const lines: string[] = [];
  const following = dispatcher.run(containerLogRequest({ id }), {
    signal: log.signal,
    onOutput: (chunk) => {
      lines.push(Buffer.from(chunk).toString());
      log.abort();
      return undefined;
    },
  });
  await expect(following).rejects.toThrow();
  expect(lines).toEqual(["hello\n"]);

  const stopped = await dispatcher.run(stoppedContainerStateRequest({ id }));
  expect(stopped.output.toString()).toBe(`Container ${id} is stopped\n`);
  expect(await bed.backEnd.state(id)).toBe("exited");
  expect((await dispatcher.run(deleteContainerRequest({ id }))).success).toBe("ok");
  expect((await dispatcher.run(deleteContainerRequest({ id }))).success).toBe("ok");
  await expect(dispatcher.run(containerStatusRequest({ id }))).rejects.toThrow(JobNotFoundError);
  await expect(dispatcher.run(startedContainerStateRequest({ id }))).rejects.toThrow("The specified container does not exist.");
});

test("a container is replaced, keeps its ports and its volumes, and comes back if the new one does not start", async () => {
  const bed = await startJobs();
  const { dispatcher, client } = bed;
  const id = jobId(bed);
  const options = {
    id,
    image: IMAGE,
    ports: [{ internal: 80 }],
    volumeConfig: { volumes: [{ path: "/data" }] },
    started: true,
  };
  const first = await dispatcher.run(
    installContainerRequest({ ...options, command: ["sh", "-c", `echo kept > /data/file; ${SLEEP[2]}`] }),
  );
  const ports = first.pending.get(PENDING_PORTS) as PortMapping;
  const written = (): Promise<string> =>
    client.execute({ container: `ctr-${id}`, cmd: ["cat", "/data/file"] }).then(({ stdout }) => stdout.toString());
  await expect.poll(written).toBe("kept\n");

  const second = await dispatcher.run(installContainerRequest({ ...options, command: SLEEP }));
  expect((second.pending.get(PENDING_PORTS) as PortMapping).pairs).toEqual(ports.pairs);
  expect(await written()).toBe("kept\n");

  const before = await client.inspectContainer({ id: `ctr-${id}` });
  await expect(dispatcher.run(installContainerRequest({ ...options, command: ["nonesuch"] }))).rejects.toMatchObject({
    message: "Unable to create container.",
    data: { engineMessage: expect.stringContaining("nonesuch") as string },
  });
  const after = await client.inspectContainer({ id: `ctr-${id}` });
  expect([after.Id, after.State.Running]).toEqual([before.Id, true]);
  expect(await client.listContainers({ all: true, filters: { name: `(next|old)-ctr-${id}` } })).toEqual([]);
});

test("a container has its environment, and a changed one after a restart", async () => {
  const bed = await startJobs({ now: later() });
  const { dispatcher, client } = bed;
  const id = jobId(bed);
  const environment = { id: `env-${id.slice(4)}`, variables: [{ name: "ONE", value: "1" }] };
  await dispatcher.run(installContainerRequest({ id, image: IMAGE, command: SLEEP, environment, started: true }));
  const variables = async (): Promise<string[]> =>
    ((await client.inspectContainer({ id: `ctr-${id}` })).Config.Env ?? []).filter((each) => /^(ONE|TWO)=/.test(each));
  expect(await variables()).toEqual(["ONE=1"]);
  await dispatcher.run(patchEnvironmentRequest({ id: environment.id, variables: [{ name: "TWO", value: "a=b" }] }));
  expect(await variables()).toEqual(["ONE=1"]);
  await dispatcher.run(restartContainerRequest({ id }));
  expect(await variables()).toEqual(["ONE=1", "TWO=a=b"]);
  expect(await bed.backEnd.state(id)).toBe("running");
});

test("a command runs in a container of its own, and its exit code and output are told", async () => {
  const bed = await startJobs();
  const run = (command: string, more = {}) =>
    runContainerRequest({ name: "once", image: IMAGE, command: "sh", arguments: ["-c", command], ...more });
  const chunks: Uint8Array[] = [];
  const streamed = await bed.dispatcher.run(run("echo out; echo err >&2; exit 3"), {
    onOutput: (chunk) => {
      chunks.push(chunk);
      return undefined;
    },
  });
  expect(streamed.success).toBe("accepted");
  expect(Buffer.concat(chunks).toString().split("\n").sort()).toEqual(["", "Job once exited with code 3", "err", "out"]);
  expect((await bed.dispatcher.run(run("exit 4"))).data).toEqual({ exitCode: 4 });
  expect((await bed.dispatcher.run(run("sleep 1000", { timeout: 0.5 }))).data).toEqual({ exitCode: 137 });
  expect(await bed.client.listContainers({ all: true, filters: { label: "ts-dockerclient.jobs.job=once" } })).toEqual([]);
});

/** A clock that is a second later each time. */
function later(): () => number {
  let now = 0;
  return () => (now += 1_000);
}

test("a port that another program has taken is told, or replaced if it was chosen", async () => {
  const bed = await startJobs({ now: later(), ports: { first: 26_100, end: 26_200 } });
  const { dispatcher } = bed;
  const id = jobId(bed);
  const install = (ports: PortPair[]): Promise<unknown> =>
    dispatcher.run(installContainerRequest({ id, image: IMAGE, command: SLEEP, ports }));
  const portsNow = async (): Promise<readonly PortPair[]> => (await dispatcher.run(containerPortsRequest({ id }))).data.ports;
  await install([{ internal: 80 }]);
  const [{ external = 0 } = {}] = await portsNow();
  const { Id: other } = await bed.client.createContainer({
    config: { Image: IMAGE, Cmd: SLEEP, ExposedPorts: { "80/tcp": {} } },
    hostConfig: { PortBindings: { "80/tcp": [{ HostPort: String(external) }] } },
  });
  onTestFinished(() => bed.client.removeContainer({ id: other, force: true }));
  await bed.client.startContainer({ id: other });
  await dispatcher.run(startedContainerStateRequest({ id }));
  const [moved] = await portsNow();
  expect(moved).toEqual({ internal: 80, external: expect.any(Number) as number });
  expect(moved?.external).not.toBe(external);

  await dispatcher.run(stoppedContainerStateRequest({ id }));
  await install([{ internal: 80, external }]);
  await expect(dispatcher.run(startedContainerStateRequest({ id }))).rejects.toMatchObject({
    message: "Unable to start this container.",
    data: { port: external, container: id },
  });
});
