/** Makes a swarm of one node, gives a service a secret and a config, replaces the config, and takes everything down again. */
import { setTimeout as delay } from "node:timers/promises";
import { Client, NodeAlreadyInSwarmError, NotImplementedError, SwarmObjectInUseError, type ServiceSpec } from "ts-dockerclient";

const client = Client.fromEnv();

let isOwnSwarm = false;
try {
  // an address that nobody else reaches will do for one node
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

/** Makes a config, which services are given as the file `/greeting`. */
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

  // a function of the settings that are there: if someone else changes them meanwhile, it is called again
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

  /** What the service runs, with one of the configs. */
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
    // the swarm stops its tasks after that
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
    console.log("a config in use stays");
  }
  // what a config holds never changes: the service is given another one
  await client.updateService({ id, spec: (spec) => ({ ...spec, TaskTemplate: withConfig(second) }) });
  await says();
} finally {
  for (const step of undo.reverse()) await step();
  if (isOwnSwarm) await client.leaveSwarm({ force: true });
  await client.close();
}
