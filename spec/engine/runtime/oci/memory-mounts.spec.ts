import { readFileSync } from "node:fs";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Client } from "../../../../lib/client.js";
import { BOX, ociClient, runBox, startBox } from "./oci-engine.js";

// a busy machine takes seconds for each container
vi.setConfig({ testTimeout: 60_000 });

/** Creates a volume in memory, which is removed after the test. */
async function memoryVolume(client: Client, name: string, o?: string): Promise<void> {
  await client.createVolume({ name, driverOpts: { type: "tmpfs", device: "tmpfs", ...(o === undefined ? {} : { o }) } });
  onTestFinished(() => client.removeVolume({ name }));
}

test("a volume in memory is mounted with its options, and not on the machine", async (context) => {
  const client = await ociClient(context);
  await memoryVolume(client, "oci-options", "size=1m,mode=0700,uid=5,gid=6,noexec");
  const before = readFileSync("/proc/self/mounts", "utf8");
  const id = await startBox(client, ["sh", "-c", "grep ' /m ' /proc/mounts; stat -c '%a %u %g' /m; sleep 600"], {
    Binds: ["oci-options:/m"],
  });
  onTestFinished(() => client.removeContainer({ id, force: true }));
  const text = async () => (await (await client.logs({ id, stdout: true })).collect()).stdout.toString();
  await vi.waitUntil(async () => (await text()).includes("700"), { timeout: 20_000 });
  const [mount, status] = (await text()).split("\n");
  expect(mount).toMatch(/^tmpfs \/m tmpfs rw,noexec,relatime,size=1024k,mode=700,uid=5,gid=6/);
  expect(status).toBe("700 5 6");
  expect(readFileSync("/proc/self/mounts", "utf8")).toBe(before);
});

test("containers share a volume in memory, whose files are gone after the last one", async (context) => {
  const client = await ociClient(context);
  await memoryVolume(client, "oci-shared");
  const Binds = ["oci-shared:/data"];
  const id = await startBox(client, ["sleep", "600"], { Binds });
  onTestFinished(() => client.removeContainer({ id, force: true }));
  await client.execute({ container: id, cmd: ["sh", "-c", "mkdir /data/folder; echo text >/data/folder/file"] });
  expect((await runBox(client, ["cat", "/data/folder/file"], { Binds })).stdout).toBe("text\n");
  const Mounts = [{ Type: "volume", Source: "oci-shared", Target: "/part", VolumeOptions: { Subpath: "folder" } }] as const;
  expect((await runBox(client, ["ls", "/part"], { Mounts: [...Mounts] })).stdout).toBe("file\n");
  await client.restartContainer({ id, timeout: 0 });
  expect((await runBox(client, ["ls", "/other"], { Binds: ["oci-shared:/other"] })).stdout).toBe("");
});

test.for([
  ["bad=1,noexec,size=1m", "flags: 0x8, data: bad=1,size=1m"],
  ["mode=999", "data: mode=999"],
] as const)("a volume in memory with the options %s fails the start as on Docker", async ([o, told], context) => {
  const client = await ociClient(context);
  await memoryVolume(client, "oci-wrong", o);
  const config = { Image: BOX, Cmd: ["true"] };
  const { Id: id } = await client.createContainer({ config, hostConfig: { Binds: ["oci-wrong:/memory"] } });
  onTestFinished(() => client.removeContainer({ id }));
  await expect(client.startContainer({ id })).rejects.toMatchObject({
    status: 500,
    reason: expect.stringMatching(`^error while mounting volume .* mount tmpfs:\\S+, ${told}: invalid argument$`),
  });
});

test("a file system in memory has the mode and the size that a mount asks for", async (context) => {
  const client = await ociClient(context);
  const script = "stat -c %a /t /u; df -k /t | tail -n 1 | awk '{print $2}'; touch /u/x 2>&1";
  const Mounts = [
    { Type: "tmpfs", Target: "/t", TmpfsOptions: { Mode: 0o700, SizeBytes: 1024 * 1024 } },
    { Type: "tmpfs", Target: "/u", ReadOnly: true },
  ] as const;
  expect((await runBox(client, ["sh", "-c", script], { Mounts: [...Mounts] })).stdout).toBe(
    "700\n1777\n1024\ntouch: /u/x: Read-only file system\n",
  );
});
