/** Deploys a service with three replicas to a swarm, updates it, handles a failed update, rolls back and removes it. */
import { setTimeout as delay } from "node:timers/promises";
import {
  Client,
  NodeAlreadyInSwarmError,
  NotImplementedError,
  ServiceNotConvergedError,
  type ServiceSpec,
} from "ts-dockerclient";

const client = Client.fromEnv();
const second = 1_000_000_000; // Docker counts nanoseconds here

let isOwnSwarm = false;
try {
  await client.initSwarm({ listenAddr: "127.0.0.1:2377", advertiseAddr: "127.0.0.1" });
  isOwnSwarm = true;
} catch (error) {
  if (error instanceof NotImplementedError) {
    console.log("This engine has no swarm.");
    process.exit();
  }
  if (!(error instanceof NodeAlreadyInSwarmError)) throw error;
}

/** The spec of the service: a task that prints its version and keeps running. */
const running = (version: string, command = "sleep 600 & wait"): ServiceSpec["TaskTemplate"] => ({
  ContainerSpec: {
    Image: "busybox:latest",
    Command: ["sh", "-c", `echo hello from ${version}; trap "exit 0" TERM; ${command}`],
    StopGracePeriod: 5 * second,
  },
});

const { ID: id } = await client.createService({
  spec: {
    Name: `example-${process.pid}`,
    TaskTemplate: running("version 1"),
    Mode: { Replicated: { Replicas: 3 } },
    UpdateConfig: { Parallelism: 2, Order: "start-first", Monitor: second, FailureAction: "pause" },
    RollbackConfig: { Parallelism: 0, Monitor: second },
  },
});
try {
  const { tasks } = await client.waitForService({ id, timeout: 60_000 });
  console.log(`deployed: ${tasks.length} tasks running`);

  // the function is called again if another client changes the service first
  await client.updateService({ id, spec: (spec) => ({ ...spec, TaskTemplate: running("version 2") }) });
  const { service } = await client.waitForService({ id, timeout: 60_000 });
  console.log(`updated: ${service.UpdateStatus?.Message}`);

  await client.updateService({ id, spec: (spec) => ({ ...spec, TaskTemplate: running("version 3", "exit 3") }) });
  try {
    await client.waitForService({ id, timeout: 60_000 });
  } catch (error) {
    if (!(error instanceof ServiceNotConvergedError)) throw error;
    console.log(`failed: ${error.reason}, because a task reports: ${error.task?.error}`);
  }

  await client.updateService({ id, rollback: "previous" });
  const back = await client.waitForService({ id, timeout: 60_000 });
  console.log(`rolled back: ${back.tasks.length} tasks running`);

  const [task] = back.tasks;
  for await (const { line } of (await client.taskLogs({ id: task?.ID ?? "" })).lines()) console.log(`a task says: ${line}`);
} finally {
  await client.removeService({ id });
  // the swarm stops its tasks afterwards
  const containers = { all: true, filters: { label: `com.docker.swarm.service.id=${id}` } };
  while ((await client.listContainers(containers)).length > 0) await delay(200);
  if (isOwnSwarm) await client.leaveSwarm({ force: true });
  await client.close();
}
