import { afterAll, beforeAll, beforeEach, onTestFinished, type TestContext } from "vitest";
import type { InitSwarmOptions } from "../../lib/api/swarm/init.js";
import type { Client } from "../../lib/client.js";
import { NotImplementedError, ServerError } from "../../lib/errors/api-error.js";
import { NodeAlreadyInSwarmError, NodeNotInSwarmError } from "../../lib/errors/swarm-membership-errors.js";
import { client, podmanVersion, skipUnimplemented } from "./engine.js";
import { notOnPodman } from "./images.js";

/** Loopback addresses, which are enough for a swarm of one node. */
export const alone = { listenAddr: "127.0.0.1:2377", advertiseAddr: "127.0.0.1" } as const;

/**
 * Provides a file of behaviour specs with a swarm of one node: the engine's current one, or a new one that it leaves after the
 * file. Call it after `useEngine()`. On engines without swarm mode, every test of the file is skipped.
 */
export function useSwarm(): void {
  let isOwn = false;
  let refusal: unknown;
  beforeAll(async () => {
    if (podmanVersion !== undefined) return;
    try {
      await client.initSwarm({ ...alone });
      isOwn = true;
    } catch (error) {
      if (error instanceof NotImplementedError) refusal = error;
      else if (!(error instanceof NodeAlreadyInSwarmError)) throw error;
    }
  });
  beforeEach((context) => {
    notOnPodman(context, "has no swarm");
    skipUnimplemented(context, refusal);
  });
  afterAll(async () => {
    if (isOwn) await leaveSwarm();
  });
}

/**
 * Makes an engine leave its swarm. Dockerd deletes the swarm's directory while its node may still be writing a certificate there,
 * and then answers 500 "directory not empty" with the node already stopped: leaving again succeeds.
 */
export async function leaveSwarm(engine: Client = client): Promise<void> {
  try {
    await engine.leaveSwarm({ force: true });
  } catch (error) {
    if (!(error instanceof ServerError && error.reason.includes("directory not empty"))) throw error;
    await engine.leaveSwarm({ force: true });
  }
}

/** Skips a test on an engine without swarm mode, or already in a swarm. */
export async function outsideSwarm(context: TestContext): Promise<void> {
  notOnPodman(context, "has no swarm");
  const { Swarm } = await client.info();
  context.skip(Swarm.LocalNodeState !== "inactive", "needs an engine outside a swarm");
}

/** Skips a test on the embedded engine, with the reason that it answers: a second engine is not worth starting there. */
export async function needsSwarmMode(context: TestContext): Promise<void> {
  if (process.env.TESTBED_EMBEDDED === undefined) return;
  skipUnimplemented(context, await client.initSwarm({ ...alone }).catch((error: unknown) => error));
}

/** Creates a swarm of one node, and leaves it after the test, which is skipped without swarm mode. Returns the ID of the node. */
export async function ownSwarm(context: TestContext, options: InitSwarmOptions = {}): Promise<string> {
  onTestFinished(async () => {
    try {
      await leaveSwarm();
    } catch (error) {
      // the test may have left the swarm
      if (!(error instanceof NodeNotInSwarmError)) throw error;
    }
  });
  return client.initSwarm({ ...alone, ...options }).catch((error: unknown) => {
    skipUnimplemented(context, error);
    throw error;
  });
}

/** Returns the bytes of a file in a service's task on this engine, as two hex digits each. */
export async function bytesInTask(service: string, path: string): Promise<string> {
  const [found] = await client.listContainers({ filters: { label: `com.docker.swarm.service.id=${service}` } });
  const { stdout } = await client.execute({ container: found?.Id ?? "", cmd: ["od", "-An", "-tx1", path] });
  return stdout.toString().trim();
}
