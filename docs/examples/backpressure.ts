/** Streams more data than fits into memory: a slow reader slows the container down, and no data accumulates. */
import { createHash } from "node:crypto";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Client } from "ts-dockerclient";

const client = Client.fromEnv();
const megabytes = 128;
const hash = createHash("sha256");
let bytes = 0;
const slow = new Writable({
  highWaterMark: 64 * 1024,
  write(chunk: Buffer, _encoding, done) {
    bytes += chunk.length;
    hash.update(chunk);
    setTimeout(done, 1);
  },
});
const command = ["head", "-c", `${megabytes}m`, "/dev/zero"];
const before = process.memoryUsage().rss;
const { Id: id } = await client.createContainer({ config: { Image: "busybox", Cmd: command } });
try {
  const attached = await client.attachToContainerNonBlocking({ container: id });
  await client.startContainer({ id });
  await attached.forward({ outputStream: slow });
  const grown = (process.memoryUsage().rss - before) / 1024 / 1024;
  console.log(`${bytes / 1024 / 1024} MiB, ${grown < megabytes / 2 ? "only part of it" : "most of it"} in memory`);

  // returned streams also work with pipeline; when one ends or fails, the connection closes
  let archive = 0;
  await pipeline(await client.exportContainer({ id }), async (source: AsyncIterable<Buffer>) => {
    for await (const chunk of source) archive += chunk.length;
  });
  console.log(`the file system as an archive: ${archive > 0 ? "streamed" : "empty"}`);
} finally {
  await client.removeContainer({ id, force: true });
  await client.close();
}
