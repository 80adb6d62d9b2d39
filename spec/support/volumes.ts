import { onTestFinished } from "vitest";
import type { CreateVolumeOptions } from "../../lib/api/volumes/create.js";
import { client, uniqueName } from "./engine.js";

/** Creates a volume that is removed after the test. Returns its name. */
export async function volume(options: CreateVolumeOptions = {}): Promise<string> {
  const { Name } = await client.createVolume({ name: uniqueName("volume"), ...options });
  onTestFinished(() => client.removeVolume({ name: Name, force: true }));
  return Name;
}
