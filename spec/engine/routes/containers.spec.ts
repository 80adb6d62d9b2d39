import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";
import { expect, test, vi } from "vitest";
import { temporaryDirectory } from "../../support/archive.js";
import { ask } from "../../support/ask.js";
import { BOX, outputOf, started, startEngine } from "../../support/embedded-engine.js";

test("a container runs, and its output and exit code are kept", async () => {
  const { client } = await startEngine();
  const id = await started(client, ["sh", "-c", "echo out; echo err >&2; exit 3"]);
  expect(await outputOf(client, id)).toEqual({ stdout: "out\n", stderr: "err\n", code: 3 });
  expect(await client.inspectContainer({ id })).toMatchObject({
    State: { Status: "exited", ExitCode: 3, Running: false, Pid: 0 },
    Config: { Image: BOX, Cmd: ["sh", "-c", "echo out; echo err >&2; exit 3"] },
  });
  expect(await client.startContainer({ id })).toEqual({ alreadyInState: false });
});

test("a container is stopped, paused, renamed, killed and removed", async () => {
  const { client } = await startEngine();
  const id = await started(client, ["sleep", "1000"]);
  expect(await client.startContainer({ id })).toEqual({ alreadyInState: true });
  await expect(client.removeContainer({ id })).rejects.toThrow(/stop the container before removing/);
  await client.pauseContainer({ id });
  expect((await client.inspectContainer({ id })).State).toMatchObject({ Status: "paused", Paused: true, Running: true });
  await expect(client.pauseContainer({ id })).rejects.toThrow("already paused");
  await client.unpauseContainer({ id });
  await client.renameContainer({ id, name: "renamed" });
  await client.killContainer({ id: "renamed", signal: "SIGKILL" });
  expect((await client.waitContainer({ id })).statusCode).toBe(137);
  expect(await client.stopContainer({ id })).toEqual({ alreadyInState: true });
  const removed = await client.waitContainer({ id, condition: "removed", onRegistered: () => client.removeContainer({ id }) });
  expect(removed.statusCode).toBe(137);
  await expect(client.inspectContainer({ id })).rejects.toThrow("no such container");
});

test("names are taken once, and missing images are reported", async () => {
  const { client } = await startEngine();
  await client.createContainer({ name: "one", config: { Image: BOX } });
  await expect(client.createContainer({ name: "one", config: { Image: BOX } })).rejects.toThrow("already in use by container");
  await expect(client.createContainer({ config: { Image: "missing" } })).rejects.toThrow("no such image");
  await expect(client.createContainer({ name: "a b", config: { Image: BOX } })).rejects.toThrow("Invalid container name");
});

test("an image is in use while a container of it is being created", async () => {
  const { client } = await startEngine({ dataRoot: await temporaryDirectory() });
  // the first of many volumes tells that it has begun
  const volumes = Array.from({ length: 100 }, (_, index) => [`/volumes/${index}`, {}] as const);
  const config = { Image: BOX, Cmd: ["cat", "/etc/passwd"], Volumes: Object.fromEntries(volumes) };
  const creating = client.createContainer({ config });
  await vi.waitFor(async () => expect((await client.listVolumes()).Volumes).not.toHaveLength(0), { interval: 1 });
  await expect(client.removeImage({ name: BOX })).rejects.toThrow("is using its referenced image");
  await client.removeImage({ name: BOX, force: true });
  const { Id: id } = await creating;
  await client.startContainer({ id });
  expect((await outputOf(client, id)).code).toBe(0);
});

test("the working directory is created with the container, unless a file is there", async () => {
  const { client } = await startEngine();
  const { Id: id } = await client.createContainer({ config: { Image: BOX, WorkingDir: "/a/b" } });
  expect(await client.containerChanges({ id })).toEqual([
    { Kind: 1, Path: "/a" },
    { Kind: 1, Path: "/a/b" },
  ]);
  const config = { Image: BOX, WorkingDir: "/etc/passwd" };
  await expect(client.createContainer({ config })).rejects.toThrow("Cannot mkdir: /etc/passwd is not a directory");
  const below = { ...config, WorkingDir: "/etc/passwd/x" };
  await expect(client.createContainer({ config: below })).rejects.toThrow("lstat /etc/passwd/x: not a directory");
  expect(await client.listContainers({ all: true })).toHaveLength(1);
});

