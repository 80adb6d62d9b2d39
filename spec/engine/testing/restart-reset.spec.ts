import { stat } from "node:fs/promises";
import { connect } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { Client } from "../../../lib/client.js";
import { ManualClock } from "../../../lib/engine/testing/manual-clock.js";
import { temporaryDirectory } from "../../support/archive.js";
import { startBareEngine } from "../../support/embedded-engine.js";

const busybox = "busybox:latest";
const standardImages = [busybox];

const disk = async (): Promise<{ dataRoot: string }> => ({ dataRoot: await temporaryDirectory() });
const memory = (): Promise<object> => Promise.resolve({});

test.each([
  ["in memory", memory],
  ["on disk", disk],
])("a restart keeps what is %s", async (_, options) => {
  const { engine, client } = await startBareEngine({ standardImages, ...(await options()) });
  const create = async (name: string, Cmd: string[], hostConfig = {}): Promise<void> => {
    await client.createContainer({ name, config: { Image: busybox, Cmd }, hostConfig });
    await client.startContainer({ id: name });
  };
  await create("done", ["sh", "-c", "echo out; echo kept > /file; echo kept > /data/file; exit 3"], { Binds: ["data:/data"] });
  await client.waitContainer({ id: "done" });
  await create("cut", ["sleep", "1000"]);
  await create("always", ["sleep", "1000"], { RestartPolicy: { Name: "always" } });
  await create("unless", ["sleep", "1000"], { RestartPolicy: { Name: "unless-stopped" } });
  await create("stopped", ["sleep", "1000"], { RestartPolicy: { Name: "unless-stopped" } });
  await client.stopContainer({ id: "stopped", timeout: 0 });
  await create("gone", ["sleep", "1000"], { AutoRemove: true });
  await client.createNetwork({ name: "net" });
  const { ID } = await client.info();
  const failure = engine.failures.add({ operation: "SystemDataUsage", status: 500 });
  const { endpoints } = engine;

  const following = (await client.logs({ id: "cut", follow: true })).collect().catch(() => undefined);
  let isDown = false;
  await engine.restart(async () => {
    await following;
    const other = new Client({ endpoint: engine.endpoint });
    isDown = await other.ping().then(
      () => false,
      () => true,
    );
    await other.close();
  });
  expect(isDown).toBe(true);
  expect(engine.endpoints).toEqual(endpoints);

  const found = await client.listContainers({ all: true });
  expect(Object.fromEntries(found.map(({ Names, State }) => [Names[0], State]))).toEqual({
    "/done": "exited",
    "/cut": "exited",
    "/always": "running",
    "/unless": "running",
    "/stopped": "exited",
  });
  expect((await client.inspectContainer({ id: "cut" })).State.ExitCode).toBe(137);
  expect(await client.info()).toMatchObject({ ID });
  expect((await client.readContainerFile({ container: "done", path: "/file" })).toString()).toBe("kept\n");
  expect((await engine.volumes.read("data", "file")).toString()).toBe("kept\n");
  const { stdout } = await (await client.logs({ id: "done" })).collect();
  expect(stdout.toString()).toBe("out\n");
  expect((await client.listNetworks()).map(({ Name }) => Name)).toContain("net");
  await expect(client.diskUsage()).rejects.toThrow();
  expect(failure.failed).toBe(1);
});

test("a container whose restart is delayed is started with the engine", async () => {
  const clock = new ManualClock();
  const { engine, client } = await startBareEngine({ standardImages, clock });
  const config = { Image: busybox, Cmd: ["false"] };
  await client.createContainer({ name: "failing", config, hostConfig: { RestartPolicy: { Name: "always" } } });
  await client.startContainer({ id: "failing" });
  await clock.untilSleeping(100);
  await engine.restart();
  await vi.waitFor(async () => expect((await client.inspectContainer({ id: "failing" })).State.Restarting).toBe(true));
  expect(clock.sleeping.filter((left) => left === 100)).toHaveLength(1);
});

