import { expect, test } from "vitest";
import { LayeredTree } from "../../../lib/engine/files/layered-tree.js";
import { MountedFiles } from "../../../lib/engine/files/mounted-files.js";
import { outputOf, started, startEngine } from "../../support/embedded-engine.js";

async function withFifo(): Promise<MountedFiles> {
  const files = MountedFiles.of(new LayeredTree());
  await files.makeFifo("/p");
  return files;
}

test("whoever opens a FIFO waits for the other end", async () => {
  const files = await withFifo();
  const order: string[] = [];
  const reading = files.open("/p", "r").then((file) => {
    order.push("reader");
    return file;
  });
  await files.stat("/p");
  order.push("nobody writes yet");
  const [reader, writer] = [await files.open("/p", "w"), await reading];
  expect(order[0]).toBe("nobody writes yet");
  await Promise.all([reader.close(), writer.close()]);
  const both = await files.open("/p", "r+"); // waits for nobody
  await both.close();
});

test("bytes pass once, in order, and the end comes with the last writer", async () => {
  const files = await withFifo();
  const [reader, writer, other] = await Promise.all([files.open("/p", "r"), files.open("/p", "w"), files.open("/p", "a")]);
  await writer.write(Buffer.from("abc"));
  expect(String(await reader.read(0, 2))).toBe("ab");
  expect(String(await reader.read(0, 9))).toBe("c");
  const next = reader.read(0, 9);
  await writer.close();
  await other.write(Buffer.from("d"));
  expect(String(await next)).toBe("d");
  await other.close();
  expect(await reader.read(0, 9)).toHaveLength(0);
  await reader.close();
});

test("a writer waits while the FIFO is full, and fails when nobody reads any more", async () => {
  const files = await withFifo();
  const [reader, writer] = await Promise.all([files.open("/p", "r"), files.open("/p", "w")]);
  await writer.write(Buffer.alloc(65_536));
  const waiting = writer.write(Buffer.from("x"));
  expect(await reader.read(0, 65_536)).toHaveLength(65_536);
  await waiting;
  await reader.close();
  await expect(writer.write(Buffer.from("y"))).rejects.toMatchObject({ code: "EPIPE" });
  await writer.close();
});

test("a signal ends the wait for the other end", async () => {
  const files = await withFifo();
  const stop = new AbortController();
  const opening = new MountedFiles(files.mounts, { uid: 0, gid: 0 }, stop.signal).open("/p", "w");
  stop.abort(new Error("killed"));
  await expect(opening).rejects.toThrow("killed");
});

test("programs of a container talk through a FIFO", async () => {
  const { client } = await startEngine();
  const script =
    "mkfifo /tmp/p; (while read line; do echo got $line; done < /tmp/p) & (echo one; echo two) > /tmp/p; wait; echo end";
  const id = await started(client, ["sh", "-c", script]);
  expect(await outputOf(client, id)).toMatchObject({ stdout: "got one\ngot two\nend\n", stderr: "" });
});

test("a container that waits for a FIFO is killed", async () => {
  const { client } = await startEngine();
  const id = await started(client, ["sh", "-c", "mkfifo /tmp/p; echo waiting; cat /tmp/p"]);
  await expect.poll(async () => (await (await client.logs({ id, stdout: true })).collect()).stdout.toString()).toBe("waiting\n");
  await client.killContainer({ id });
  expect((await client.waitContainer({ id })).statusCode).toBe(137);
});
