import { cp, mkdir, open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { Container } from "../../../lib/engine/containers/container.js";
import type { ContainerHost } from "../../../lib/engine/containers/container-host.js";
import { ContainerLog } from "../../../lib/engine/containers/log.js";
import type { ContainerRecord } from "../../../lib/engine/containers/record.js";
import { LayeredTree } from "../../../lib/engine/files/layered-tree.js";
import { MountedFiles } from "../../../lib/engine/files/mounted-files.js";
import { temporaryDirectory } from "../../support/archive.js";
import { BOX, outputOf, startBareEngine, started, type StartedEngine, startEngine } from "../../support/embedded-engine.js";

/** Starts an engine on what another one would leave if it were killed now. */
async function afterKill(dataRoot: string, change?: (copy: string) => Promise<void>): Promise<StartedEngine & { copy: string }> {
  const copy = join(await temporaryDirectory(), "copy");
  await cp(dataRoot, copy, { recursive: true });
  for (const name of await readdir(copy)) if (name.endsWith(".lock")) await rm(join(copy, name));
  await change?.(copy);
  const reports: string[] = [];
  const engine = await startBareEngine({ dataRoot: copy, onReport: (message) => reports.push(message) });
  expect(reports).toEqual([]);
  return { ...engine, copy };
}

const names = async ({ client }: StartedEngine): Promise<string[]> =>
  (await client.listContainers({ all: true })).map(({ Names }) => (Names[0] ?? "").slice(1));

const volumes = async ({ client }: StartedEngine): Promise<string[]> =>
  (await client.listVolumes()).Volumes.map(({ Name }) => Name);

/** Lets writes of records of a kind fail, as on a full disk. Returns a function that ends it. */
async function failing(dataRoot: string, kind: string): Promise<() => Promise<void>> {
  const folder = join(dataRoot, "records", kind);
  await rename(folder, `${folder}-away`);
  return () => rename(`${folder}-away`, folder);
}

test.each([true, false])(
  "a removal that was cut off is finished, with anonymous volumes only if it was asked: %j",
  async (asked) => {
    const dataRoot = await temporaryDirectory();
    const { client } = await startEngine({ dataRoot });
    const { Id } = await client.createContainer({ name: "cut", config: { Image: BOX, Volumes: { "/v": {} } } });
    await client.createContainer({ name: "other", config: { Image: BOX } });
    const again = await afterKill(dataRoot, async (copy) => {
      const path = join(copy, "records", "containers", `${Id}.json`);
      const stored = JSON.parse(await readFile(path, "utf8")) as { value: ContainerRecord };
      Object.assign(stored.value.state, { status: "removing", removesVolumes: asked });
      await writeFile(path, JSON.stringify(stored));
    });
    expect(await names(again)).toEqual(["other"]);
    expect(await volumes(again)).toHaveLength(asked ? 0 : 1);
    expect((await afterKill(again.copy)).client).toBeDefined();
  },
);

test("what no record names is removed at the start", async () => {
  const dataRoot = await temporaryDirectory();
  const { client } = await startEngine({ dataRoot });
  const id = await started(client, ["sh", "-c", "echo kept > /file"]);
  await client.waitContainer({ id });
  await client.createVolume({ name: "kept" });
  const data = (copy: string, ...path: string[]): string => join(copy, "data", ...path);
  const { copy, client: again } = await afterKill(dataRoot, async (root) => {
    for (const kind of ["containers", "trees", "volumes"])
      await mkdir(data(root, kind, "stranger", "_data"), { recursive: true });
    await writeFile(data(root, "trees", id, "7.tar.tmp"), "half");
  });
  expect(await readdir(data(copy, "containers"))).not.toContain("stranger");
  expect(await readdir(data(copy, "trees"))).toEqual([id]);
  expect(await readdir(data(copy, "trees", id))).toEqual(["1.tar"]);
  expect(await readdir(data(copy, "volumes"))).toEqual(["kept"]);
  expect((await again.readContainerFile({ container: id, path: "/file" })).toString()).toBe("kept\n");
});

test("what a container wrote is kept once, and goes with it", async () => {
  const dataRoot = await temporaryDirectory();
  const { client } = await startEngine({ dataRoot });
  const id = await started(client, ["sh", "-c", "echo out; cat /file; echo more >> /file"]);
  await client.waitContainer({ id });
  for (let run = 0; run < 3; run += 1) {
    await client.startContainer({ id });
    await client.waitContainer({ id });
  }
  await Promise.all([1, 2, 3].map((n) => client.copyToContainer({ container: id, path: `/copied-${n}`, content: `${n}` })));
  expect(await readdir(join(dataRoot, "data", "trees", id))).toHaveLength(1);
  const again = await afterKill(dataRoot);
  expect((await again.client.readContainerFile({ container: id, path: "/file" })).toString()).toBe("more\n".repeat(4));
  for (const n of [1, 2, 3])
    expect((await again.client.readContainerFile({ container: id, path: `/copied-${n}` })).toString()).toBe(`${n}`);
  await client.removeContainer({ id });
  for (const kind of ["containers", "trees"]) expect(await readdir(join(dataRoot, "data", kind))).toEqual([]);
});

test("removing a container leaves the anonymous volumes that others use", async () => {
  const engine = await startEngine();
  const { client } = engine;
  await client.createContainer({ name: "first", config: { Image: BOX, Volumes: { "/v": {} } } });
  await client.createContainer({ name: "second", config: { Image: BOX }, hostConfig: { VolumesFrom: ["first"] } });
  await client.removeContainer({ id: "first", removeVolumes: true });
  expect(await volumes(engine)).toHaveLength(1);
  await client.removeContainer({ id: "second", removeVolumes: true });
  expect(await volumes(engine)).toEqual([]);
});

test("a container that cannot be created leaves nothing", async () => {
  const dataRoot = await temporaryDirectory();
  const engine = await startEngine({ dataRoot });
  const { client } = engine;
  const create = (hostConfig = {}): Promise<unknown> =>
    client.createContainer({ name: "none", config: { Image: BOX, Volumes: { "/v": {} } }, hostConfig });
  const Mounts = [{ Type: "bind" as const, Source: "/does/not/exist", Target: "/x" }];
  await expect(create({ Mounts })).rejects.toThrow(/does not exist/);
  const ends = await failing(dataRoot, "containers");
  await expect(create()).rejects.toThrow(/no such file/);
  await ends();
  expect(await names(engine)).toEqual([]);
  expect(await volumes(engine)).toEqual([]);
  await create();
  expect(await names(engine)).toEqual(["none"]);
});

test("a change that cannot be kept is not made", async () => {
  const dataRoot = await temporaryDirectory();
  const engine = await startEngine({ dataRoot });
  const { client } = engine;
  await client.createContainer({ name: "old", config: { Image: BOX } });
  const ends = await failing(dataRoot, "containers");
  await expect(client.renameContainer({ id: "old", name: "new" })).rejects.toThrow(/no such file/);
  await expect(client.updateContainer({ id: "old", update: { RestartPolicy: { Name: "always" } } })).rejects.toThrow(
    /no such file/,
  );
  await expect(client.disconnectNetwork({ id: "bridge", container: "old" })).rejects.toThrow(/no such file/);
  await ends();
  const { Name, HostConfig, NetworkSettings } = await client.inspectContainer({ id: "old" });
  expect([Name, HostConfig.RestartPolicy?.Name, Object.keys(NetworkSettings.Networks ?? {})]).toEqual(["/old", "no", ["bridge"]]);
});

test("a container whose new name cannot be kept has its old one in its networks", async () => {
  const dataRoot = await temporaryDirectory();
  const { client } = await startEngine({ dataRoot });
  await client.createNetwork({ name: "net" });
  const id = await started(client, ["sleep", "100"], { NetworkMode: "net" });
  await client.renameContainer({ id, name: "old" });
  const ends = await failing(dataRoot, "containers");
  await expect(client.renameContainer({ id, name: "new" })).rejects.toThrow(/no such file/);
  await ends();
  expect((await client.inspectNetwork({ id: "net" })).Containers?.[id]?.Name).toBe("old");
  expect((await client.inspectContainer({ id })).NetworkSettings.Networks?.net?.DNSNames).toContain("old");
});

test("a record that cannot be read is reported", async () => {
  const dataRoot = await temporaryDirectory();
  const { engine } = await startBareEngine({ dataRoot });
  await engine.close();
  const path = join(dataRoot, "records", "volumes", "torn.json");
  await writeFile(path, "{");
  const reports: string[] = [];
  await startBareEngine({ dataRoot, onReport: (message) => reports.push(message) });
  expect(reports).toEqual([`a record could not be read and was set aside: ${path}.corrupt`]);
});

test("containers run, end and are removed when nothing can be kept", async () => {
  const dataRoot = await temporaryDirectory();
  const reports: string[] = [];
  const engine = await startEngine({ dataRoot, onReport: (message) => reports.push(message) });
  const { client } = engine;
  await client.createContainer({ name: "run", config: { Image: BOX, Cmd: ["sh", "-c", "echo out; echo > /file; exit 3"] } });
  const ends = await failing(dataRoot, "containers");
  await client.startContainer({ id: "run" });
  expect(await outputOf(client, "run")).toEqual({ stdout: "out\n", stderr: "", code: 3 });
  expect(reports.length).toBeGreaterThan(0);
  await client.removeContainer({ id: "run" });
  await ends();
  expect(await names(engine)).toEqual([]);
  expect(await names(await afterKill(dataRoot))).toEqual(["run"]); // its record was out of reach
});

test("the end of a run is known when it is kept", async () => {
  const record = {
    id: "0".repeat(64),
    hostConfig: {},
    config: { Cmd: ["x"] },
    state: { status: "running", exitCode: 0, error: "" },
  } as ContainerRecord; // the members that a run needs
  let keep: (() => void) | undefined;
  let exit: ((status: { code: number }) => void) | undefined;
  const stdin = { on: () => stdin, end: () => undefined };
  const main = { stdin, stdout: [], stderr: undefined, pid: 1, exited: new Promise((resolve) => (exit = resolve)) };
  const host = {
    clock: { now: () => 0n, sleep: () => new Promise(() => undefined) },
    events: { emit: () => undefined },
    executor: { start: () => Promise.resolve({ main }) },
    files: () => Promise.resolve({ files: MountedFiles.of(new LayeredTree()) }),
    connect: () => Promise.resolve(""),
    publish: () => Promise.resolve(),
    linkedEnvironment: () => [],
    disconnect: () => Promise.resolve(),
    save: () => Promise.resolve(),
    keepFiles: () => new Promise<void>((resolve) => (keep = resolve)),
    report: (message: string) => expect.unreachable(message),
  } as unknown as ContainerHost; // what a run needs
  const container = new Container(record, new ContainerLog(join(await temporaryDirectory(), "id", "log")), host);
  await container.start();
  exit?.({ code: 7 });
  await vi.waitFor(() => expect(keep).toBeDefined());
  const known: number[] = [];
  const waited = container.wait("not-running").then(({ StatusCode }) => known.push(StatusCode));
  const restarted = container.start().then(() => known.push(0));
  await new Promise(setImmediate);
  expect(known).toEqual([]);
  keep?.();
  await waited;
  await restarted;
  expect(known).toEqual([7, 0]);
});

test("a removal waits for the end of a run that is being kept, and for a start", async () => {
  const dataRoot = await temporaryDirectory();
  const engine = await startEngine({ dataRoot });
  const { client } = engine;
  for (let round = 0; round < 10; round += 1) {
    const hostConfig = { RestartPolicy: { Name: "always" as const } };
    const id = await started(client, ["sh", "-c", "echo > /file"], hostConfig);
    await vi.waitFor(async () => expect((await client.inspectContainer({ id })).State.Status).not.toBe("running"));
    const starts = client.startContainer({ id }).catch(() => undefined); // it may be too late
    await client.removeContainer({ id, force: true });
    await starts;
  }
  for (const kind of ["records/containers", "data/trees", "data/containers"])
    expect(await readdir(join(dataRoot, kind)), kind).toEqual([]);
  expect((await client.info()).ContainersRunning).toBe(0);
});

test("changes are flushed to the disk if they are to survive a power failure", async () => {
  const handle = await open(process.execPath);
  const flush = vi.spyOn(Object.getPrototypeOf(handle) as typeof handle, "sync");
  await handle.close();
  onTestFinished(() => flush.mockRestore());
  const { client: plain } = await startBareEngine({ dataRoot: await temporaryDirectory() });
  await plain.createNetwork({ name: "made" });
  expect(flush).not.toHaveBeenCalled();
  const { client } = await startBareEngine({ dataRoot: await temporaryDirectory(), durability: "power" });
  const before = flush.mock.calls.length;
  await client.createNetwork({ name: "made" });
  expect(flush.mock.calls.length).toBeGreaterThan(before);
});
