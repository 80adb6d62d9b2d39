import type { Client } from "../../index.js";

/** Returns a name of each image of an engine that has one. */
export async function repositoryTags(client: Client): Promise<readonly string[]> {
  const images = await client.listImages();
  return images.flatMap(({ RepoTags }) => RepoTags.slice(0, 1)).filter((name) => name !== "<none>:<none>");
}
