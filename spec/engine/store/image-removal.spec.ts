import { beforeEach, expect, test } from "vitest";
import { memoryDataRoot } from "../../../lib/engine/store/data-root.js";
import { pruneImages } from "../../../lib/engine/store/image-prune.js";
import { parseName } from "../../../lib/engine/store/image-reference.js";
import { removeImage } from "../../../lib/engine/store/image-removal.js";
import { ImageStore, type ImageUser, type StoredImage } from "../../../lib/engine/store/images.js";
import { addSampleImage } from "../../support/stored-images.js";

const containers: ImageUser[] = [];
const container = "c0ffee000000".padEnd(64, "0");
let store: ImageStore;
let base: StoredImage;
let middle: StoredImage;
let top: StoredImage;

const use = (image: StoredImage, running = false): unknown =>
  containers.push({ id: container, running, image: image.id, layers: image.layers.map(({ diffId }) => diffId) });

beforeEach(async () => {
  containers.length = 0;
  store = await ImageStore.open(memoryDataRoot(), { users: () => containers });
  base = await addSampleImage(store, { layers: [{ a: "12345" }], tags: ["base"] });
  middle = await addSampleImage(store, { layers: [{ a: "12345" }, { b: "123" }], parent: base.id });
  top = await addSampleImage(store, { layers: [{ a: "12345" }, { b: "123" }, { c: "1" }], parent: middle.id, tags: ["top"] });
});

const short = (image: StoredImage): string => image.id.slice(7, 19);

test("the last name removes the image and the parents that only it needs", async () => {
  expect(await removeImage(store, "top")).toEqual([
    { Untagged: "top:latest" },
    { Deleted: top.id },
    { Deleted: top.chain[2] },
    { Deleted: middle.id },
    { Deleted: middle.chain[1] },
  ]);
  expect([...store.all().keys()]).toEqual([base.id]);
  expect([...store.layers.all()]).toEqual([...base.layers]);
});

test("without prune the parents stay", async () => {
  expect(await removeImage(store, "top", { prune: false })).toEqual([
    { Untagged: "top:latest" },
    { Deleted: top.id },
    { Deleted: top.chain[2] },
  ]);
  expect(store.get(middle.id)).toBeDefined();
});

test("another name is only removed", async () => {
  await store.tag(top, parseName("other:1"));
  expect(await removeImage(store, "other:1")).toEqual([{ Untagged: "other:1" }]);
  expect(store.get(top.id)).toBeDefined();
});

test("digests go with the last tag of their repository", async () => {
  const digest = `sha256:${"3".repeat(64)}`;
  await store.tag(top, parseName(`top@${digest}`));
  await store.tag(top, parseName(`else@${digest}`));
  expect(await removeImage(store, "top")).toEqual([{ Untagged: "top:latest" }, { Untagged: `top@${digest}` }]);
  expect(await removeImage(store, `else@${digest}`)).toContainEqual({ Deleted: top.id });
});

// the messages are those of Docker 28
test("the name of an image that a container uses needs force", async () => {
  use(top);
  await expect(removeImage(store, "top")).rejects.toMatchObject({
    status: 409,
    message: `conflict: unable to remove repository reference "top" (must force) - container c0ffee000000 is using its referenced image ${short(top)}`,
  });
  expect(await removeImage(store, "top", { force: true })).toEqual([
    { Untagged: "top:latest" },
    { Deleted: top.id },
    { Deleted: middle.id },
  ]);
  expect([...store.layers.all()]).toHaveLength(3); // the container keeps them
});

test("the name of an image that runs is removed by force, the image stays", async () => {
  use(top, true);
  expect(await removeImage(store, "top", { force: true })).toEqual([{ Untagged: "top:latest" }]);
  await expect(removeImage(store, top.id, { force: true })).rejects.toThrow(
    `conflict: unable to delete ${short(top)} (cannot be forced) - image is being used by running container c0ffee000000`,
  );
});

test("an ID removes all names of one repository", async () => {
  expect(await removeImage(store, top.id.slice(7, 15))).toContainEqual({ Deleted: top.id });
});

test.each([
  [() => top, false, "image is referenced in multiple repositories", "must be forced"],
  [() => middle, true, "image has dependent child images", "cannot be forced"],
])("an ID with obstacles is refused", async (image, force, reason, how) => {
  await store.tag(top, parseName("other"));
  await expect(removeImage(store, image().id, { force })).rejects.toThrow(
    `conflict: unable to delete ${short(image())} (${how}) - ${reason}`,
  );
});

test("an ID that a stopped container uses needs force", async () => {
  use(top);
  await expect(removeImage(store, top.id)).rejects.toThrow(
    `conflict: unable to delete ${short(top)} (must be forced) - image is being used by stopped container c0ffee000000`,
  );
  expect(store.references.of(top.id)).toEqual(["top:latest"]);
  expect(await removeImage(store, top.id, { force: true })).toContainEqual({ Deleted: top.id });
});

test("force removes an ID with names of several repositories", async () => {
  await store.tag(top, parseName("other"));
  const items = await removeImage(store, top.id, { force: true });
  expect(items.slice(0, 3)).toEqual([{ Untagged: "other:latest" }, { Untagged: "top:latest" }, { Deleted: top.id }]);
});

test("removals at the same time do not disturb each other", async () => {
  const results = await Promise.allSettled([removeImage(store, "top"), removeImage(store, "top"), removeImage(store, "base")]);
  expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(store.all().size).toBe(0);
  expect([...store.layers.all()]).toEqual([]);
});

test("prune removes images without tags", async () => {
  expect(await pruneImages(store)).toEqual({ ImagesDeleted: null, SpaceReclaimed: 0 });
  await store.untag(top, "top:latest");
  const { ImagesDeleted, SpaceReclaimed } = await pruneImages(store);
  expect(ImagesDeleted).toEqual([
    { Deleted: top.id },
    { Deleted: top.chain[2] },
    { Deleted: middle.id },
    { Deleted: middle.chain[1] },
  ]);
  expect(SpaceReclaimed).toBe(4);
});

test("prune of all images leaves those in use", async () => {
  use(top);
  const other = await addSampleImage(store, { layers: [{ z: "1234567" }], tags: ["other", "other:2"] });
  expect((await pruneImages(store, { dangling: false, until: 0n })).ImagesDeleted).toBeNull();
  expect((await pruneImages(store, { dangling: false, labels: ["x"] })).ImagesDeleted).toBeNull();
  const { ImagesDeleted, SpaceReclaimed } = await pruneImages(store, { dangling: false });
  expect(ImagesDeleted).toEqual([
    { Untagged: "base:latest" },
    { Untagged: "other:2" },
    { Untagged: "other:latest" },
    { Deleted: other.id },
    { Deleted: other.chain[0] },
  ]);
  expect(SpaceReclaimed).toBe(7);
  expect(store.find("top").id).toBe(top.id);
});
