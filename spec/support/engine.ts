import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, onTestFinished, type TestContext } from "vitest";
import { Client } from "../../lib/client.js";
import { compareVersions } from "../../lib/wire/api-version.js";
import type { CreateContainerOptions } from "../../lib/api/containers/create.js";

/** The image that every engine of the tests has. Its shell has sh, cat, head, wc, sleep and the like. */
export const IMAGE = "busybox:latest";

/** The engine under test: that of the environment, as `spec/testbed/with-engine` sets it. */
export let client: Client;
/** The API version in use. */
export let apiVersion: string;

/** The version of Podman; undefined when the engine is another one. */
export let podmanVersion: string | undefined;

/** Gives a file of behaviour specs its client, before anything else in it runs. */
export function useEngine(): void {
  beforeAll(async () => {
    client = Client.fromEnv();
    apiVersion = await client.negotiate();
    const { Components = [], Version } = await client.version();
    podmanVersion = Components.some(({ Name }) => Name.startsWith("Podman")) ? Version : undefined;
  });
  afterAll(() => client.close());
}

/** A name that nothing else has. */
export function uniqueName(prefix = "spec"): string {
  return `tsdc-${prefix}-${randomBytes(5).toString("hex")}`;
}

/**
 * Skips a test on engines that speak an older API, and says so in the report.
 *
 * @param what - what the API has since then. By default the test's own name.
 */
export function needsApi(context: TestContext, since: string, what = `"${context.task.name}"`): void {
  context.skip(compareVersions(apiVersion, since) < 0, `${what} needs API ${since}, the engine speaks ${apiVersion}`);
}

/** Creates a container that is removed when the test has finished. Gives its ID. */
export async function container(
  config: CreateContainerOptions["config"],
  more: Partial<CreateContainerOptions> = {},
): Promise<string> {
  const { Id } = await client.createContainer({ name: uniqueName(), ...more, config: { Image: IMAGE, ...config } });
  onTestFinished(async () => {
    // Podman 5 gives what runs ten seconds to end, even when its removal is forced; what does not run cannot be killed
    if (podmanVersion !== undefined) await client.killContainer({ id: Id }).catch(() => undefined);
    await client.removeContainer({ id: Id, force: true, removeVolumes: true }).catch((error: unknown) => {
      // the test may have removed it itself
      if (!(error instanceof Error) || error.name !== "NoSuchContainerError") throw error;
    });
  });
  return Id;
}

/** Creates and starts a container that is removed when the test has finished. Gives its ID. */
export async function runningContainer(command: string[], more: Partial<CreateContainerOptions> = {}): Promise<string> {
  const id = await container({ Cmd: command, ...more.config }, more);
  await client.startContainer({ id });
  return id;
}
