import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { controlGroups, machineState } from "../../../support/machine-state.js";
import { BOX, ociClient, runBox, startBox, startOciEngine } from "./oci-engine.js";

// a busy machine takes seconds for each container
vi.setConfig({ testTimeout: 180_000 });

test("containers are processes of the machine", async (context) => {
  const client = await ociClient(context);
  expect(await runBox(client, ["sh", "-c", "echo out; echo err >&2; exit 3"])).toEqual({
    stdout: "out\n",
    stderr: "err\n",
    code: 3,
  });
  expect(await runBox(client, ["sh", "-c", "kill -TERM $$ & kill -KILL $!; wait; kill -9 -1; echo pid $$"])).toMatchObject({
    stdout: "pid 1\n",
    code: 0,
  });
  const id = await startBox(client, ["sleep", "1000"]);
  const { State } = await client.inspectContainer({ id });
  // empty while the kernel replaces the program of the runtime
  await vi.waitFor(async () => expect(await readFile(`/proc/${State.Pid}/cmdline`, "utf8")).toBe("sleep\x001000\x00"));
  await client.killContainer({ id });
  expect(await client.inspectContainer({ id })).toMatchObject({ State: { ExitCode: 137, Status: "exited" } });
  await client.removeContainer({ id });
});

test("info says which executor runs, and why", async (context) => {
  const client = await ociClient(context);
  const info = await client.info();
  expect(info.DriverStatus).toContainEqual(["Executor", expect.stringMatching(/^oci: (runc|crun) \S+ has run a container$/)]);
  expect(info).toMatchObject({ MemoryLimit: true, PidsLimit: true });
});

test.for([
  ["nosuch", 400, 127, 'exec: "nosuch": executable file not found in $PATH'],
  ["/data/old", 400, 126, "permission denied"],
  ["/data", 400, 126, 'exec: "/data": '],
] as const)("a container that cannot start %s says why", async ([command, status, code, message], context) => {
  const client = await ociClient(context);
  const { Id: id } = await client.createContainer({ config: { Image: BOX, Cmd: [command] }, hostConfig: {} });
  await expect(client.startContainer({ id })).rejects.toMatchObject({ status, reason: expect.stringContaining(message) });
  expect((await client.inspectContainer({ id })).State).toMatchObject({ Status: "created", ExitCode: code });
  await client.removeContainer({ id });
});

test("processes have the user, the groups and the privileges that the container asks for", async (context) => {
  const client = await ociClient(context);
  const id = ["sh", "-c", "id -u; id -g; id -G; echo $HOME"];
  expect((await runBox(client, id, {}, { User: "guest" })).stdout).toBe("1000\n1001\n1001 1002\n/home\n");
  expect((await runBox(client, id, { GroupAdd: ["more", "1077"] }, { User: "5:6" })).stdout).toBe("5\n6\n6 1002 1077\n/\n");
  const capabilities = ["sh", "-c", "grep CapEff /proc/self/status"];
  expect((await runBox(client, capabilities)).stdout).toBe("CapEff:\t00000000a80425fb\n");
  expect((await runBox(client, capabilities, { CapDrop: ["ALL"], CapAdd: ["NET_RAW"] })).stdout).toBe(
    "CapEff:\t0000000000002000\n",
  );
  expect((await runBox(client, capabilities, {}, { User: "guest" })).stdout).toBe("CapEff:\t0000000000000000\n");
});

test("limits are enforced, and the lack of memory is told", async (context) => {
  const client = await ociClient(context);
  const id = await startBox(client, ["sh", "-c", "x=a; while :; do x=$x$x; done"], { Memory: 16 * 1024 * 1024 });
  expect(await client.waitContainer({ id })).toMatchObject({ statusCode: 137 });
  expect((await client.inspectContainer({ id })).State).toMatchObject({ OOMKilled: true, ExitCode: 137 });
  await client.removeContainer({ id });
  const forks = ["sh", "-c", "for i in 1 2 3 4 5 6; do sleep 5 & done; wait"];
  expect((await runBox(client, forks, { PidsLimit: 4 })).stderr).toContain("can't fork");
  const ulimits = { Ulimits: [{ Name: "nofile", Soft: 100, Hard: 200 }] };
  expect((await runBox(client, ["sh", "-c", "ulimit -n; ulimit -Hn"], ulimits)).stdout).toBe("100\n200\n");
});

