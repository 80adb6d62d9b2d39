import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { beforeEach, expect, test } from "vitest";
import { packEntries, type PackEntry, readArchive } from "../../../lib/archive/index.js";
import { digestOf } from "../../../lib/engine/store/blobs.js";
import { memoryDataRoot } from "../../../lib/engine/store/data-root.js";
import type { LoadOptions } from "../../../lib/engine/store/image-load.js";
import { parseName } from "../../../lib/engine/store/image-reference.js";
import { ImageStore, type StoredImage } from "../../../lib/engine/store/images.js";
import { importImage } from "../../../lib/engine/store/import-image.js";
import { loadImages } from "../../../lib/engine/store/load-archive.js";
import type { ProgressMessage } from "../../../lib/engine/store/progress.js";
import { saveImages } from "../../../lib/engine/store/save-archive.js";
import { addSampleImage, layerArchive } from "../../support/stored-images.js";

let store: ImageStore;
let base: StoredImage;
let top: StoredImage;
const newStore = (): Promise<ImageStore> => ImageStore.open(memoryDataRoot());

beforeEach(async () => {
  store = await newStore();
  base = await addSampleImage(store, { layers: [{ a: "12345" }], tags: ["base", "base:2"] });
  top = await addSampleImage(store, { layers: [{ a: "12345" }, { b: "12" }], parent: base.id, tags: ["host:5000/top:x"] });
});

const save = async (...names: string[]): Promise<Buffer> => buffer(await saveImages(store, names));

interface Loaded {
  images: StoredImage[];
  messages: ProgressMessage[];
}

async function load(into: ImageStore, archive: Buffer, options: LoadOptions = {}): Promise<Loaded> {
  const messages: ProgressMessage[] = [];
  const images = await loadImages(into, Readable.from([archive]) as AsyncIterable<Buffer>, {
    report: (message) => messages.push(message),
    ...options,
  });
  return { images, messages };
}

const archiveOf = (files: Readonly<Record<string, string | Uint8Array>>, more: PackEntry[] = []): Promise<Buffer> =>
  buffer(packEntries([...Object.entries(files).map(([name, content]) => ({ name, content })), ...more]));

async function filesOf(archive: Buffer): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for await (const entry of readArchive(Readable.from([archive])))
    if (entry.type === "file") files.set(entry.name, await entry.buffer());
  return files;
}

test("saved images are loaded with their IDs and names", async () => {
  const archive = await save("base", "host:5000/top:x");
  expect(await save("base", "host:5000/top:x")).toEqual(archive);
  const other = await newStore();
  const { images, messages } = await load(other, archive);
  expect(images.map(({ id }) => id)).toEqual([base.id, top.id]);
  expect(other.references.of(base.id)).toEqual(["base:2", "base:latest"]);
  expect(other.references.of(top.id)).toEqual(["host:5000/top:x"]);
  expect(messages.map(({ stream, status }) => stream ?? status)).toEqual([
    "Loading layer",
    "Loaded image: base:2\n",
    "Loaded image: base:latest\n",
    "Loading layer",
    "Loaded image: host:5000/top:x\n",
  ]);
  expect(messages[0]).toEqual({
    status: "Loading layer",
    id: base.layers[0]!.diffId.slice(7, 19),
    progressDetail: { current: 2048, total: 2048 },
    progress: `[${"=".repeat(50)}>]  2.048kB/2.048kB`,
  });
  expect((await load(other, archive)).messages.map(({ stream }) => stream)).not.toContain(undefined);
  const blobs = await other.blobs.list();
  expect(blobs.map(({ digest }) => digest).sort()).toEqual([base.id, top.id, ...top.layers.map(({ diffId }) => diffId)].sort());
});

