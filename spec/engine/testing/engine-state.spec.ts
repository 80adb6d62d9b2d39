import { once } from "node:events";
import { expect, test, vi } from "vitest";
import { ManualClock } from "../../../lib/engine/testing/manual-clock.js";
import { summarizeStats } from "../../../lib/index.js";
import { BOX, outputOf, startBareEngine, started, startEngine } from "../../support/embedded-engine.js";

test("a container exits with a code, and its restart policy applies", async () => {
  const { engine, client } = await startEngine();
  const id = await started(client, ["sleep", "1000"]);
  const waiting = client.waitContainer({ id });
  await engine.containers.exit(id, 3);
  expect(await waiting).toMatchObject({ statusCode: 3 });
  expect((await client.inspectContainer({ id })).State).toMatchObject({ Status: "exited", ExitCode: 3, OOMKilled: false });
  await expect(engine.containers.exit(id)).rejects.toMatchObject({ status: 409 });
  await expect(engine.containers.exit("none")).rejects.toMatchObject({ status: 404 });

  const restarted = await started(client, ["sleep", "1000"], { RestartPolicy: { Name: "on-failure" } });
  await engine.containers.exit(restarted, 1);
  await vi.waitFor(async () => expect(await client.inspectContainer({ id: restarted })).toMatchObject({ RestartCount: 1 }));
  await vi.waitFor(async () => expect((await client.inspectContainer({ id: restarted })).State.Status).toBe("running"));
  await engine.containers.exit(restarted, 0);
  expect((await client.inspectContainer({ id: restarted })).State).toMatchObject({ Status: "exited", ExitCode: 0 });
});

test("a paused container has no memory left", async () => {
  const { engine, client } = await startEngine();
  const id = await started(client, ["sleep", "1000"]);
  await client.pauseContainer({ id });
  const since = Math.floor(Date.now() / 1000) - 1;
  await engine.containers.oom(id);
  expect((await client.inspectContainer({ id })).State).toMatchObject({ Status: "exited", ExitCode: 137, OOMKilled: true });
  const actions: string[] = [];
  for await (const { Action } of client.streamEvents({ since, until: Math.ceil(Date.now() / 1000) + 1 })) actions.push(Action);
  expect(actions.filter((action) => action === "oom" || action === "die")).toEqual(["oom", "die"]);
});

test("a container becomes unhealthy and healthy again", async () => {
  const { engine, client } = await startEngine();
  const id = await started(client, ["sleep", "1000"]);
  const actions: string[] = [];
  await client.addEventListener(
    (event) => {
      if ("Action" in event) actions.push(event.Action);
    },
    {
      filters: { container: id, event: ["health_status"] },
    },
  );
  await engine.containers.setHealth(id, "unhealthy", "connection refused");
  await engine.containers.setHealth(id, "unhealthy");
  const { Health } = (await client.inspectContainer({ id })).State;
  expect(Health).toMatchObject({
    Status: "unhealthy",
    FailingStreak: 2,
    Log: [{ ExitCode: 1, Output: "connection refused" }, {}],
  });
  await engine.containers.setHealth(id, "healthy");
  await client.waitForHealthy({ id });
  await vi.waitFor(() => expect(actions).toEqual(["health_status: unhealthy", "health_status: healthy"]));
  await engine.containers.exit(id);
  await expect(engine.containers.setHealth(id, "healthy")).rejects.toMatchObject({ status: 409 });
});

test("a container gets a state that is hard to reach", async () => {
  const { engine, client } = await startEngine();
  const { Id: id } = await client.createContainer({ config: { Image: BOX } });
  const startedAt = new Date("2020-01-01T00:00:00Z");
  const finishedAt = new Date("2020-01-01T00:00:01Z");
  await engine.containers.setState(id, {
    status: "dead",
    exitCode: 9,
    error: "device busy",
    restartCount: 4,
    startedAt,
    finishedAt,
  });
  const { State, RestartCount } = await client.inspectContainer({ id });
  expect(State).toMatchObject({ Dead: true, ExitCode: 9, Error: "device busy", StartedAt: "2020-01-01T00:00:00Z" });
  expect(State.FinishedAt).toBe("2020-01-01T00:00:01Z");
  expect(RestartCount).toBe(4);
  const running = await started(client, ["sleep", "1000"]);
  await expect(engine.containers.setState(running, { exitCode: 1 })).rejects.toMatchObject({ status: 409 });
});

