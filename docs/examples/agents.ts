/** Deploys a guest to three hosts through their agents, which here run on embedded engines. */
import { Agent, AgentBusyError, AgentClient } from "ts-dockerclient/agent";
import { EmbeddedEngine } from "ts-dockerclient/engine";

/** Creates a guest on a host and starts it. A repetition after a failure continues where the first attempt ended. */
async function deploy(host: AgentClient, id: string): Promise<string> {
  const guest = { id, image: "busybox", memory: 64, metadata: { release: "7" }, container: { command: ["sleep", "300"] } };
  await host.createContainer({ guest }, { idempotencyKey: `create-${id}` });
  const { guest: started } = await host.startContainer({ guest: { id } });
  return started.state ?? "unknown";
}

const engines = await Promise.all([1, 2, 3].map(() => EmbeddedEngine.start()));
const token = "an-example-token";
const agents = await Promise.all(
  engines.map((engine) => Agent.start({ listen: "tcp://127.0.0.1:0", endpoint: engine.endpoint, tokens: [token] })),
);
const hosts = agents.map(({ endpoint }) => new AgentClient({ endpoint, token }));
try {
  const states = await Promise.all(hosts.map((host, index) => deploy(host, `web-${index + 1}`)));
  states.forEach((state, index) => console.log(`host ${index + 1}: web-${index + 1} is ${state}`));

  for (const [index, host] of hosts.entries()) {
    const { exitCode, stdout } = await host.execContainer({ id: `web-${index + 1}`, command: ["hostname"] });
    console.log(`host ${index + 1}: hostname prints ${stdout.trim()}, exit code ${exitCode}`);
  }

  const jobs = await Promise.all(
    hosts.map((host, index) => host.startJob("stopContainer", { guest: { id: `web-${index + 1}` }, timeout: 1 })),
  );
  for (const [index, host] of hosts.entries()) await host.waitForJob(jobs[index]?.id ?? "");
  for (const host of hosts) {
    const { containers } = await host.listContainers({ opts: { all: true } });
    console.log(containers.map(({ Name, State }) => `${Name} ${State.Status}`).join());
  }
} catch (error) {
  if (error instanceof AgentBusyError) console.error(`try again in ${error.data.retryAfter ?? 1} s`);
  throw error;
} finally {
  await Promise.all(hosts.map((host) => host.close()));
  await Promise.all(agents.map((agent) => agent.close()));
  await Promise.all(engines.map((engine) => engine.close()));
}