test("an archive has the files of docker save", async () => {
  const files = await filesOf(await save("base:2", top.id));
  const layers = top.layers.map(({ diffId }) => `blobs/sha256/${diffId.slice(7)}`);
  const manifest = JSON.parse(files.get("manifest.json")!.toString());
  expect(manifest).toEqual([
    expect.objectContaining({ Config: `blobs/sha256/${base.id.slice(7)}`, RepoTags: ["base:2"], Layers: layers.slice(0, 1) }),
    expect.objectContaining({ Config: `blobs/sha256/${top.id.slice(7)}`, RepoTags: null, Layers: layers }),
  ]);
  const index = JSON.parse(files.get("index.json")!.toString());
  expect((index.manifests as { annotations: unknown }[]).map(({ annotations }) => annotations)).toEqual([
    { "io.containerd.image.name": "docker.io/library/base:2", "org.opencontainers.image.ref.name": "2" },
    undefined,
  ]);
  expect(JSON.parse(files.get("repositories")!.toString())).toEqual({ base: { 2: base.layers[0]!.diffId.slice(7) } });
  expect(files.get("oci-layout")!.toString()).toBe('{"imageLayoutVersion": "1.0.0"}');
  for (const [name, content] of files) {
    if (name.startsWith("blobs/")) expect(`blobs/sha256/${digestOf(content).slice(7)}`).toBe(name);
  }
});

test("the layout alone loads as well", async () => {
  const files = await filesOf(await save("base", "host:5000/top:x"));
  files.delete("manifest.json");
  files.delete("repositories");
  const other = await newStore();
  await load(other, await archiveOf(Object.fromEntries(files)));
  expect(other.find("base:2").id).toBe(base.id);
  expect(other.find("host:5000/top:x").id).toBe(top.id);
});

test("saving reports what is missing", async () => {
  await expect(save("nope")).rejects.toThrow("No such image: nope");
  await expect(save("base:nope")).rejects.toThrow("No such image: base:nope");
});

test("an image without names is reported by its ID", async () => {
  const { messages } = await load(await newStore(), await save(top.id), { quiet: true });
  expect(messages).toEqual([{ stream: `Loaded image ID: ${top.id}\n` }]);
});

test("a name that moves is reported", async () => {
  const archive = await save("base:2");
  await store.tag(top, parseName("base:2"));
  const { messages } = await load(store, archive);
  expect(messages[0]?.stream).toBe(`The image base:2 already exists, renaming the old one with ID ${top.id} to empty string\n`);
});

test("archives of Docker before 25 have links between equal layers", async () => {
  const layer = await layerArchive({ a: "1" });
  const config = JSON.stringify({ os: "linux", rootfs: { type: "layers", diff_ids: [digestOf(layer), digestOf(layer)] } });
  const archive = await archiveOf(
    {
      "aa/layer.tar": layer,
      "aa/VERSION": "1.0",
      "aa/json": "{}",
      "config.json": config,
      "manifest.json": JSON.stringify([{ Config: "config.json", RepoTags: ["old:1"], Layers: ["aa/layer.tar", "bb/layer.tar"] }]),
    },
    [{ name: "bb/layer.tar", linkTo: "../aa/layer.tar" }],
  );
  const other = await newStore();
  const { images } = await load(other, gzipSync(archive));
  expect(images[0]?.id).toBe(digestOf(config));
  expect(images[0]?.size).toBe(2);
  expect(other.find("old:1").layers).toHaveLength(2);
});

