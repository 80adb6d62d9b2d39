/** Takes a container through its states, from creation to removal. */
import { Client, ConflictError, NotImplementedError, Signal, stateText } from "ts-dockerclient";

const client = Client.fromEnv();
const tell = async (what: string, id: string) => {
  const { State, Name } = await client.inspectContainer({ id });
  console.log(`${what}: ${Name} is ${State.Status} (${stateText(State)})`);
};

const script = 'trap "echo got SIGUSR1" USR1; echo ready; while true; do sleep 0.1; done';
const { Id: id, Warnings } = await client.createContainer({
  config: { Image: "busybox", Cmd: ["sh", "-c", script], Labels: { example: "lifecycle" } },
  hostConfig: { Memory: 32 * 1024 * 1024, RestartPolicy: { Name: "no" } },
});
for (const warning of Warnings) console.log(`the engine warns: ${warning}`);
try {
  await client.renameContainer({ id, name: `example-${id.slice(0, 12)}` });
  await tell("created", id);

  await client.startContainer({ id });
  const { alreadyInState } = await client.startContainer({ id });
  console.log(`started a second time: ${alreadyInState ? "it was already running, which is not an error" : "?"}`);

  await client.waitForLog({ id, pattern: "ready" }, { timeout: 10_000 });
  await client.killContainer({ id, signal: Signal.SIGUSR1 });
  console.log((await client.waitForLog({ id, pattern: "SIGUSR1" }, { timeout: 10_000 })).line);

  await client.pauseContainer({ id });
  await tell("paused", id);
  await client.unpauseContainer({ id });

  await client.updateContainer({ id, update: { CpuShares: 512 } }).catch((error: unknown) => {
    // older versions of Podman do not support it
    if (!(error instanceof NotImplementedError)) throw error;
  });
  await client.restartContainer({ id, timeout: 1 });
  await tell("restarted", id);

  try {
    await client.removeContainer({ id });
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    console.log(error.name);
  }
  await client.stopContainer({ id, timeout: 1 });
  await tell("stopped", id);

  const found = await client.listContainers({ all: true, filters: { label: "example=lifecycle", id } });
  console.log(found.map(({ State, Image }) => `listed: ${Image}, ${State}`).join());
} finally {
  await client.removeContainer({ id, force: true });
  await client.close();
}