test("a container has a log from the first start that comes as far as its processes, even if that fails", async () => {
  const { client } = await startEngine();
  const logOf = async (id: string): Promise<string | undefined> => (await client.inspectContainer({ id })).LogPath;
  const { Id: early } = await client.createContainer({ config: { Image: BOX }, hostConfig: { Dns: ["nowhere"] } });
  await expect(client.startContainer({ id: early })).rejects.toThrow("bad nameserver address");
  expect(await logOf(early)).toBe("");
  const { Id: late } = await client.createContainer({ config: { Image: BOX, Cmd: ["missing"] } });
  expect(await logOf(late)).toBe("");
  await expect(client.startContainer({ id: late })).rejects.toThrow("executable file not found");
  expect(await logOf(late)).toMatch(new RegExp(`/${late}-json\\.log$`));
});

test("a program that does not exist fails the start with 127", async () => {
  const { client } = await startEngine();
  const { Id: id } = await client.createContainer({ config: { Image: BOX, Cmd: ["missing"] } });
  await expect(client.startContainer({ id })).rejects.toThrow("executable file not found in $PATH");
  expect((await client.inspectContainer({ id })).State).toMatchObject({ Status: "created", ExitCode: 127 });
});

test("a container with a restart policy starts again until it has failed often enough", async () => {
  const { client } = await startEngine();
  const id = await started(client, ["false"], { RestartPolicy: { Name: "on-failure", MaximumRetryCount: 1 } });
  await vi.waitFor(async () => {
    expect(await client.inspectContainer({ id })).toMatchObject({ RestartCount: 1, State: { Status: "exited", ExitCode: 1 } });
  });
});

test("containers are listed by their filters", async () => {
  const { client } = await startEngine();
  const up = await started(client, ["sleep", "1000"], {}, { Labels: { tier: "front" } });
  const done = await started(client, ["sh", "-c", "exit 4"]);
  await client.waitContainer({ id: done });
  const ids = async (options: Parameters<typeof client.listContainers>[0]): Promise<string[]> =>
    (await client.listContainers(options)).map(({ Id }) => Id);
  expect(await ids({})).toEqual([up]);
  expect(await ids({ all: true })).toEqual([done, up]);
  expect(await ids({ limit: 1 })).toEqual([done]);
  expect(await ids({ filters: { exited: "4" } })).toEqual([done]);
  expect(await ids({ filters: { status: "running" } })).toEqual([up]);
  expect(await ids({ all: true, filters: { label: "tier=front" } })).toEqual([up]);
  expect(await ids({ filters: { since: up } })).toEqual([done]);
  expect(await ids({ filters: { before: done } })).toEqual([up]);
  expect(await ids({ all: true, filters: { ancestor: BOX } })).toEqual([done, up]);
  expect((await client.pruneContainers()).ContainersDeleted).toEqual([done]);
});

test("a client attaches in both directions", async () => {
  const { client } = await startEngine();
  const { Id: id } = await client.createContainer({
    config: { Image: BOX, Cmd: ["cat"], OpenStdin: true, StdinOnce: true, AttachStdin: true },
  });
  const output = new PassThrough();
  const text = buffer(output);
  const input = new PassThrough();
  const attached = client.attachToContainer({
    container: id,
    stream: true,
    stdin: true,
    stdout: true,
    inputStream: input,
    outputStream: output,
  });
  const waited = client.waitContainer({ id, condition: "next-exit" });
  await client.startContainer({ id });
  input.end("hello");
  await attached;
  output.end();
  expect((await text).toString()).toBe("hello");
  expect((await waited).statusCode).toBe(0);
});

test("logs are followed and selected", async () => {
  const { client } = await startEngine();
  const id = await started(client, ["sh", "-c", "for i in 1 2 3; do echo $i; done"]);
  const followed = await (await client.logs({ id, stdout: true, follow: true })).collect();
  expect(followed.stdout.toString()).toBe("1\n2\n3\n");
  const last = await (await client.logs({ id, stdout: true, tail: 1, timestamps: true })).collect();
  expect(last.stdout.toString()).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z 3\n$/);
});

