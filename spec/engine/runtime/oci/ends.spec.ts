import { readdirSync } from "node:fs";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { expect, onTestFinished, test, vi } from "vitest";
import { hostProcess, statFields } from "../../../../lib/engine/runtime/oci/host-process.js";
import { ociClient, runBox, startBox } from "./oci-engine.js";

// a busy machine takes seconds for each container
vi.setConfig({ testTimeout: 180_000 });

test("a first process that ignores the signal is killed when its time is over", async (context) => {
  const client = await ociClient(context);
  // the first process of a container ignores what it does not handle
  const id = await startBox(client, ["sleep", "1000"]);
  const began = performance.now();
  await client.stopContainer({ id, timeout: 1 });
  expect(performance.now() - began).toBeGreaterThan(1_000);
  expect((await client.inspectContainer({ id })).State).toMatchObject({ Status: "exited", ExitCode: 137, OOMKilled: false });
  await client.removeContainer({ id });
});

test("commands end with their container", async (context) => {
  const client = await ociClient(context);
  const id = await startBox(client, ["sleep", "1000"]);
  const { Id: exec } = await client.createExec({ container: id, cmd: ["sleep", "1000"] });
  await client.startExec({ id: exec, detach: true });
  const { Pid = 0 } = await client.inspectExec({ id: exec });
  expect(hostProcess(Pid)).toBeDefined();
  await client.killContainer({ id });
  await client.waitContainer({ id });
  await vi.waitFor(async () => expect((await client.inspectExec({ id: exec })).Running).toBe(false), { timeout: 10_000 });
  expect(hostProcess(Pid)).toBeUndefined();
  await client.removeContainer({ id });
});

/** The children of this process that have ended, and wait for it to notice. */
const zombies = (): string[] =>
  readdirSync("/proc").filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    const [state, parent] = statFields(Number(name)) ?? [];
    return state === "Z" && parent === String(process.pid);
  });

test("runs leave no processes", async (context) => {
  const client = await ociClient(context);
  for (let round = 0; round < 4; round += 1)
    await Promise.all(Array.from({ length: 5 }, () => runBox(client, ["sh", "-c", "sleep 1000 & exit 3"])));
  await vi.waitFor(() => expect(zombies()).toEqual([]), { timeout: 10_000 });
});

test("an image that was committed, saved and loaded has files of all kinds as they were", async (context) => {
  const client = await ociClient(context);
  const name = "n".repeat(120);
  const make = [
    "mkfifo /pipe; mknod /null c 1 3; echo text >/file; ln /file /other; chmod 4755 /file; chown 5:6 /pipe",
    `mkdir -p /${name}/${name}; echo deep >/${name}/${name}/file; ln -s ../nowhere /link; rm /data/old`,
    "dd if=/dev/zero of=/sparse bs=1 count=1 seek=3000000 2>/dev/null; touch -d '2001-02-03 04:05:06' /file",
  ].join("; ");
  const id = await startBox(client, ["sh", "-c", make]);
  await client.waitContainer({ id });
  await client.commitContainer({ container: id, repository: "kinds" });
  await client.removeContainer({ id });
  const archive = await buffer(await client.exportImage({ name: "kinds" }));
  await client.removeImage({ name: "kinds" });
  await client.loadImage({ inputStream: Readable.from([archive]) });
  onTestFinished(async () => {
    await client.removeImage({ name: "kinds", force: true });
  });
  const show = `stat -c '%A %u:%g %h %s' /pipe /file /other /link /sparse; stat -c '%F %t:%T' /null; stat -c %Y /file; cat /${name}/${name}/file; readlink /link; ls /data`;
  const { Id } = await client.createContainer({ config: { Image: "kinds", Cmd: ["sh", "-c", show] }, hostConfig: {} });
  onTestFinished(() => client.removeContainer({ id: Id }));
  await client.startContainer({ id: Id });
  await client.waitContainer({ id: Id });
  expect((await (await client.logs({ id: Id, stdout: true, stderr: true })).collect()).stdout.toString().split("\n")).toEqual([
    "prw-r--r-- 5:6 1 0",
    "-rwsr-xr-x 0:0 2 5",
    "-rwsr-xr-x 0:0 2 5",
    "lrwxrwxrwx 0:0 1 10",
    "-rw-r--r-- 0:0 1 3000001",
    "character special file 1:3",
    "981173106",
    "deep",
    "../nowhere",
    "",
  ]);
});