test.each([
  ["in memory", memory],
  ["on disk", disk],
])("a reset forgets everything that is %s but the sockets", async (_, options) => {
  const { engine, client } = await startBareEngine({ standardImages, ...(await options()), listen: "tcp://127.0.0.1:0" });
  await client.createContainer({ name: "web", config: { Image: busybox, Cmd: ["sleep", "1000"] } });
  await client.startContainer({ id: "web" });
  await client.createVolume({ name: "data" });
  await client.createNetwork({ name: "net" });
  await engine.images.add("made:1");
  await client.removeImage({ name: "busybox", force: true });
  engine.failures.add({ operation: "SystemInfo", status: 500 });
  engine.answers.add({ operation: "ServiceList", reply: { json: [] } });
  engine.requests.bodyLimit = 10;
  const hanging = engine.failures.add({ operation: "VolumeCreate", hang: true });
  const hung = client.createVolume({ name: "hung" }).catch((error: unknown) => error);
  await hanging.waitFor();
  const logs = (await client.logs({ id: "web", follow: true })).collect().catch((error: unknown) => error);

  await engine.reset();
  expect(await hung).toBeInstanceOf(Error);
  await logs;
  expect(await client.listContainers({ all: true })).toEqual([]);
  expect((await client.listVolumes()).Volumes).toEqual([]);
  expect((await client.listNetworks()).map(({ Name }) => Name).sort()).toEqual(["bridge", "host", "none"]);
  expect((await client.listImages()).map(({ RepoTags }) => RepoTags)).toEqual([[busybox]]);
  await client.info();
  await expect(client.listServices()).rejects.toThrow("not a swarm manager");
  expect(engine.requests.bodyLimit).toBe(0);
  expect(engine.requests.list({ operation: "ServiceList" })).toHaveLength(1);
  expect((await client.output({ image: "busybox", command: ["echo", "again"] })).stdout.toString()).toBe("again\n");
});

test.each([
  ["in memory", memory],
  ["on disk", disk],
])("a reset keeps images %s if asked", async (_, options) => {
  const { engine, client } = await startBareEngine({ standardImages, ...(await options()) });
  await engine.images.add("shop:1", { programs: { "/bin/answer": () => 42 } });
  for (let round = 0; round < 2; round += 1) {
    await client.createVolume({ name: "data" });
    await engine.reset({ keepImages: true });
    expect((await client.listVolumes()).Volumes).toEqual([]);
    expect((await client.output({ image: "shop:1", command: ["answer"] })).statusCode).toBe(42);
  }
});

test("several engines of one process know nothing of each other", async () => {
  const engines = await Promise.all([1, 2, 3].map(() => startBareEngine({ standardImages })));
  for (const [at, { engine, client }] of engines.entries()) {
    await client.createVolume({ name: `data${at}` });
    await client.createContainer({ name: "same", config: { Image: busybox, Cmd: ["sleep", "1000"] } });
    await client.startContainer({ id: "same" });
    engine.failures.add({ operation: "SystemInfo", status: 500, message: `engine ${at}` });
  }
  for (const [at, { client }] of engines.entries()) {
    expect((await client.listVolumes()).Volumes.map(({ Name }) => Name)).toEqual([`data${at}`]);
    await expect(client.info()).rejects.toThrow(`engine ${at}`);
  }
  await engines[0]!.engine.reset();
  expect(await engines[0]!.client.listContainers({ all: true })).toEqual([]);
  expect(await engines[1]!.client.listContainers()).toHaveLength(1);
  const paths = engines.map(({ engine }) => engine.endpoint.slice("unix://".length));
  await Promise.all(engines.map(({ engine }) => engine.close()));
  for (const path of paths) await expect(stat(path)).rejects.toMatchObject({ code: "ENOENT" });
});

test("a connection that is kept alive can be used after a reset", async () => {
  const { engine } = await startBareEngine();
  const socket = connect(engine.endpoint.slice("unix://".length));
  onTestFinished(() => void socket.destroy());
  let text = "";
  socket.on("data", (part: Buffer) => (text += part.toString()));
  const count = (): number => text.match(/HTTP\/1\.1 201/g)?.length ?? 0;
  const body = '{"Name":"data"}';
  const create = `POST /volumes/create HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  socket.write(create);
  await vi.waitFor(() => expect(count()).toBe(1));
  await engine.reset();
  socket.write(create);
  await vi.waitFor(() => expect(count()).toBe(2));
});