test("the layout of the first versions loads with parents", async () => {
  const [one, two] = ["1".repeat(64), "2".repeat(64)];
  const layers = [await layerArchive({ a: "1" }), await layerArchive({ b: "22" })];
  const archive = await archiveOf({
    [`${two}/VERSION`]: "1.0",
    [`${two}/json`]: JSON.stringify({
      id: two,
      parent: one,
      created: "2014-01-02T03:04:05Z",
      container_config: { Cmd: ["/bin/sh", "-c", "a <b"] },
      config: { Cmd: ["sh"] },
      os: "linux",
      Size: 2,
    }),
    [`${two}/layer.tar`]: layers[1]!,
    [`${one}/VERSION`]: "1.0",
    [`${one}/json`]: JSON.stringify({ id: one, comment: "first", author: "me" }),
    [`${one}/layer.tar`]: layers[0]!,
    repositories: JSON.stringify({ old: { latest: two } }),
  });
  const other = await newStore();
  const { messages } = await load(other, archive, { quiet: true });
  expect(messages).toEqual([{ stream: "Loaded image: old:latest\n" }]);
  const image = other.find("old");
  const history = [
    { author: "me", comment: "first" },
    { created: "2014-01-02T03:04:05Z", created_by: "/bin/sh -c a <b" },
  ];
  expect(image.config).toEqual({
    config: { Cmd: ["sh"] },
    container_config: { Cmd: ["/bin/sh", "-c", "a <b"] },
    created: "2014-01-02T03:04:05Z",
    history,
    os: "linux",
    rootfs: { type: "layers", diff_ids: layers.map(digestOf) },
  });
  expect((await other.configBytes(image.id)).toString()).toContain("a \\u003cb");
  expect(other.get(image.parent!)?.config.history).toEqual(history.slice(0, 1));
});

test("the image of the platform is taken from an index", async () => {
  const files: Record<string, string | Uint8Array> = { "oci-layout": "{}" };
  const add = (content: string | Uint8Array, mediaType: string) => {
    const digest = digestOf(content);
    files[`blobs/sha256/${digest.slice(7)}`] = content;
    return { mediaType, digest, size: content.length };
  };
  const manifests = [];
  for (const architecture of ["amd64", "arm64"]) {
    const layer = await layerArchive({ architecture });
    const text = JSON.stringify({ architecture, os: "linux", rootfs: { type: "layers", diff_ids: [digestOf(layer)] } });
    const config = add(text, "application/vnd.oci.image.config.v1+json");
    const layers = [add(gzipSync(layer), "application/vnd.oci.image.layer.v1.tar+gzip")];
    const manifest = add(JSON.stringify({ schemaVersion: 2, config, layers }), "application/vnd.oci.image.manifest.v1+json");
    manifests.push({ ...manifest, platform: { os: "linux", architecture } });
  }
  const index = add(JSON.stringify({ schemaVersion: 2, manifests }), "application/vnd.oci.image.index.v1+json");
  const annotations = { "io.containerd.image.name": "docker.io/library/multi:1" };
  files["index.json"] = JSON.stringify({ schemaVersion: 2, manifests: [{ ...index, annotations }] });
  const archive = await archiveOf(files);
  for (const architecture of ["arm64", "amd64"]) {
    const other = await newStore();
    await load(other, archive, { platform: { os: "linux", architecture } });
    expect(other.find("multi:1").config.architecture).toBe(architecture);
    expect(other.find("multi:1").layers[0]?.compressed).toHaveLength(1);
    expect(await other.blobs.list()).toHaveLength(3);
  }
  await expect(load(store, archive, { platform: { os: "windows" } })).rejects.toThrow("no image for the platform windows");
});

const manifestOf = (item: unknown): string => JSON.stringify([item]);
const empty = JSON.stringify({ rootfs: { type: "layers" } });

