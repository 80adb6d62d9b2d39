import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { DigestMismatchError, digestOf } from "../../../lib/engine/store/blobs.js";
import { type DataRoot, memoryDataRoot, openDataRoot } from "../../../lib/engine/store/data-root.js";
import { parseName } from "../../../lib/engine/store/image-reference.js";
import { ImageStore } from "../../../lib/engine/store/images.js";
import { chainIds } from "../../../lib/engine/store/layers.js";
import { addSampleImage, layerArchive } from "../../support/stored-images.js";

let root: DataRoot;
let store: ImageStore;
beforeEach(async () => {
  root = memoryDataRoot();
  store = await ImageStore.open(root);
});

async function* once(bytes: Uint8Array): AsyncGenerator<Buffer, void, undefined> {
  yield Buffer.from(bytes);
}

test("an image is found by tag, digest, ID and unique prefix", async () => {
  const image = await addSampleImage(store, { layers: [{ a: "1" }], tags: ["one", "host:5000/one:x"] });
  const digest = `sha256:${"2".repeat(64)}`;
  await store.tag(image, parseName(`one@${digest}`));
  const hex = image.id.slice(7);
  for (const name of ["one", "one:latest", "docker.io/library/one", "host:5000/one:x", `one@${digest}`, `one:any@${digest}`]) {
    expect(store.find(name).id, name).toBe(image.id);
  }
  for (const name of [image.id, hex, hex.slice(0, 12), `sha256:${hex.slice(0, 5)}`, hex.slice(0, 1)]) {
    expect(store.find(name).id, name).toBe(image.id);
  }
});

// recorded from Docker 28
test.each([
  ["nope", 404, "No such image: nope:latest"],
  ["nope:Tag", 404, "No such image: nope:Tag"],
  ["sha256:0000", 404, "No such image: sha256:0000"],
  [`sha256:${"0".repeat(64)}`, 404, `No such image: sha256:${"0".repeat(64)}`],
  ["a@sha256:12", 400, "invalid reference format"],
])("%s is not found", (name, status, message) => {
  expect(() => store.find(name)).toThrow(expect.objectContaining({ status, message }));
});

test("a prefix of two images finds none", async () => {
  const first = await addSampleImage(store, { config: { comment: "0" } });
  let other = first;
  for (let n = 1; other === first || other.id[7] !== first.id[7]; n += 1)
    other = await addSampleImage(store, { config: { comment: String(n) } });
  expect(() => store.find(first.id.slice(7, 8))).toThrow(`No such image: ${first.id.slice(7, 8)}:latest`);
});

test("the ID is the digest of the configuration, which is kept byte for byte", async () => {
  const bytes = Buffer.from('{ "rootfs": {"type":"layers"},\n "os":"linux" }');
  const image = await store.add(bytes);
  expect(image.id).toBe(digestOf(bytes));
  expect(await store.configBytes(image.id)).toEqual(bytes);
  expect(await store.add(bytes)).toBe(image);
});

test.each([
  ["no JSON", "not JSON"],
  ["[]", "not an object"],
  ["{}", "no rootfs"],
  ['{"rootfs":{"diff_ids":["x"]}}', "diff_ids"],
  ['{"rootfs":{},"os":1}', "os is not a string"],
  ['{"rootfs":{},"history":[1]}', "history"],
  ['{"rootfs":{},"config":{"Env":"a"}}', "config.Env"],
  ['{"rootfs":{},"config":{"Labels":["a"]}}', "config.Labels"],
  ['{"rootfs":{},"config":{"User":1}}', "config.User"],
  ['{"rootfs":{},"config":[]}', "config is not"],
])("the configuration %s is refused", async (text, why) => {
  await expect(store.add(Buffer.from(text))).rejects.toThrow(why);
  expect(store.all().size).toBe(0);
});

