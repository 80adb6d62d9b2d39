/** Commits containers to images, tags and inspects them, and moves them between engines as archives. */
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, NoSuchImageError } from "ts-dockerclient";

const client = Client.fromEnv();
const folder = await mkdtemp(join(tmpdir(), "example-"));
const repository = "ts-dockerclient/example-images";
const { Id: id } = await client.createContainer({ config: { Image: "busybox", Cmd: ["true"] } });
try {
  await client.copyToContainer({ container: id, path: "/motd", content: "welcome\n" });
  await client.commitContainer({ container: id, repository, tag: "1.0", changes: ['CMD ["cat", "/motd"]'] });
  await client.tagImage({ name: `${repository}:1.0`, repo: repository, tag: "latest" });
  console.log((await client.output({ image: repository })).stdout.toString().trim());

  const { Size, Config } = await client.inspectImage({ name: repository });
  console.log(`${Size} bytes, runs ${Config?.Cmd?.join(" ") ?? ""}`);
  console.log(`${(await client.imageHistory({ name: repository })).length} layers`);

  const file = join(folder, "image.tar");
  await client.exportImage({ name: `${repository}:latest`, outputStream: createWriteStream(file) });
  for (const tag of ["1.0", "latest"]) await client.removeImage({ name: `${repository}:${tag}` });
  await client.inspectImage({ name: repository }).catch((error: unknown) => {
    if (error instanceof NoSuchImageError) console.log(error.message);
  });
  const { images } = await client.loadImage({ inputStream: createReadStream(file) });
  console.log(`loaded ${images.join()}`);
  await client.removeImage({ name: repository });
} finally {
  await client.removeContainer({ id, force: true });
  await rm(folder, { recursive: true });
  await client.close();
}
