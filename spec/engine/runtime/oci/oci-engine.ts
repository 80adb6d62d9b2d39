import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { afterAll, type TestContext } from "vitest";
import { Client } from "../../../../lib/client.js";
import { EmbeddedEngine, type EmbeddedEngineOptions } from "../../../../lib/engine/embedded-engine.js";
import { UnavailableError } from "../../../../lib/engine/runtime/oci/oci-executor.js";
import type { ContainerConfig } from "../../../../lib/types/container-config.js";
import type { HostConfig } from "../../../../lib/types/host-config.js";
import { BOX, imageArchive, type PackedFile } from "../../../support/box-archive.js";

/** The image of the containers: a shell and the usual programs, from the machine's own busybox. */
export { BOX };

const busybox = ["/usr/bin/busybox", "/bin/busybox"].find(existsSync);

/** Whether a program runs without libraries, which the image does not have: it names no loader. */
function isStatic(path: string): boolean {
  return !readFileSync(path).subarray(0, 4096).includes("/ld-");
}

/** Makes the archive of the image, with a program that has all others in it. */
function machineArchive(program: string): Promise<Buffer> {
  const names = execFileSync(program, ["--list"], { encoding: "utf8" }).trim().split("\n");
  const files: PackedFile[] = [
    ...["bin/", "data/", "etc/", "root/"].map((name) => ({ name })),
    { name: "tmp/", mode: 0o1777 },
    { name: "data/old", content: "from the image\n", mode: 0o640, uid: 7, gid: 8 },
    { name: "etc/passwd", content: "root:x:0:0:root:/root:/bin/sh\nguest:x:1000:1001::/home:/bin/sh\n" },
    { name: "etc/group", content: "root:x:0:\nguests:x:1001:\nmore:x:1002:guest\n" },
    { name: "bin/busybox", content: readFileSync(program), mode: 0o755 },
    ...names.filter((name) => name !== "busybox").map((name) => ({ name: `bin/${name}`, linkname: "busybox" })),
  ];
  return imageArchive(files, {}, [BOX]);
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
  if (images.length === 0) await client.loadImage({ inputStream: Readable.from([await machineArchive(busybox)]) });
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
