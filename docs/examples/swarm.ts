/** Creates a swarm of one node, deploys a service with a secret and a config, replaces the config, and removes everything. */
import { setTimeout as delay } from "node:timers/promises";
import { Client, NodeAlreadyInSwarmError, NotImplementedError, type ServiceSpec, SwarmObjectInUseError } from "ts-dockerclient";

const client = Client.fromEnv();

let isOwnSwarm = false;
try {
  // a loopback address is enough for a single node
  await client.initSwarm({ listenAddr: "127.0.0.1:2377", advertiseAddr: "127.0.0.1", spec: { Labels: { example: "swarm" } } });
  isOwnSwarm = true;
} catch (error) {
  if (error instanceof NotImplementedError) {
    console.log("This engine has no swarm.");
    process.exit();
  }
  if (!(error instanceof NodeAlreadyInSwarmError)) throw error;
}

const name = `example-${process.pid}`;
const undo: (() => Promise<void>)[] = [];

/** Creates a config that services mount as the file `/greeting`. */
async function makeConfig(version: number) {
  const config = { name: `${name}-${version}`, data: `greeting ${version}\n` };
  const { ID } = await client.createConfig(config);
  undo.push(() => client.removeConfig({ id: ID }));
  return { ConfigID: ID, ConfigName: config.name, File: { Name: "/greeting", UID: "0", GID: "0", Mode: 0o444 } };
}

try {
  const { Swarm } = await client.info();
  const { JoinTokens } = await client.inspectSwarm();
  console.log(`others join with ${JoinTokens.Worker.slice(0, 8)}…`);
  if (isOwnSwarm) await client.updateSwarm({ rotateWorkerToken: true });

  // a function of the current settings: it is called again if another client changes them first
  const label = (value: string) =>
    client.updateNode({ id: Swarm.NodeID, spec: (spec) => ({ ...spec, Labels: { ...spec.Labels, example: value } }) });
  await label("ssd");
  undo.push(() => label(""));
  for (const { Spec, Status } of await client.listNodes({ filters: { id: Swarm.NodeID } })) {
    console.log(`this ${Spec.Role} is ${Status.State} and ${Spec.Availability}`);
  }

  const { ID: SecretID } = await client.createSecret({ name, data: "correct horse" });
  undo.push(() => client.removeSecret({ id: SecretID }));
  const [first, second] = [await makeConfig(1), await makeConfig(2)];

  /** The spec of the service with a config. */
  const withConfig = (config: typeof first): ServiceSpec["TaskTemplate"] => ({
    ContainerSpec: {
      Image: "busybox:latest",
      Command: ["sh", "-c", "cat /greeting; wc -c < /run/secrets/password; trap 'exit 0' TERM; sleep 600 & wait"],
      Secrets: [{ SecretID, SecretName: name, File: { Name: "password", UID: "0", GID: "0", Mode: 0o400 } }],
      Configs: [config],
    },
    Placement: { Constraints: ["node.labels.example==ssd"] },
  });
  const UpdateConfig = { Monitor: 1_000_000_000, Order: "start-first" } as const;
  const { ID: id } = await client.createService({ spec: { Name: name, TaskTemplate: withConfig(first), UpdateConfig } });
  undo.push(async () => {
    await client.removeService({ id });
    // the swarm stops its tasks afterwards
    const containers = { all: true, filters: { label: `com.docker.swarm.service.id=${id}` } };
    while ((await client.listContainers(containers)).length > 0) await delay(200);
  });
  const says = async () => {
    const { tasks } = await client.waitForService({ id, stableFor: 500, timeout: 60_000 });
    for await (const { line } of (await client.taskLogs({ id: tasks[0]?.ID ?? "" })).lines())
      console.log(`the task says: ${line}`);
  };
  await says();

  try {
    await client.removeConfig({ id: first.ConfigID });
  } catch (error) {
    if (!(error instanceof SwarmObjectInUseError)) throw error;
    console.log("a config in use cannot be removed");
  }
  // the data of a config is immutable: the service switches to another one
  await client.updateService({ id, spec: (spec) => ({ ...spec, TaskTemplate: withConfig(second) }) });
  await says();
} finally {
  for (const step of undo.reverse()) await step();
  if (isOwnSwarm) await client.leaveSwarm({ force: true });
  await client.close();
}
