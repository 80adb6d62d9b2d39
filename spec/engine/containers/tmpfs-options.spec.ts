import { expect, test } from "vitest";
import { parseTmpfs } from "../../../lib/engine/containers/tmpfs-options.js";
import { outputOf, started, startEngine } from "../../support/embedded-engine.js";

test.each([
  ["", { mode: 0o1777, uid: 0, gid: 0 }],
  ["rw,noexec,size=10k,mode=700,uid=1,gid=2", { size: 12_288, mode: 0o700, uid: 1, gid: 2 }],
  ["size=1g", { size: 2 ** 30, mode: 0o1777, uid: 0, gid: 0 }],
  ["size=50%,nr_inodes=10", { mode: 0o1777, uid: 0, gid: 0 }],
])("the options %o are read", (text, options) => {
  expect(parseTmpfs(text.split(","))).toEqual(options);
});

test.each(["bad=1", "size=x", "size=-1"])("the option %s is refused", (option) => {
  expect(() => parseTmpfs([option])).toThrow(expect.objectContaining({ status: 500 }));
  expect(() => parseTmpfs([option])).toThrow("invalid tmpfs option");
});

test("a file system in memory takes as much as its size, and is empty in the next run", async () => {
  const { client } = await startEngine();
  const script = "ls /x | wc -l; stat -c %a /x; head -c 20000 /dev/zero > /x/f; stat -c %s /x/f";
  const id = await started(client, ["sh", "-c", script], { Tmpfs: { "/x": "size=10k,mode=700" } });
  const { stdout, stderr } = await outputOf(client, id);
  expect(stdout).toBe("0\n700\n12288\n");
  expect(stderr).toContain("No space left on device");
  await client.startContainer({ id });
  expect((await outputOf(client, id)).stdout).toBe("0\n700\n12288\n".repeat(2));
});

test("a wrong option fails the start", async () => {
  const { client } = await startEngine();
  await expect(started(client, ["true"], { Tmpfs: { "/x": "bad=1" } })).rejects.toThrow('invalid tmpfs option "bad"');
});
