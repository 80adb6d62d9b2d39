import { randomInt } from "node:crypto";
import { onTestFinished } from "vitest";
import type { CreateNetworkOptions } from "../../lib/api/networks/create.js";
import { NoSuchNetworkError } from "../../lib/errors/network-errors.js";
import { client, uniqueName } from "./engine.js";

/** Removes a network after the test. The test may have removed it itself. */
export function networkRemovedAtEnd(id: string): string {
  onTestFinished(async () => {
    await client.removeNetwork({ id }).catch((error: unknown) => {
      if (!(error instanceof NoSuchNetworkError)) throw error;
    });
  });
  return id;
}

/** Creates a network that is removed after the test. Returns its ID and name. */
export async function network(options: Partial<CreateNetworkOptions> = {}): Promise<{ id: string; name: string }> {
  const name = uniqueName("net");
  const { Id } = await client.createNetwork({ name, ...options });
  return { id: networkRemovedAtEnd(Id), name };
}

/** First three octets of a subnet that is rarely in use and that no engine picks by default, such as `100.70.7`. */
export function range(): string {
  return `100.${randomInt(64, 128)}.${randomInt(256)}`;
}
