import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Client } from "../../lib/client.js";

const list = (path: string): Promise<string[]> => readdir(path).catch(() => []);

/**
 * Walks the data root of an engine that has just started.
 *
 * @returns what nothing refers to: incomplete files, blobs without an image, and files of objects that are gone.
 */
export async function leftovers(client: Client, dataRoot: string): Promise<string[]> {
  const faults: string[] = [];
  // containers that are started again are writing already: only files that stay are left
  const incomplete = async (): Promise<string[]> =>
    (await readdir(dataRoot, { recursive: true })).filter((name) => /\.(tmp|corrupt)$/.test(name));
  let left = await incomplete();
  for (let tries = 0; left.length > 0 && tries < 100; tries += 1) {
    const now = new Set(await incomplete());
    left = left.filter((name) => now.has(name));
  }
  for (const name of left) faults.push(`${name} is left`);

  const blobs = new Set(await list(join(dataRoot, "blobs", "sha256")));
  for (const kind of ["images", "layers"])
    for (const name of await list(join(dataRoot, "records", kind))) {
      const { key } = JSON.parse(await readFile(join(dataRoot, "records", kind, name), "utf8")) as { key: string };
      if (!blobs.has(key.slice("sha256:".length))) faults.push(`the blob ${key} is missing`);
    }

  const containers = new Set((await client.listContainers({ all: true })).map(({ Id }) => Id));
  for (const folder of ["trees", "containers"])
    for (const id of await list(join(dataRoot, "data", folder)))
      if (!containers.has(id)) faults.push(`data/${folder}/${id} is left`);
  const volumes = new Set((await client.listVolumes()).Volumes.map(({ Name }) => Name));
  for (const name of await list(join(dataRoot, "data", "volumes")))
    if (!volumes.has(name)) faults.push(`data/volumes/${name} is left`);
  return faults;
}
