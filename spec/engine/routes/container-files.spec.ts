import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pack } from "tar-stream";
import { expect, test } from "vitest";
import type { Client } from "../../../lib/client.js";
import { BOX, started, startEngine } from "../../support/embedded-engine.js";

/** Uploads a file that belongs to 1234:56, with `copyUIDGID`. Returns to whom it belongs then. */
async function ownerInContainerOf(client: Client, user: string): Promise<string> {
  const container = await started(client, ["sleep", "1000"], {}, { User: user });
  const archive = pack();
  archive.entry({ name: "owned", uid: 1234, gid: 56 }, "");
  archive.finalize();
  const inputStream = Readable.from([await buffer(Readable.from(archive as AsyncIterable<Buffer>))]);
  await client.uploadToContainer({ container, path: "/tmp", inputStream, copyUIDGID: true });
  return (await client.execute({ container, cmd: ["stat", "-c", "%u:%g", "/tmp/owned"] })).stdoutText;
}

test.each([
  ["", "1234:56"],
  ["root", "0:0"],
  ["guest", "1000:1000"],
  ["2000", "2000:0"],
  ["0:5", "0:5"],
])("with copyUIDGID, files for a container of the user %o belong to %s", async (user, owner) => {
  const { client } = await startEngine();
  expect(await ownerInContainerOf(client, user)).toBe(owner);
});

test("copyUIDGID is refused when the container does not know its user", async () => {
  const { client } = await startEngine();
  const { Id: container } = await client.createContainer({ config: { Image: BOX, User: "nobody" } });
  const archive = pack();
  archive.finalize();
  const inputStream = Readable.from(archive as AsyncIterable<Buffer>);
  await expect(client.uploadToContainer({ container, path: "/tmp", inputStream, copyUIDGID: true })).rejects.toMatchObject({
    status: 400,
    reason: 'failed to look up user "nobody" in container: no matching entries in passwd file',
  });
});
