/** Watches the resource usage of a container, in the numbers that `docker stats` shows. */
import { Client, summarizeStats } from "ts-dockerclient";

const client = Client.fromEnv();
const { Id: id } = await client.createContainer({
  config: { Image: "busybox", Cmd: ["sh", "-c", "while true; do :; done"] },
  hostConfig: { Memory: 64 * 1024 * 1024, NanoCpus: 500_000_000 },
});
try {
  await client.startContainer({ id });
  let samples = 0;

  // #region readme
  for await (const sample of await client.stats({ id })) {
    const { cpuPercent, memoryUsed, memoryLimit } = summarizeStats(sample);
    console.log(`CPU ${cpuPercent?.toFixed(1) ?? "?"} %, memory ${memoryUsed} of ${memoryLimit} bytes`);
    if (++samples === 3) break; // leaving the loop ends the stream
  }
  // #endregion
} finally {
  await client.removeContainer({ id, force: true });
  await client.close();
}