test("a changed limit holds for the container that runs", async (context) => {
  const client = await ociClient(context);
  const id = await startBox(client, ["sleep", "1000"], { Memory: 64 * 1024 * 1024 });
  await client.updateContainer({ id, update: { Memory: 32 * 1024 * 1024, MemorySwap: 32 * 1024 * 1024 } });
  const { memory_stats: memory, pids_stats: pids } = await client.stats({ id, oneShot: true });
  expect(memory.limit).toBe(32 * 1024 * 1024);
  expect(pids?.current).toBe(1);
  await client.removeContainer({ id, force: true });
});

test("paused processes do nothing, and are killed all the same", async (context) => {
  const client = await ociClient(context);
  const id = await startBox(client, ["sh", "-c", "while :; do echo x >>/tmp/x; done"]);
  await client.pauseContainer({ id });
  const size = async (): Promise<unknown> => (await client.inspectContainer({ id, size: true })).SizeRw;
  const before = await size();
  expect(await size()).toBe(before);
  await client.killContainer({ id });
  expect((await client.inspectContainer({ id })).State).toMatchObject({ Status: "exited", ExitCode: 137 });
  await client.removeContainer({ id });
});

test("what a container writes is what it changed, committed and copied", async (context) => {
  const client = await ociClient(context);
  const id = await startBox(client, [
    "sh",
    "-c",
    "echo new >/n; rm /data/old; mkdir /d; ln /n /d/hard; rm -r /root; mkdir /root; chmod 700 /tmp",
  ]);
  await client.waitContainer({ id });
  expect(await client.containerChanges({ id })).toEqual([
    { Path: "/d", Kind: 1 },
    { Path: "/d/hard", Kind: 1 },
    { Path: "/data", Kind: 0 },
    { Path: "/data/old", Kind: 2 },
    { Path: "/n", Kind: 1 },
    { Path: "/tmp", Kind: 0 },
  ]);
  await client.commitContainer({ container: id, repository: "changed", tag: "1" });
  const command = ["sh", "-c", "cat /d/hard; ls /data; stat -c %h /n; stat -c %a /tmp"];
  const { Id: copy } = await client.createContainer({ config: { Image: "changed:1", Cmd: command }, hostConfig: {} });
  await client.startContainer({ id: copy });
  await client.waitContainer({ id: copy });
  const { stdout } = await (await client.logs({ id: copy, stdout: true })).collect();
  expect(stdout.toString()).toBe("new\n2\n700\n");
  for (const each of [copy, id]) await client.removeContainer({ id: each });
  await client.removeImage({ name: "changed:1" });
});

