import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { expect, onTestFinished, test, vi } from "vitest";
import { BOX, ociClient, startBox, startOciEngine } from "./oci-engine.js";

// a busy machine takes seconds for each container
vi.setConfig({ testTimeout: 180_000 });

test("containers that are removed while they are measured do not count, and leave nothing", async (context) => {
  const dataRoot = await mkdtemp(join(tmpdir(), "oci-measured-"));
  onTestFinished(() => rm(dataRoot, { recursive: true, force: true }));
  const { engine, client } = await startOciEngine(context, { dataRoot });
  onTestFinished(async () => {
    await client.close();
    await engine.close();
  });
  for (let round = 0; round < 10; round += 1) {
    const created = Array.from({ length: 4 }, () => client.createContainer({ config: { Image: BOX }, hostConfig: {} }));
    const ids = (await Promise.all(created)).map(({ Id }) => Id);
    const measured = async (): Promise<void> => {
      await client.diskUsage();
      await client.listContainers({ all: true, size: true });
    };
    await Promise.all([measured(), ...ids.map((id) => client.removeContainer({ id })), measured()]);
  }
  const [folder = ""] = (await readdir(dataRoot, { recursive: true })).filter((name) => name.endsWith("oci/containers"));
  expect(await readdir(join(dataRoot, folder))).toEqual([]);
});

test("files that come and go while they are listed and packed do not fail it", async (context) => {
  const client = await ociClient(context);
  const come = "while :; do mkdir -p /new/a/b; echo text >/new/a/b/file; rm -r /new; done";
  const id = await startBox(client, ["sh", "-c", come]);
  for (let round = 0; round < 10; round += 1) {
    await client.containerChanges({ id });
    expect((await buffer(await client.exportContainer({ id }))).length).toBeGreaterThan(1024);
  }
  await client.removeContainer({ id, force: true });
});
