import { readdir, stat } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { packEntries } from "../../lib/archive/index.js";
import { Client } from "../../lib/client.js";
import { EmbeddedEngine } from "../../lib/engine/embedded-engine.js";
import { temporaryDirectory } from "../support/archive.js";
import { BOX, outputOf, startBareEngine, started, startEngine } from "../support/embedded-engine.js";

/** The temporary folders of engines of this process and others. */
const folders = async (): Promise<string[]> =>
  (await readdir(tmpdir())).filter((name) => name.startsWith("ts-dockerclient-engine-"));

test("an engine listens on a socket of a temporary folder, and removes both", async () => {
  const engine = await EmbeddedEngine.start();
  const path = engine.endpoint.slice("unix://".length);
  expect(engine.endpoints).toEqual([engine.endpoint]);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await engine.close();
  await expect(stat(join(path, ".."))).rejects.toMatchObject({ code: "ENOENT" });
});

test("an engine listens on several endpoints", async () => {
  const path = join(await temporaryDirectory(), "engine.sock");
  const { engine } = await startBareEngine({ listen: [`unix://${path}`, "tcp://127.0.0.1:0"] });
  const [first, second = ""] = engine.endpoints;
  expect(first).toBe(`unix://${path}`);
  expect(second).toMatch(/^tcp:\/\/127\.0\.0\.1:[1-9]\d*$/);
  await using client = new Client({ endpoint: second });
  expect((await client.version()).ApiVersion).toBe("1.51");
});

test("an engine refuses endpoints that other machines reach, and leaves nothing behind", async () => {
  for (const listen of ["tcp://0.0.0.0:0", "tcp://192.0.2.1:2375", "http://127.0.0.1:80", "/tmp/engine.sock"])
    await expect(EmbeddedEngine.start({ listen }), listen).rejects.toThrow(TypeError);
});

test("an engine whose data root is in use does not start, and leaves no folder behind", async () => {
  const dataRoot = await temporaryDirectory();
  const { engine } = await startBareEngine({ dataRoot });
  const before = new Set(await folders());
  await expect(EmbeddedEngine.start({ dataRoot })).rejects.toThrow(/in use|uses/);
  // engines of other tests come and go: only a folder that stays without an owner counts
  const left = [];
  for (const name of await folders()) {
    if (before.has(name)) continue;
    const names = await readdir(join(tmpdir(), name)).catch(() => ["gone"]);
    if (names.length === 0) left.push(name);
  }
  expect(left).toEqual([]);
  await engine.close();
  const again = await EmbeddedEngine.start({ dataRoot });
  await again.close();
});

test("closing an engine ends its containers, its connections and the requests being served", async () => {
  const { engine, client } = await startEngine();
  const id = await started(client, ["sleep", "1000"]);
  const socket = connect(engine.endpoint.slice("unix://".length));
  await new Promise((resolve) => socket.once("connect", resolve));
  const closed = new Promise((resolve) => socket.once("close", resolve));
  const waiting = client.waitContainer({ id }).then(
    ({ statusCode }) => statusCode,
    () => "cut off",
  );
  await engine.close();
  await closed;
  expect([137, "cut off"]).toContain(await waiting);
  await engine.close(); // a second time does nothing
});

test("images, volumes and containers outlive a restart", async () => {
  const dataRoot = await temporaryDirectory();
  const first = await startEngine({ dataRoot });
  const { client } = first;
  await client.createVolume({ name: "kept", labels: { a: "b" } });
  const create = async (name: string, Cmd: string[], hostConfig = {}): Promise<void> => {
    await client.createContainer({ name, config: { Image: BOX, Cmd, Labels: { name } }, hostConfig });
    await client.startContainer({ id: name });
  };
  await create("done", ["sh", "-c", "echo out; echo content > /data/file; exit 3"]);
  await client.waitContainer({ id: "done" });
  await create("cut", ["sleep", "1000"]);
  await create("gone", ["sleep", "1000"], { AutoRemove: true });
  await create("again", ["sleep", "1000"], { RestartPolicy: { Name: "always" } });
  await create("stopped", ["sleep", "1000"], { RestartPolicy: { Name: "unless-stopped" } });
  await client.stopContainer({ id: "stopped", timeout: 0 });
  await first.engine.close();

  const second = await startBareEngine({ dataRoot });
  const found = await second.client.listContainers({ all: true });
  const states = Object.fromEntries(found.map(({ Names, State }) => [Names[0], State]));
  expect(states).toEqual({ "/done": "exited", "/cut": "exited", "/again": "running", "/stopped": "exited" });
  const done = await second.client.inspectContainer({ id: "done" });
  expect(done).toMatchObject({ State: { ExitCode: 3 }, Config: { Image: BOX, Labels: { name: "done" } } });
  expect((await second.client.listImages()).map(({ RepoTags }) => RepoTags)).toEqual([[BOX]]);
  expect(await second.client.inspectVolume({ name: "kept" })).toMatchObject({ Name: "kept", Labels: { a: "b" } });
  expect(await outputOf(second.client, "done")).toEqual({ stdout: "out\n", stderr: "", code: 3 });
  expect((await second.client.containerChanges({ id: "done" })).map(({ Path }) => Path)).toContain("/data/file");
  expect((await second.client.readContainerFile({ container: "done", path: "/data/file" })).toString()).toBe("content\n");
});

test("an engine searches with the provider of its options, and names its insecure registries", async () => {
  const result = { name: "tool", description: "", star_count: 3, is_official: false, is_automated: false };
  const asked: unknown[] = [];
  const search = (term: string, limit: number) => {
    asked.push([term, limit]);
    return [result, { ...result, name: "unloved", star_count: 0 }];
  };
  const { engine } = await startBareEngine({ search, insecureRegistries: ["registry.example.com:5000"] });
  await using client = new Client({ endpoint: engine.endpoint });
  expect(await client.searchImages({ term: "too", limit: 7, filters: { stars: 2 } })).toEqual([result]);
  expect(asked).toEqual([["too", 7]]);
  expect((await client.info()).RegistryConfig.IndexConfigs).toMatchObject({
    "docker.io": { Secure: true },
    "registry.example.com:5000": { Name: "registry.example.com:5000", Secure: false, Official: false },
  });
});

test("an engine refuses a context that is larger than its limit when it is decompressed", async () => {
  const { engine } = await startBareEngine({ unpackedLimit: 100_000 });
  await using client = new Client({ endpoint: engine.endpoint });
  const bomb = gzipSync(await buffer(packEntries([{ name: "zeros", content: Buffer.alloc(1_000_000) }])));
  const building = client.buildImage({ inputStream: Readable.from([bomb], { objectMode: false }) });
  await expect(building).rejects.toThrow("the content is larger than 100000 bytes when it is decompressed");
});
