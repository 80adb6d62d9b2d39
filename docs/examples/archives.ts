/** Packs, reads and unpacks tar archives without an engine, and imports one as an image. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "ts-dockerclient";
import { extractTo, packEntries, readArchive } from "ts-dockerclient/archive";

const client = Client.fromEnv();
const folder = await mkdtemp(join(tmpdir(), "example-"));
const entries = [
  { name: "etc/motd", content: "made from nothing\n", mode: 0o600 },
  { name: "tmp", directory: true as const, mode: 0o1777 },
  { name: "motd", linkTo: "etc/motd" },
];
try {
  for await (const { name, type, size } of readArchive(packEntries(entries))) console.log(type, name, size);

  const summary = await extractTo(packEntries(entries), folder);
  console.log(`${summary.entries} entries, ${summary.bytes} bytes: ${await readFile(join(folder, "motd"), "utf8")}`);

  const repository = "ts-dockerclient/example-archive";
  const { imageId } = await client.importImage({ repository, inputStream: packEntries(entries) });
  console.log(`imported as ${imageId.slice(0, 15)}…`);
  await client.removeImage({ name: repository });
} finally {
  await rm(folder, { recursive: true });
  await client.close();
}