test("commands run in a container", async () => {
  const { client } = await startEngine();
  const id = await started(client, ["sleep", "1000"]);
  const { exitCode, stdout, stderr } = await client.execute({
    container: id,
    cmd: ["sh", "-c", 'cat; echo "$A" >&2; exit 5'],
    env: ["A=b"],
    input: Buffer.from("in"),
  });
  expect([exitCode, stdout.toString(), stderr.toString()]).toEqual([5, "in", "b\n"]);
  const { Id: exec } = await client.createExec({ container: id, cmd: ["true"] });
  expect(await client.inspectExec({ id: exec })).toMatchObject({ ContainerID: id, Running: false, ExitCode: null });
  await client.killContainer({ id });
  await expect(client.createExec({ container: id, cmd: ["true"] })).rejects.toThrow("is not running");
});

test("files are copied into a container and out of it, and its changes are listed", async () => {
  const { client } = await startEngine();
  const { Id: id } = await client.createContainer({ config: { Image: BOX } });
  await client.copyToContainer({ container: id, path: "/data/new", content: Buffer.from("content") });
  expect((await client.readContainerFile({ container: id, path: "/data/new" })).toString()).toBe("content");
  expect(await client.statContainerPath({ container: id, path: "/data/new" })).toMatchObject({ name: "new", size: 7 });
  await expect(client.readContainerFile({ container: id, path: "/missing" })).rejects.toThrow("/missing");
  expect(await client.containerChanges({ id })).toEqual([
    { Path: "/data", Kind: 0 },
    { Path: "/data/new", Kind: 1 },
  ]);
});

test("events of the past are selected by time and type", async () => {
  const { client } = await startEngine();
  const id = await started(client, ["true"]);
  await client.waitContainer({ id });
  await client.removeContainer({ id });
  const actions: (string | undefined)[] = [];
  const now = `${Math.floor(Date.now() / 1000) + 1}`;
  for await (const { Action } of client.streamEvents({ since: "1", until: now, filters: { type: "container" } }))
    actions.push(Action);
  expect(actions).toEqual(["create", "start", "die", "destroy"]);
});

test.each([
  ["writes what nobody reads", "seq 1000000000 >/dev/null"],
  ["passes it through pipes", "seq 1000000000 | cat | cat >/dev/null"],
  ["computes", "while :; do :; done"],
])("an endless program that %s does not keep the engine from answering", async (_, script) => {
  const { client } = await startEngine();
  const id = await started(client, ["sh", "-c", script]);
  for (let round = 0; round < 3; round += 1) await client.ping();
  await client.killContainer({ id });
  expect((await client.waitContainer({ id })).statusCode).toBe(137);
});

test("an endless program whose output is not kept does not keep the engine from answering", async () => {
  const { client } = await startEngine();
  const id = await started(client, ["seq", "1000000000"], { LogConfig: { Type: "none" } });
  await client.ping();
  await client.killContainer({ id });
  expect((await client.waitContainer({ id })).statusCode).toBe(137);
});

