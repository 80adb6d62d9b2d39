import { expect, test } from "vitest";
import { LayeredTree } from "../../../lib/engine/files/layered-tree.js";
import { MountedFiles } from "../../../lib/engine/files/mounted-files.js";
import { EXECUTE, isAllowed, READ, WRITE } from "../../../lib/engine/files/permissions.js";
import type { FileStatus } from "../../../lib/engine/files/tree.js";
import { outputOf, started, startEngine } from "../../support/embedded-engine.js";

const status = (mode: number, kind: FileStatus["kind"] = "file"): FileStatus => ({
  kind,
  mode,
  uid: 1,
  gid: 2,
  size: 0,
  mtime: 0n,
  inode: 1,
  links: 1,
});

test.each([
  [{ uid: 1, gid: 9 }, 0o700, READ | WRITE | EXECUTE, true],
  [{ uid: 1, gid: 2 }, 0o077, READ, false], // the owner has no more than the owner's bits
  [{ uid: 9, gid: 2 }, 0o070, READ | WRITE, true],
  [{ uid: 9, gid: 9, groups: [2] }, 0o040, READ, true],
  [{ uid: 9, gid: 9 }, 0o770, READ, false],
  [{ uid: 9, gid: 9 }, 0o004, READ, true],
  [{ uid: 9, gid: 9 }, 0o004, READ | WRITE, false],
  [{ uid: 0, gid: 0 }, 0o000, READ | WRITE, true],
  [{ uid: 0, gid: 0 }, 0o644, EXECUTE, false],
  [{ uid: 0, gid: 0 }, 0o001, EXECUTE, true],
])("%j may use a file with mode %o", (who, mode, wanted, expected) => {
  expect(isAllowed(status(mode), who, wanted)).toBe(expected);
});

/** The files of root, as another user sees them. */
async function filesOfRoot(): Promise<{ root: MountedFiles; user: MountedFiles }> {
  const root = MountedFiles.of(new LayeredTree());
  await root.makeDirectory("/private", { mode: 0o700 });
  await root.writeFile("/private/f", "x");
  await root.makeDirectory("/public", { mode: 0o755 });
  await root.writeFile("/public/f", "x", { mode: 0o644 });
  await root.writeFile("/public/secret", "x", { mode: 0o600 });
  await root.makeDirectory("/tmp", { mode: 0o1777 });
  await root.change("/tmp", { mode: 0o1777 });
  await root.writeFile("/tmp/root", "x", { mode: 0o666 });
  await root.change("/tmp/root", { mode: 0o666 });
  return { root, user: root.forOwner({ uid: 1000, gid: 1000, groups: [50] }) };
}

const EACCES = { code: "EACCES" };
const EPERM = { code: "EPERM" };

test("a user reads and writes what the modes allow", async () => {
  const { user } = await filesOfRoot();
  expect(String(await user.readFile("/public/f"))).toBe("x");
  expect(await user.list("/public")).toEqual(["f", "secret"]);
  for (const work of [
    () => user.readFile("/public/secret"),
    () => user.writeFile("/public/f", "y"),
    () => user.open("/public/f", "a"),
    () => user.writeFile("/public/new", ""),
    () => user.makeDirectory("/public/new"),
    () => user.makeLink("f", "/public/new"),
    () => user.link("/public/f", "/public/new"),
    () => user.makeFifo("/public/new"),
    () => user.remove("/public/f"),
    () => user.rename("/public/f", "/tmp/f"),
    () => user.list("/private"),
    () => user.stat("/private/f"),
    () => user.readFile("/private/f"),
    () => user.realPath("/private/../public/f"),
  ])
    await expect(work()).rejects.toMatchObject(EACCES);
  expect(await user.exists("/private/f")).toBe(false);
  expect((await user.stat("/private")).mode).toBe(0o700);
});

test("in a directory with the sticky bit, users remove only their own files", async () => {
  const { root, user } = await filesOfRoot();
  await user.writeFile("/tmp/own", "");
  await user.writeFile("/tmp/root", "y");
  for (const work of [
    () => user.remove("/tmp/root"),
    () => user.rename("/tmp/root", "/tmp/x"),
    () => user.rename("/tmp/own", "/tmp/root"),
  ])
    await expect(work()).rejects.toMatchObject(EPERM);
  await user.rename("/tmp/own", "/tmp/mine");
  await user.remove("/tmp/mine");
  await root.remove("/tmp/root");
});

test("attributes belong to the owner, and nobody gives files away", async () => {
  const { user } = await filesOfRoot();
  await user.writeFile("/tmp/own", "");
  await user.change("/tmp/own", { mode: 0o600, mtime: 1n });
  await user.change("/tmp/own", { gid: 50 });
  await user.change("/tmp/root", { mtime: 1n }); // whoever writes to a file may set its time
  for (const work of [
    () => user.change("/tmp/own", { uid: 0 }),
    () => user.change("/tmp/own", { gid: 51 }),
    () => user.change("/tmp/root", { mode: 0o777 }),
    () => user.change("/tmp/root", { gid: 1000 }),
  ])
    await expect(work()).rejects.toMatchObject(EPERM);
  await expect(user.change("/public/f", { mtime: 1n })).rejects.toMatchObject(EACCES);
});

test("a process of another user cannot write the files of root", async () => {
  const { client } = await startEngine();
  const script = "echo x > /etc/new; cat /secret; echo x > /tmp/own && cat /tmp/own; rm /etc/passwd";
  const { Id: id } = await client.createContainer({ config: { Image: "box", Cmd: ["sh", "-c", script], User: "guest" } });
  await client.copyToContainer({ container: id, path: "/secret", content: "secret", mode: 0o600 });
  await client.startContainer({ id });
  expect(await outputOf(client, id)).toMatchObject({
    stdout: "x\n",
    stderr: expect.stringMatching(/can't create \/etc\/new: Permission denied\n.*\/secret.*Permission denied/s) as string,
  });
  const root = await started(client, ["sh", "-c", "echo x > /etc/new; cat /etc/new"]);
  expect((await outputOf(client, root)).stdout).toBe("x\n");
});
