import { Readable } from "node:stream";
import { onTestFinished } from "vitest";
import { Client } from "../../lib/client.js";
import { EmbeddedEngine, type EmbeddedEngineOptions } from "../../lib/engine/embedded-engine.js";
import type { ContainerConfig } from "../../lib/types/container-config.js";
import type { HostConfig } from "../../lib/types/host-config.js";
import { BOX, boxArchive } from "./box-archive.js";

export { BOX } from "./box-archive.js";

/** An embedded engine, and a client for it. */
export interface StartedEngine {
  readonly engine: EmbeddedEngine;
  readonly client: Client;
}

/** Starts an embedded engine without images for the rest of the test. */
export async function startBareEngine(options: EmbeddedEngineOptions = {}): Promise<StartedEngine> {
  const engine = await EmbeddedEngine.start({ standardImages: [], ...options });
  const client = new Client({ endpoint: engine.endpoint });
  onTestFinished(async () => {
    await client.close();
    await engine.close();
  });
  return { engine, client };
}

/** Like {@link startBareEngine}, with the image {@link BOX}. */
export async function startEngine(options: EmbeddedEngineOptions = {}): Promise<StartedEngine> {
  const started = await startBareEngine(options);
  await started.client.loadImage({ inputStream: Readable.from([await boxArchive()]) });
  return started;
}

/** Creates a container of {@link BOX} and starts it. Returns its ID. */
export async function started(
  client: Client,
  cmd: readonly string[],
  hostConfig: HostConfig = {},
  config: Partial<ContainerConfig> = {},
): Promise<string> {
  const { Id: id } = await client.createContainer({ config: { Image: BOX, Cmd: [...cmd], ...config }, hostConfig });
  await client.startContainer({ id });
  return id;
}

/** Waits until a container has ended. Returns its output and exit code. */
export async function outputOf(client: Client, id: string): Promise<{ stdout: string; stderr: string; code: number }> {
  const { statusCode } = await client.waitContainer({ id });
  const { stdout, stderr } = await (await client.logs({ id, stdout: true, stderr: true })).collect();
  return { stdout: stdout.toString(), stderr: stderr.toString(), code: statusCode };
}
