import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, onTestFinished, type TestContext } from "vitest";
import type { CreateContainerOptions } from "../../lib/api/containers/create.js";
import { Client } from "../../lib/client.js";
import { NotImplementedError } from "../../lib/errors/api-error.js";
import { compareVersions } from "../../lib/wire/api-version.js";

/** An image that every engine under test has. It contains sh, cat, head, wc, sleep and other basic tools. */
export const IMAGE = "busybox:latest";

/** A client for the engine under test, which `spec/testbed/with-engine` sets in the environment. */
export let client: Client;
/** The API version in use. */
export let apiVersion: string;

/** The version of Podman; undefined on Docker. */
export let podmanVersion: string | undefined;

/** Creates the client for a file of behaviour specs. Call it first in the file. */
export function useEngine(): void {
  beforeAll(async () => {
    client = Client.fromEnv();
    apiVersion = await client.negotiate();
    const { Components = [], Version } = await client.version();
    podmanVersion = Components.some(({ Name }) => Name.startsWith("Podman")) ? Version : undefined;
  });
  afterAll(() => client.close());
}

/** Returns a unique name. */
export function uniqueName(prefix = "spec"): string {
  return `tsdc-${prefix}-${randomBytes(5).toString("hex")}`;
}

/**
 * Skips a test on engines with an older API, with the reason in the report.
 *
 * @param what - the feature that needs this API version. By default it is the name of the test.
 */
export function needsApi(context: TestContext, since: string, what = `"${context.task.name}"`): void {
  context.skip(compareVersions(apiVersion, since) < 0, `${what} needs API ${since}, the engine speaks ${apiVersion}`);
}

/** Skips a test for which an engine answered that it does not implement something, with the engine's reason in the report. */
export function skipUnimplemented(context: TestContext, error: unknown): void {
  if (error instanceof NotImplementedError) context.skip(`the engine answers 501: ${error.reason}`);
}

/** Creates a container that is removed after the test. Returns its ID. */
export async function container(
  config: CreateContainerOptions["config"],
  more: Partial<CreateContainerOptions> = {},
): Promise<string> {
  const { Id } = await client.createContainer({ name: uniqueName(), ...more, config: { Image: IMAGE, ...config } });
  onTestFinished(async () => {
    // Podman 5 waits ten seconds for a running container, even with force; killing a stopped container fails
    if (podmanVersion !== undefined) await client.killContainer({ id: Id }).catch(() => undefined);
    await client.removeContainer({ id: Id, force: true, removeVolumes: true }).catch((error: unknown) => {
      // the test may have removed it itself
      if (!(error instanceof Error) || error.name !== "NoSuchContainerError") throw error;
    });
  });
  return Id;
}

/** Creates and starts a container that is removed after the test. Returns its ID. */
export async function runningContainer(command: string[], more: Partial<CreateContainerOptions> = {}): Promise<string> {
  const id = await container({ Cmd: command, ...more.config }, more);
  await client.startContainer({ id });
  return id;
}