test.each<[string, () => Promise<Buffer>, string]>([
  ["no archive", async () => Buffer.from("nothing of the kind".repeat(100)), "invalid archive"],
  ["truncated", async () => (await save("base")).subarray(0, 3000), "unexpected EOF"],
  ["empty", () => archiveOf({ "a.txt": "x".repeat(99) }), "open docker-import/repositories: no such file or directory"],
  ["outside", () => archiveOf({ "manifest.json": manifestOf({ Config: "../c", Layers: [] }) }), "leads outside the archive"],
  ["a link outside", () => archiveOf({}, [{ name: "a", linkTo: "../../etc/passwd" }]), "leads outside the archive"],
  ["no list", () => archiveOf({ "manifest.json": "{}" }), "manifest.json is not a list"],
  ["no JSON", () => archiveOf({ "manifest.json": "[" }), "is not JSON"],
  ["no strings", () => archiveOf({ "manifest.json": manifestOf({ Config: 1 }) }), "invalid manifest.json"],
  ["no config", () => archiveOf({ "manifest.json": manifestOf({ Config: "c", Layers: [] }) }), '"c" is missing'],
  [
    "no layer",
    () =>
      archiveOf({
        c: JSON.stringify({ rootfs: { diff_ids: [digestOf("x")] } }),
        "manifest.json": manifestOf({ Config: "c", Layers: ["l"] }),
      }),
    '"l" is missing',
  ],
  [
    "more layers",
    () => archiveOf({ c: empty, "manifest.json": manifestOf({ Config: "c", Layers: ["l"] }) }),
    "expected 1, got 0",
  ],
  [
    "a bad tag",
    () => archiveOf({ c: empty, "manifest.json": manifestOf({ Config: "c", RepoTags: ["UP"] }) }),
    "must be lowercase",
  ],
  ["no tag", () => archiveOf({ c: empty, "manifest.json": manifestOf({ Config: "c", RepoTags: ["up"] }) }), 'invalid tag "up"'],
  ["no index", () => archiveOf({ "index.json": empty }), "invalid manifest"],
])("an archive is refused: %s", async (_name, make, message) => {
  const other = await newStore();
  await expect(load(other, await make())).rejects.toThrow(message);
});

test("a layer with another digest is refused and leaves nothing", async () => {
  const layer = await layerArchive({ a: "1" });
  const config = JSON.stringify({ rootfs: { diff_ids: [digestOf("other")] } });
  const files = { c: config, l: layer, "manifest.json": manifestOf({ Config: "c", Layers: ["l"] }) };
  const other = await newStore();
  await expect(load(other, await archiveOf(files))).rejects.toThrow("has the digest");
  await expect(load(other, await archiveOf({ ...files, l: gzipSync(layer) }))).rejects.toThrow("has the digest");
  expect(await other.blobs.list()).toEqual([]);
});

test("a configuration that an archive lists as a layer stays", async () => {
  const bytes = await store.configBytes(base.id);
  const config = JSON.stringify({ rootfs: { diff_ids: [base.id] } });
  const files = { c: config, l: bytes, "manifest.json": manifestOf({ Config: "c", Layers: ["l"] }) };
  await expect(load(store, await archiveOf(files))).rejects.toThrow("unexpected EOF");
  expect(await store.configBytes(base.id)).toEqual(bytes);
});

test("links in a circle are refused", async () => {
  const files = {
    c: JSON.stringify({ rootfs: { diff_ids: [digestOf("x")] } }),
    "manifest.json": manifestOf({ Config: "c", Layers: ["a"] }),
  };
  const archive = await archiveOf(files, [
    { name: "a", linkTo: "b" },
    { name: "b", linkTo: "a" },
  ]);
  await expect(load(store, archive)).rejects.toThrow("too many links");
});

test("import makes an image with one layer", async () => {
  const layer = await layerArchive({ "bin/sh": "x" });
  const now = 1_600_000_000_500_000_000n;
  const image = await importImage(store, Readable.from([gzipSync(layer)]) as AsyncIterable<Buffer>, {
    config: { Cmd: ["sh"] },
    platform: { os: "linux", architecture: "arm", variant: "v7" },
    now,
    version: "1",
  });
  expect(image.config).toEqual({
    architecture: "arm",
    variant: "v7",
    os: "linux",
    comment: "Imported from -",
    config: { Cmd: ["sh"] },
    created: "2020-09-13T12:26:40.5Z",
    docker_version: "1",
    history: [{ created: "2020-09-13T12:26:40.5Z", comment: "Imported from -" }],
    rootfs: { type: "layers", diff_ids: [digestOf(layer)] },
  });
  await expect(importImage(store, Readable.from([Buffer.from("x")]) as AsyncIterable<Buffer>, { now })).rejects.toThrow(
    "unexpected EOF",
  );
});
