import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pack } from "tar-stream";
import { afterAll, type TestContext } from "vitest";
import { Client } from "../../../../lib/client.js";
import { EmbeddedEngine, type EmbeddedEngineOptions } from "../../../../lib/engine/embedded-engine.js";
import { UnavailableError } from "../../../../lib/engine/runtime/oci/oci-executor.js";
import type { ContainerConfig } from "../../../../lib/types/container-config.js";
import type { HostConfig } from "../../../../lib/types/host-config.js";

/** The image of the containers: a shell and the usual programs, from the machine's own busybox. */
export const BOX = "box:latest";

const busybox = ["/usr/bin/busybox", "/bin/busybox"].find(existsSync);

/** Whether a program runs without libraries, which the image does not have: it names no loader. */
function isStatic(path: string): boolean {
  return !readFileSync(path).subarray(0, 4096).includes("/ld-");
}

const sha256 = (data: Buffer): string => createHash("sha256").update(data).digest("hex");

async function boxArchive(program: string): Promise<Buffer> {
  const layer = pack();
  const mtime = new Date(0);
  const folder = (name: string, mode = 0o755): unknown => layer.entry({ name, mode, mtime, type: "directory" });
  for (const name of ["bin/", "data/", "etc/", "root/"]) folder(name);
  folder("tmp/", 0o1777);
  layer.entry({ name: "data/old", mode: 0o640, uid: 7, gid: 8, mtime }, "from the image\n");
  layer.entry({ name: "etc/passwd", mtime }, "root:x:0:0:root:/root:/bin/sh\nguest:x:1000:1001::/home:/bin/sh\n");
  layer.entry({ name: "etc/group", mtime }, "root:x:0:\nguests:x:1001:\nmore:x:1002:guest\n");
  layer.entry({ name: "bin/busybox", mode: 0o755, mtime }, readFileSync(program));
  for (const name of execFileSync(program, ["--list"], { encoding: "utf8" }).trim().split("\n")) {
    if (name !== "busybox") layer.entry({ name: `bin/${name}`, type: "symlink", linkname: "busybox", mtime });
  }
  layer.finalize();
  const bytes = await buffer(Readable.from(layer as AsyncIterable<Buffer>));
  const config = { Env: ["PATH=/bin"], Cmd: ["sh"] };
  const image = Buffer.from(
    JSON.stringify({
      architecture: "amd64",
      os: "linux",
      config,
      rootfs: { type: "layers", diff_ids: [`sha256:${sha256(bytes)}`] },
    }),
  );
  const archive = pack();
  archive.entry({ name: `${sha256(image)}.json` }, image);
  archive.entry({ name: "layer.tar" }, bytes);
  archive.entry(
    { name: "manifest.json" },
    JSON.stringify([{ Config: `${sha256(image)}.json`, RepoTags: [BOX], Layers: ["layer.tar"] }]),
  );
  archive.finalize();
  return buffer(Readable.from(archive as AsyncIterable<Buffer>));
}

/** An engine that runs processes of the machine, and a client for it. */
export interface OciEngine {
  readonly engine: EmbeddedEngine;
  readonly client: Client;
}

/** Starts an engine that runs processes of the machine. Skips the test, with the reason, where it cannot. */
export async function startOciEngine(context: TestContext, options: EmbeddedEngineOptions = {}): Promise<OciEngine> {
  if (busybox === undefined || !isStatic(busybox)) context.skip("the machine has no busybox that runs without libraries");
  let engine: EmbeddedEngine;
  try {
    engine = await EmbeddedEngine.start({ executor: "oci", standardImages: [], ...options });
  } catch (error) {
    if (error instanceof UnavailableError) context.skip(error.message);
    throw error;
  }
  const client = new Client({ endpoint: engine.endpoint });
  const images = await client.listImages();
  if (images.length === 0) await client.loadImage({ inputStream: Readable.from([await boxArchive(busybox)]) });
  return { engine, client };
}

let shared: Promise<OciEngine> | undefined;

/** Returns a client of the engine that the tests of a file share. */
export async function ociClient(context: TestContext): Promise<Client> {
  shared ??= startOciEngine(context);
  try {
    return (await shared).client;
  } catch (error) {
    shared = undefined; // the next test is skipped by itself
    throw error;
  }
}

afterAll(async () => {
  const started = await shared;
  await started?.client.close();
  await started?.engine.close();
});

/** Creates a container of {@link BOX} and starts it. Returns its ID. */
export async function startBox(
  client: Client,
  command: readonly string[],
  hostConfig: HostConfig = {},
  config: Partial<ContainerConfig> = {},
): Promise<string> {
  const { Id: id } = await client.createContainer({ config: { Image: BOX, Cmd: [...command], ...config }, hostConfig });
  await client.startContainer({ id });
  return id;
}

/** What a container printed, and its exit code. */
export interface BoxResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** Runs a container of {@link BOX} to its end and removes it. */
export async function runBox(
  client: Client,
  command: readonly string[],
  hostConfig: HostConfig = {},
  config: Partial<ContainerConfig> = {},
): Promise<BoxResult> {
  const id = await startBox(client, command, hostConfig, config);
  const { statusCode } = await client.waitContainer({ id });
  const { stdout, stderr } = await (await client.logs({ id, stdout: true, stderr: true })).collect();
  await client.removeContainer({ id, force: true, removeVolumes: true });
  return { stdout: stdout.toString(), stderr: stderr.toString(), code: statusCode };
}
