/** Deploys a container by jobs, replaces it, and runs a job once: in this process, and on a server of jobs. */
import { Client } from "ts-dockerclient";
import { EmbeddedEngine } from "ts-dockerclient/engine";
import {
  containersTable,
  Dispatcher,
  engineBackEnd,
  installContainerRequest,
  JobClient,
  JobServer,
  JobThrottledError,
  listContainersRequest,
  PENDING_PORTS,
  restartContainerRequest,
  runContainerRequest,
} from "ts-dockerclient/jobs";

/** A {@link Dispatcher} runs requests in this process, a {@link JobClient} on a server: the same script works with both. */
async function deploy(jobs: Pick<Dispatcher, "run">, id: string): Promise<void> {
  const environment = { id: `${id}-env`, variables: [{ name: "GREETING", value: "hello" }] };
  const web = { id, image: "busybox", ports: [{ internal: 80 }], started: true, environment };
  const serve = (folder: string): string[] => ["sh", "-c", `trap 'exit 0' TERM; httpd -f -h ${folder} & wait`];
  const first = await jobs.run(installContainerRequest({ ...web, command: serve("/etc") }));
  process.stdout.write(first.output);
  const ports = String(first.pending.get(PENDING_PORTS));

  // the second container takes the place, and the port, of the first one
  const second = await jobs.run(installContainerRequest({ ...web, command: serve("/") }));
  console.log(`the port stays: ${String(second.pending.get(PENDING_PORTS)) === ports}`);

  const { data } = await jobs.run(listContainersRequest());
  process.stdout.write(containersTable(data));
  const { data: result } = await jobs.run(
    runContainerRequest({ name: "migrate", image: "busybox", command: "sh", arguments: ["-c", "exit 3"] }),
  );
  console.log(`the job exited with code ${result.exitCode}`);

  try {
    await jobs.run(restartContainerRequest({ id }));
    await jobs.run(restartContainerRequest({ id }));
  } catch (error) {
    if (!(error instanceof JobThrottledError)) throw error;
    console.log(error.message);
  }
}

await using engine = await EmbeddedEngine.start();
await using client = new Client({ endpoint: engine.endpoint });
const dispatcher = new Dispatcher({ backEnd: engineBackEnd({ client }) });
await deploy(dispatcher, "web-1");
await dispatcher.close();

await using server = await JobServer.start({ listen: "tcp://127.0.0.1:0", client });
await using remote = new JobClient({ endpoint: server.endpoint });
await deploy(remote, "web-2");