test("folders of the machine, volumes and file systems in memory are mounted", async (context) => {
  const client = await ociClient(context);
  const folder = await mkdtemp(join(tmpdir(), "oci-bind-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "file"), "of the machine\n");
  const hostConfig = { Binds: [`${folder}:/host:ro`, "oci-volume:/data"], Tmpfs: { "/memory": "size=1m" } };
  const script =
    "cat /host/file; touch /host/x 2>&1; ls /data; echo kept >/data/new; df -k /memory | tail -n 1 | awk '{print $2}'";
  expect((await runBox(client, ["sh", "-c", script], hostConfig)).stdout).toBe(
    "of the machine\ntouch: /host/x: Read-only file system\nold\n1024\n",
  );
  expect((await runBox(client, ["cat", "/data/new"], { Binds: ["oci-volume:/data"] })).stdout).toBe("kept\n");
  await client.removeVolume({ name: "oci-volume" });
});

test("the unpacked layers of removed images are gone after the next start, and those of containers are not", async (context) => {
  const dataRoot = await mkdtemp(join(tmpdir(), "oci-layers-"));
  onTestFinished(() => rm(dataRoot, { recursive: true, force: true }));
  const unpacked = () => readdir(join(dataRoot, "data/oci/layers"));
  const first = await startOciEngine(context, { dataRoot });
  const kept = await startBox(first.client, ["true"]);
  await first.client.waitContainer({ id: kept });
  const before = await unpacked();
  const built = await first.client.commitContainer({ container: kept, repository: "other", changes: ["LABEL a=b"] });
  const written = await startBox(first.client, ["sh", "-c", "echo x >/data/x"]);
  await first.client.waitContainer({ id: written });
  const { Id: image } = await first.client.commitContainer({ container: written, repository: "more" });
  const more = await first.client.createContainer({ config: { Image: "more", Cmd: ["true"] } });
  await first.client.startContainer({ id: more.Id });
  await first.client.waitContainer({ id: more.Id });
  expect((await unpacked()).length).toBeGreaterThan(before.length);
  for (const id of [more.Id, written]) await first.client.removeContainer({ id });
  for (const name of [image, built.Id]) await first.client.removeImage({ name });
  await first.client.close();
  await first.engine.close();

  const { engine, client } = await startOciEngine(context, { dataRoot });
  expect((await unpacked()).sort()).toEqual([...before].sort());
  await client.startContainer({ id: kept });
  expect((await client.waitContainer({ id: kept })).statusCode).toBe(0);
  await client.close();
  await engine.close();
});

test("commands run in containers, with a terminal or without", async (context) => {
  const client = await ociClient(context);
  const id = await startBox(client, ["sleep", "1000"]);
  const run = async (cmd: string[], more: object = {}): Promise<unknown> => {
    const { stdout, stderr, exitCode } = await client.execute({ container: id, cmd, ...more });
    return [stdout.toString(), stderr.toString(), exitCode];
  };
  expect(await run(["sh", "-c", "cat /proc/1/cmdline; echo e >&2; exit 7"])).toEqual(["sleep\x001000\x00", "e\n", 7]);
  // runc leaves the ends of lines to the outer terminal, but only once the process runs: the first may have two returns
  expect(await run(["sh", "-c", "tty; exit 4"], { tty: true })).toEqual([
    expect.stringMatching(/^\/dev\/pts\/0\r{1,2}\n$/),
    "",
    4,
  ]);
  await client.removeContainer({ id, force: true });
});

test("an engine leaves nothing behind, also of containers that run", async (context) => {
  const before = machineState();
  const { engine, client } = await startOciEngine(context);
  const id = await startBox(client, ["sh", "-c", "sleep 1000 & sleep 1000"], { Tmpfs: { "/tmp": "" } });
  const pid = (await client.inspectContainer({ id })).State.Pid;
  await client.createContainer({ config: { Image: BOX }, hostConfig: {} });
  await client.close();
  await engine.close();
  await expect(readFile(`/proc/${pid}/cmdline`)).rejects.toThrow("ENOENT");
  expect(machineState()).toEqual(before);
  expect(controlGroups(id)).toEqual([]);
});

test("commands in a container leave its folder alone, which may be removed while they start", async (context) => {
  const dataRoot = await mkdtemp(join(tmpdir(), "oci-commands-"));
  onTestFinished(() => rm(dataRoot, { recursive: true, force: true }));
  const { engine, client } = await startOciEngine(context, { dataRoot });
  onTestFinished(async () => {
    await client.close();
    await engine.close();
  });
  const id = await startBox(client, ["sleep", "100"]);
  const [folder = ""] = (await readdir(dataRoot, { recursive: true })).filter((name) => name.endsWith(`${id}/run`));
  const changed = async (): Promise<bigint> => (await stat(join(dataRoot, folder), { bigint: true })).mtimeNs;
  const before = await changed();
  expect((await client.execute({ container: id, cmd: ["echo", "there"] })).stdout.toString()).toBe("there\n");
  await client.updateContainer({ id, update: { Memory: 64 * 1024 * 1024, MemorySwap: -1 } });
  expect(await changed()).toBe(before);
  await client.removeContainer({ id, force: true });
});
