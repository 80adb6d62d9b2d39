import type { Client } from "../../index.js";
import type { InstallContainerOptions } from "../models.js";
import { withImage } from "./with-image.js";

/** Returns the paths of a container whose content outlives it. Pulls the image if the engine does not have it. */
export async function persistentPaths(
  client: Client,
  { image, volumeConfig }: InstallContainerOptions,
  signal: AbortSignal,
): Promise<string[]> {
  const { Config } = await withImage(client, image, signal, () => client.inspectImage({ name: image }, { signal }));
  return [...Object.keys(Config?.Volumes ?? {}), ...(volumeConfig?.volumes ?? []).map(({ path }) => path)];
}
