import { Readable } from "node:stream";
import { packEntries } from "../../lib/archive/pack-entries.js";
import { Client } from "../../lib/client.js";
import { EmbeddedEngine } from "../../lib/engine/embedded-engine.js";
import { EmbeddedRegistry } from "../../lib/engine/registry/embedded-registry.js";
import { BOX, boxArchive } from "../support/box-archive.js";

/** A registry with images of three layers that share the lowest one. Each client of the load has repositories of its own. */
export async function startRegistry(clients: readonly string[]): Promise<{ registry: EmbeddedRegistry; repositories: string[] }> {
  const registry = await EmbeddedRegistry.start();
  await using engine = await EmbeddedEngine.start({ standardImages: [] });
  await using client = new Client({ endpoint: engine.endpoint, auth: false });
  await client.loadImage({ inputStream: Readable.from([await boxArchive()]) });
  const repositories: string[] = [];
  for (let number = 0; number < 3; number += 1) {
    const context = packEntries([
      { name: "Dockerfile", content: `FROM ${BOX}\nCOPY large /large\nRUN echo ${number} > /number\n` },
      { name: "large", content: `${number}`.repeat(300_000) },
    ]);
    await client.buildImage({ inputStream: context, name: `image-${number}` });
    for (const name of clients) {
      const repository = `${name}/image-${number}`;
      await client.tagImage({ name: `image-${number}`, repo: `${registry.address}/${repository}` });
      await client.pushImage({ name: `${registry.address}/${repository}` });
      repositories.push(repository);
    }
  }
  return { registry, repositories };
}

/** The archive of the image with a shell, which engines under test load. */
export const baseArchive = async (): Promise<Readable> => Readable.from([await boxArchive()]);
