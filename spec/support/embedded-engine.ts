import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pack } from "tar-stream";
import { onTestFinished } from "vitest";
import { Client } from "../../lib/client.js";
import { EmbeddedEngine, type EmbeddedEngineOptions } from "../../lib/engine/embedded-engine.js";
import { programFile } from "../../lib/engine/runtime/program/registry.js";
import type { ContainerConfig } from "../../lib/types/container-config.js";
import type { HostConfig } from "../../lib/types/host-config.js";

/** The name of the image that {@link startEngine} makes. */
export const BOX = "box:latest";

const programs = ["sh", "cat", "echo", "false", "head", "ls", "printf", "seq", "sleep", "stat", "true", "wc"];

/** An embedded engine, and a client for it. */
export interface StartedEngine {
  readonly engine: EmbeddedEngine;
  readonly client: Client;
}

type Entry = readonly [name: string, content: string | Buffer | null, mode?: number];

/** Packs files into an archive; null is a directory. */
async function packed(entries: readonly Entry[]): Promise<Buffer> {
  const archive = pack();
  const mtime = new Date(0);
  for (const [name, content, mode = content === null ? 0o755 : 0o644] of entries)
    archive.entry({ name, mode, mtime, type: content === null ? "directory" : "file" }, content ?? "");
  archive.finalize();
  return buffer(Readable.from(archive as AsyncIterable<Buffer>));
}

const digest = (data: Buffer): string => createHash("sha256").update(data).digest("hex");

/** Makes the archive of an image, as `docker save` does: a shell, a few programs, two users, and an empty `/data`. */
async function boxArchive(config: object = {}): Promise<Buffer> {
  const layer = await packed([
    ["bin/", null],
    ["data/", null],
    ["etc/", null],
    ["tmp/", null, 0o1777],
    ...programs.map((name): Entry => [`bin/${name}`, programFile(name), 0o755]),
    ["etc/passwd", "root:x:0:0:root:/root:/bin/sh\nguest:x:1000:1000::/:/bin/sh\n"],
  ]);
  const image = Buffer.from(
    JSON.stringify({
      architecture: "amd64",
      os: "linux",
      config: { Env: ["PATH=/bin"], Cmd: ["sh"], ...config },
      rootfs: { type: "layers", diff_ids: [`sha256:${digest(layer)}`] },
    }),
  );
  const manifest = [{ Config: `${digest(image)}.json`, RepoTags: [BOX], Layers: ["layer.tar"] }];
  return packed([
    [`${digest(image)}.json`, image],
    ["layer.tar", layer],
    ["manifest.json", JSON.stringify(manifest)],
  ]);
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