test("an image has 125 layers at most, and all of them exist", async () => {
  const { diffId } = (await addSampleImage(store, { layers: [{ a: "1" }] })).layers[0]!;
  const deep = (count: number): Buffer =>
    Buffer.from(JSON.stringify({ rootfs: { diff_ids: Array<string>(count).fill(diffId) } }));
  expect((await store.add(deep(125))).layers).toHaveLength(125);
  await expect(store.add(deep(126))).rejects.toThrow("max depth exceeded");
  await expect(store.add(Buffer.from(JSON.stringify({ rootfs: { diff_ids: [digestOf("x")] } })))).rejects.toThrow(
    "layer does not exist",
  );
});

test("a layer keeps the bytes that were pulled", async () => {
  const archive = await layerArchive({ "dir/a": "12345", b: "67" });
  const compressed = gzipSync(archive, { level: 1 });
  using hold = store.layers.hold();
  const layer = await store.layers.add(once(compressed), hold, { digest: digestOf(compressed), diffId: digestOf(archive) });
  expect(layer).toEqual({
    diffId: digestOf(archive),
    size: 7,
    archiveSize: archive.length,
    compressed: [{ digest: digestOf(compressed), size: compressed.length, compression: "gzip" }],
  });
  expect(await buffer(store.layers.open(layer.diffId))).toEqual(archive);
  expect(await root.blobs.bytes(digestOf(compressed))).toEqual(compressed);
  expect(await store.layers.add(once(archive), hold)).toEqual(layer);
  expect(store.layers.withCompressed(digestOf(compressed))).toEqual(layer);
  expect(store.layers.withCompressed(digestOf(archive))).toBeUndefined();
});

test("a layer with another content is refused", async () => {
  const archive = await layerArchive({ a: "1" });
  using hold = store.layers.hold();
  await expect(store.layers.add(once(archive), hold, { diffId: digestOf("x") })).rejects.toThrow(DigestMismatchError);
  await expect(store.layers.add(once(gzipSync(archive)), hold, { diffId: digestOf("x") })).rejects.toThrow(DigestMismatchError);
  await expect(store.layers.add(once(Buffer.from("not an archive".repeat(99))), hold)).rejects.toThrow("invalid layer");
  await expect(store.layers.add(once(gzipSync(archive).subarray(0, 60)), hold)).rejects.toThrow("unexpected end of file");
  await expect(store.layers.add(once(archive.subarray(0, 700)), hold)).rejects.toThrow("unexpected EOF");
  expect([...store.layers.all()]).toEqual([]);
});

test("a layer that is larger than the limit when it is decompressed leaves nothing behind", async () => {
  store = await ImageStore.open(root, { unpackedLimit: 10_000 });
  using hold = store.layers.hold();
  const bomb = gzipSync(await layerArchive({ zeros: "\0".repeat(1_000_000) }));
  expect(bomb.length).toBeLessThan(10_000);
  await expect(store.layers.add(once(bomb), hold)).rejects.toThrow("larger than 10000 bytes when it is decompressed");
  expect(await root.blobs.list()).toEqual([]);
});

test("layers in use by holds, images and containers stay", async () => {
  const containers: { id: string; running: boolean; image: string; layers: string[] }[] = [];
  store = await ImageStore.open(root, { users: () => containers });
  const hold = store.layers.hold();
  const { diffId } = await store.layers.add(once(await layerArchive({ a: "1" })), hold);
  await store.collectLayers();
  expect(store.layers.get(diffId)).toBeDefined();
  containers.push({ id: "c", running: false, image: "gone", layers: [diffId] });
  hold[Symbol.dispose]();
  await store.collectLayers();
  expect(store.layers.get(diffId)).toBeDefined();
  containers.pop();
  await store.collectLayers();
  expect(store.layers.get(diffId)).toBeUndefined();
  expect(await root.blobs.list()).toEqual([]);
});