test("output appears in the log and at attached clients", async () => {
  const { engine, client } = await startEngine();
  const id = await started(client, ["sleep", "1000"]);
  const attached = await client.attachToContainerNonBlocking({ container: id, stdout: true, stderr: true });
  const output = attached.collect();
  await engine.containers.write(id, "listening on 8080\n");
  await engine.containers.write(id, Buffer.from("warning\n"), "stderr");
  await engine.containers.exit(id);
  expect(await outputOf(client, id)).toEqual({ stdout: "listening on 8080\n", stderr: "warning\n", code: 0 });
  expect((await output).stdout.toString()).toBe("listening on 8080\n");
});

test("statistics report what a test sets", async () => {
  const { engine, client } = await startEngine();
  const id = await started(client, ["sleep", "1000"]);
  engine.containers.setStats(id, { memory_stats: { usage: 50_000_000, limit: 100_000_000 } });
  const sample = await client.stats({ id, stream: false });
  expect(summarizeStats(sample)).toMatchObject({ memoryUsed: 50_000_000, memoryLimit: 100_000_000 });
});

test("images are added with files and programs", async () => {
  const clock = new ManualClock(new Date("2030-01-01T00:00:00Z"));
  const { engine, client } = await startBareEngine({ standardImages: [], clock });
  const id = await engine.images.add("shop/orders:1.4", {
    files: { "/etc/orders.conf": "port = 1\n" },
    programs: { "/usr/bin/answer": ({ argv }) => Number(argv[1]) },
    config: { Labels: { tier: "back" } },
  });
  expect(await client.inspectImage({ name: "shop/orders:1.4" })).toMatchObject({
    Id: id,
    Created: "2030-01-01T00:00:00Z",
    Config: { Labels: { tier: "back" }, Cmd: ["sh"] },
  });
  const run = (command: string[], image = "shop/orders:1.4"): Promise<{ statusCode: number; stdout: Buffer }> =>
    client.output({ image, command });
  expect((await run(["cat", "/etc/orders.conf"])).stdout.toString()).toBe("port = 1\n");
  expect((await run(["sh", "-c", "answer 41; exit $(($? + 1))"])).statusCode).toBe(42);

  await engine.images.add("postgres", {
    program: async ({ argv, env, stdout, signal }) => {
      stdout.write(`${argv.slice(1).join(" ")} ${env.NAME ?? ""}\n`);
      if (argv[1] === "wait") await once(signal, "abort");
      return 0;
    },
    config: { Env: ["NAME=pg"] },
    isBare: true,
  });
  expect((await run(["-c", "fsync=off"], "postgres:latest")).stdout.toString()).toBe("-c fsync=off pg\n");
  await expect(client.output({ image: "postgres", config: { Entrypoint: ["cat"] } })).rejects.toThrow(/cat/);
  await expect(engine.images.add("x", { files: { "etc/a": "" } })).rejects.toThrow(TypeError);
});

test("volumes are added with files, and read", async () => {
  const { engine, client } = await startEngine();
  await engine.volumes.add("data", { files: { "conf/app.json": "{}", "/top": "1" }, labels: { a: "b" } });
  await engine.volumes.add("data", { files: { more: "2" } });
  expect(await client.inspectVolume({ name: "data" })).toMatchObject({ Labels: { a: "b" } });
  const id = await started(client, ["sh", "-c", "cat /v/top /v/more /v/conf/app.json; echo out > /v/made"], {
    Binds: ["data:/v"],
  });
  expect((await outputOf(client, id)).stdout).toBe("12{}");
  expect((await engine.volumes.read("data", "made")).toString()).toBe("out\n");
  await expect(engine.volumes.read("data", "none")).rejects.toMatchObject({ code: "ENOENT" });
  await expect(engine.volumes.read("none", "made")).rejects.toMatchObject({ status: 404 });
});

test("events are emitted", async () => {
  const { engine, client } = await startBareEngine();
  const seen: unknown[] = [];
  await client.addEventListener((event) => void seen.push(event), { filters: { type: ["node"] } });
  expect(engine.events.listenerCount).toBe(1);
  engine.events.emit({ type: "container", action: "start", id: "x" });
  engine.events.emit({ type: "node", action: "update", id: "abc", attributes: { "state.new": "down" }, scope: "swarm" });
  await vi.waitFor(() => expect(seen).toHaveLength(1));
  expect(seen[0]).toMatchObject({
    Type: "node",
    Action: "update",
    Actor: { ID: "abc", Attributes: { "state.new": "down" } },
    scope: "swarm",
  });
});