test("a container joins one network at its creation before API 1.44, and several since", async () => {
  const { engine, client } = await startEngine();
  for (const name of ["one", "two"]) await client.createNetwork({ name });
  const body = { Image: BOX, NetworkingConfig: { EndpointsConfig: { one: {}, two: {} } }, HostConfig: { NetworkMode: "one" } };
  const create = async (version: string): Promise<{ status: number; text: string }> => {
    const headers = { "content-type": "application/json" };
    return ask(engine.endpoint, {
      path: `/v${version}/containers/create`,
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
  };
  const message = "Container cannot be created with multiple network endpoints: one, two";
  for (const version of ["1.24", "1.43"]) {
    const { status, text } = await create(version);
    expect([status, JSON.parse(text)]).toEqual([400, { message }]);
  }
  expect(await create("1.44")).toMatchObject({ status: 201 });
});

test("paths that do not exist are reported as Docker does", async () => {
  const { client } = await startEngine();
  const { Id: id } = await client.createContainer({ config: { Image: BOX } });
  await expect(client.statContainerPath({ container: id, path: "/nowhere" })).rejects.toMatchObject({ name: "NoSuchPathError" });
  await expect(client.readContainerFile({ container: id, path: "/nowhere" })).rejects.toMatchObject({ name: "NoSuchPathError" });
  await expect(client.statContainerPath({ container: "missing", path: "/" })).rejects.toMatchObject({
    name: "NoSuchContainerError",
  });
});

test("only a terminal of a running container has a size", async () => {
  const { client } = await startEngine();
  const { Id: id } = await client.createContainer({ config: { Image: BOX, Cmd: ["sleep", "1000"] } });
  await expect(client.resizeContainerTty({ id, height: 10, width: 20 })).rejects.toMatchObject({ status: 409 });
  await client.startContainer({ id });
  await client.resizeContainerTty({ id, height: 10, width: 20 }); // has no effect without a terminal
  await expect(client.resizeContainerTty({ id, height: -1, width: 20 })).rejects.toThrow(
    'invalid resize height "-1": value out of range',
  );
});

test("only the volumes that were created for a container are removed with it, if no other one uses them", async () => {
  const { client } = await startEngine();
  const { Name: unnamed } = await client.createVolume({});
  const hostConfig = { Binds: [`${unnamed}:/data`] };
  const { Id: first } = await client.createContainer({ config: { Image: BOX, Volumes: { "/own": {} } }, hostConfig });
  const { Id: second } = await client.createContainer({ config: { Image: BOX }, hostConfig: { VolumesFrom: [first] } });
  const volumes = async (): Promise<string[]> => (await client.listVolumes()).Volumes.map(({ Name }) => Name);
  const [own] = (await volumes()).filter((name) => name !== unnamed);
  await client.removeContainer({ id: first, removeVolumes: true });
  expect((await volumes()).sort()).toEqual([unnamed, own].sort());
  await client.removeContainer({ id: second, removeVolumes: true });
  expect(await volumes()).toEqual([unnamed]);
});

test("a command that cannot be started says so in its output, or in the answer if it is detached", async () => {
  const { client } = await startEngine();
  const container = await started(client, ["sleep", "1000"]);
  const { Id: attached } = await client.createExec({ container, cmd: ["missing"] });
  const stream = await client.startExecNonBlocking({ id: attached });
  expect((await stream.collect()).stdout.toString()).toBe(
    'OCI runtime exec failed: exec failed: unable to start container process: exec: "missing": executable file not found in $PATH\r\n',
  );
  const { Id: detached } = await client.createExec({ container, cmd: ["missing"] });
  await expect(client.startExec({ id: detached, detach: true })).rejects.toMatchObject({ status: 400 });
  for (const id of [attached, detached])
    expect(await client.inspectExec({ id })).toMatchObject({ ExitCode: 127, Running: false, Pid: 0, CanRemove: false });
});

test("the filter ancestor finds the containers of an image and of those built on it, not of those below", async () => {
  const { client } = await startEngine();
  const { Id: below } = await client.createContainer({ config: { Image: BOX } });
  await client.commitContainer({ container: below, repository: "above", changes: ['CMD ["true"]'] }); // has the same layers
  const { Id: above } = await client.createContainer({ config: { Image: "above" } });
  const found = async (ancestor: string): Promise<string[]> =>
    (await client.listContainers({ all: true, filters: { ancestor } })).map(({ Id }) => Id);
  expect(await found(BOX)).toEqual([above, below]);
  expect(await found("above")).toEqual([above]);
});

test("a container has further groups", async () => {
  const { client } = await startEngine();
  const { Id: id } = await client.createContainer({
    config: { Image: BOX, Cmd: ["cat", "/data/f"], User: "guest" },
    hostConfig: { GroupAdd: ["55"] },
  });
  await client.copyToContainer({ container: id, path: "/data/f", content: "for the group\n", mode: 0o640, gid: 55 });
  await client.startContainer({ id });
  expect((await outputOf(client, id)).stdout).toBe("for the group\n");
  await expect(started(client, ["true"], { GroupAdd: ["nosuch"] })).rejects.toThrow("unable to find group nosuch");
});