test("chain IDs", () => {
  expect(chainIds([])).toEqual([]);
  expect(chainIds(["sha256:a", "sha256:b"])).toEqual(["sha256:a", digestOf("sha256:a sha256:b")]);
});

test("changes are reported", async () => {
  const changes: string[] = [];
  store = await ImageStore.open(root, {
    onChange: (action, image, name) => changes.push(`${action} ${image.id === name ? "ID" : name}`),
  });
  const image = await addSampleImage(store, { tags: ["a", "b:1"] });
  await store.untag(image, "a:latest");
  await store.untag(image, "b:1");
  await store.drop(image);
  expect(changes).toEqual(["tag a:latest", "tag b:1", "untag ID", "untag ID", "delete ID"]);
});

test("a removed image cannot be tagged", async () => {
  const image = await addSampleImage(store, {});
  await store.drop(image);
  await expect(store.tag(image, parseName("a"))).rejects.toThrow(`No such image: ${image.id}`);
});

test("a tag moves", async () => {
  const first = await addSampleImage(store, { config: { comment: "1" }, tags: ["a"] });
  const second = await addSampleImage(store, { config: { comment: "2" }, tags: ["a"] });
  expect(store.references.of(first.id)).toEqual([]);
  expect(store.find("a").id).toBe(second.id);
});

const directories: string[] = [];
afterEach(async () => {
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true });
});

test("after a restart the images are there, and what nothing names is removed", async () => {
  const path = await mkdtemp(join(tmpdir(), "images-"));
  directories.push(path);
  let disk = await openDataRoot(path);
  let images = await ImageStore.open(disk, { now: () => 1_500_000_000_123_000_000n });
  const parent = await addSampleImage(images, { layers: [{ a: "1" }] });
  const child = await addSampleImage(images, { layers: [{ a: "1" }, { b: "2" }], parent: parent.id, tags: ["child"] });
  // interrupted: a layer whose image was never added, a blob of neither, and an image whose layers are gone
  await images.layers.add(once(await layerArchive({ c: "3" })), images.layers.hold());
  await disk.blobs.write(Buffer.from("left"));
  const broken = await addSampleImage(images, { layers: [{ d: "4" }], tags: ["broken"] });
  await (await disk.records("layers")).remove(broken.layers[0]!.diffId);
  await disk.close();

  disk = await openDataRoot(path);
  images = await ImageStore.open(disk);
  await images.sweep();
  expect([...images.all().keys()]).toEqual([parent.id, child.id]);
  expect(images.find("child")).toEqual({ ...child, lastTagged: "2017-07-14T02:40:00.123Z" });
  expect(() => images.find("broken")).toThrow("No such image");
  const named = [parent.id, child.id, ...child.layers.map(({ diffId }) => diffId)];
  expect((await disk.blobs.list()).map(({ digest }) => digest).sort()).toEqual(named.sort());
  await disk.close();
});

test("an image with a damaged configuration is reported, and the others are kept", async () => {
  const path = await mkdtemp(join(tmpdir(), "images-"));
  const disk = await openDataRoot(path);
  const images = await ImageStore.open(disk);
  const damaged = await addSampleImage(images, { layers: [{ a: "1" }], tags: ["damaged"] });
  const sound = await addSampleImage(images, { layers: [{ b: "2" }], tags: ["sound"] });
  await disk.close();
  await writeFile(join(path, "blobs/sha256", damaged.id.slice("sha256:".length)), "{");

  const again = await openDataRoot(path);
  onTestFinished(async () => {
    await again.close();
    await rm(path, { recursive: true });
  });
  const report = vi.fn<(message: string) => void>();
  const opened = await ImageStore.open(again, { report });
  expect(opened.find("sound").id).toBe(sound.id);
  expect(() => opened.find("damaged")).toThrow("No such image: damaged:latest");
  expect(report.mock.calls).toEqual([[expect.stringMatching(`^image ${damaged.id} is left out: `)]]);
});
