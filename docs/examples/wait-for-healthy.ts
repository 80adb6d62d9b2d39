/** Waits until a container is ready, by its health check and by its log. */
import { Client, ContainerUnhealthyError, LogEndedError } from "ts-dockerclient";

const client = Client.fromEnv();
const second = 1_000_000_000; // Docker counts nanoseconds here
const service = "echo starting; sleep 0.5; touch /ready; echo ready to serve; sleep 600";

async function start(Test: string[], command = service): Promise<string> {
  const { Id: id } = await client.createContainer({
    config: { Image: "busybox", Cmd: ["sh", "-c", command], Healthcheck: { Test, Interval: second / 4, Retries: 5 } },
  });
  await client.startContainer({ id });
  return id;
}

const ids: string[] = [];
try {
  ids.push(await start(["CMD", "test", "-e", "/ready"]));
  await client.waitForLog({ id: ids[0] ?? "", pattern: /^ready/ }, { timeout: 20_000 });
  await client.waitForHealthy({ id: ids[0] ?? "" }, { timeout: 20_000 });
  console.log("healthy");

  ids.push(await start(["CMD-SHELL", "echo no connection; exit 1"]));
  await client.waitForHealthy({ id: ids[1] ?? "" }, { timeout: 20_000 }).catch((error: unknown) => {
    if (!(error instanceof ContainerUnhealthyError)) throw error;
    console.log("unhealthy, its check reports:", error.output?.trim());
  });

  ids.push(await start(["NONE"], "echo cannot open /data; exit 1"));
  await client.waitForLog({ id: ids[2] ?? "", pattern: "ready" }).catch((error: unknown) => {
    if (!(error instanceof LogEndedError)) throw error;
    console.log("stopped, its log ends with:", error.lines.join());
  });
} finally {
  for (const id of ids) await client.removeContainer({ id, force: true });
  await client.close();
}
