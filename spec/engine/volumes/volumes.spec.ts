import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { SystemClock } from "../../../lib/engine/clock.js";
import { type EngineEvent, EventLog } from "../../../lib/engine/events/event-log.js";
import { LayeredTree } from "../../../lib/engine/files/layered-tree.js";
import { MountedFiles } from "../../../lib/engine/files/mounted-files.js";
import type { Tree } from "../../../lib/engine/files/tree.js";
import { type DataRoot, memoryDataRoot, openDataRoot } from "../../../lib/engine/store/data-root.js";
import { Volumes } from "../../../lib/engine/volumes/volumes.js";

interface Setup {
  volumes: Volumes;
  events: EngineEvent[];
  users: Record<string, string[]>;
}

async function setup(root: DataRoot = memoryDataRoot()): Promise<Setup> {
  const clock = new SystemClock();
  const log = new EventLog(clock);
  const events: EngineEvent[] = [];
  log.listen((event) => events.push(event));
  const users: Record<string, string[]> = {};
  const volumes = await Volumes.open(root, { events: log, clock, users: (name) => users[name] ?? [] });
  return { volumes, events, users };
}

const text = async (tree: Tree, path: string): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of tree.read(path) as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString();
};

test("a volume without a name is anonymous", async () => {
  const { volumes, events } = await setup();
  const { Name, Labels } = await volumes.create({});
  expect(Name).toMatch(/^[0-9a-f]{64}$/);
  expect(Labels).toEqual({ "com.docker.volume.anonymous": "" });
  expect(events).toMatchObject([{ type: "volume", action: "create", id: Name, attributes: { driver: "local" } }]);
});

test("creating a volume again returns the one that exists", async () => {
  const { volumes, events } = await setup();
  const first = await volumes.create({ name: "data", labels: { a: "b" } });
  expect(await volumes.create({ name: "data", options: { foo: "bar" } })).toEqual(first);
  expect(first).toEqual({
    CreatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
    Driver: "local",
    Labels: { a: "b" },
    Mountpoint: "/var/lib/docker/volumes/data/_data",
    Name: "data",
    Options: null,
    Scope: "local",
  });
  expect(events).toHaveLength(1);
});

test.each([
  [{ name: "a" }, 400, "create a: volume name is too short, names should be at least two alphanumeric characters"],
  [
    { name: "a b" },
    400,
    'create a b: "a b" includes invalid characters for a local volume name, only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. If you intended to pass a host directory, use absolute path',
  ],
  [{ name: "xy", driver: "nope" }, 404, 'create xy: error looking up volume plugin nope: plugin "nope" not found'],
  [{ name: "xy", options: { foo: "bar" } }, 400, 'create xy: invalid option: "foo"'],
  [{ name: "xy", options: { type: "tmpfs" } }, 400, 'create xy: missing required option: "device"'],
  [{ name: "xy", options: { o: "size=1m" } }, 400, 'create xy: missing required option: "device"'],
  [{ name: "xy", options: { device: "tmpfs" } }, 400, 'create xy: missing required option: "type"'],
])("%j is refused in the words of Docker", async (request, status, message) => {
  const { volumes } = await setup();
  await expect(volumes.create(request)).rejects.toMatchObject({ status, message });
  expect(volumes.count).toBe(0);
});

test("a volume in use is not removed", async () => {
  const { volumes, users, events } = await setup();
  await volumes.create({ name: "data" });
  users.data = ["c1", "c2"];
  await expect(volumes.remove("data", true)).rejects.toMatchObject({
    status: 409,
    message: "remove data: volume is in use - [c1, c2]",
  });
  users.data = [];
  await volumes.remove("data");
  await expect(volumes.remove("data")).rejects.toMatchObject({ status: 404, message: "get data: no such volume" });
  await volumes.remove("data", true);
  expect(events.map(({ action }) => action)).toEqual(["create", "destroy"]);
});

test("volumes are listed by filters", async () => {
  const { volumes, users } = await setup();
  await volumes.create({ name: "one", labels: { a: "1" } });
  await volumes.create({ name: "two", labels: { a: "2" } });
  users.two = ["c"];
  const names = (filters: Record<string, string[]>): string[] =>
    volumes.list(new Map(Object.entries(filters))).map(({ Name }) => Name);
  expect(names({})).toEqual(["one", "two"]);
  expect(names({ dangling: ["true"] })).toEqual(["one"]);
  expect(names({ dangling: ["0"] })).toEqual(["two"]);
  expect(names({ label: ["a=2"] })).toEqual(["two"]);
  expect(names({ label: ["b"] })).toEqual([]);
  expect(names({ name: ["n"] })).toEqual(["one"]);
  expect(names({ name: ["^t", "["] })).toEqual(["two"]);
  expect(names({ driver: ["other"] })).toEqual([]);
  expect(() => names({ dangling: ["maybe"] })).toThrow("invalid filter 'dangling=[maybe]'");
});

test("pruning removes anonymous volumes that nobody uses, and reports their size", async () => {
  const { volumes, users, events } = await setup();
  const anonymous = await volumes.create();
  const used = await volumes.create();
  users[used.Name] = ["c"];
  await volumes.create({ name: "named", labels: { keep: "" } });
  const tree = await volumes.tree(anonymous.Name);
  await tree.create("/file", { mode: 0o644 }, Buffer.from("12345"));
  await tree.link("/again", "/file");
  expect(await volumes.usage()).toMatchObject([
    { UsageData: { Size: 5, RefCount: 0 } },
    { UsageData: { Size: 0, RefCount: 1 } },
    { UsageData: { Size: 0, RefCount: 0 } },
  ]);
  expect(await volumes.prune(new Map(), "1.51")).toEqual({ VolumesDeleted: [anonymous.Name], SpaceReclaimed: 5 });
  expect(events.at(-1)).toMatchObject({ action: "prune", id: "", attributes: { reclaimed: "5" } });
  expect((await volumes.prune(new Map([["all", ["true"]], ["label!", ["keep"]]]))).VolumesDeleted).toEqual([]); // prettier-ignore
  expect((await volumes.prune(new Map(), "1.41")).VolumesDeleted).toEqual(["named"]);
  await expect(volumes.prune(new Map([["all", ["x"]]]))).rejects.toThrow(
    `invalid filter 'all': strconv.ParseBool: parsing "x": invalid syntax`,
  );
});

test("an empty volume gets what the image has at its path", async () => {
  const { volumes } = await setup();
  await volumes.create({ name: "data" });
  const image = new LayeredTree();
  await image.makeDirectory("/srv", { mode: 0o750, uid: 7, gid: 8 });
  await image.makeDirectory("/srv/sub", { mode: 0o700, uid: 5 });
  await image.create("/srv/sub/file", { mode: 0o4755, uid: 1, gid: 2, mtime: 3n }, Buffer.from("hello"));
  await image.link("/srv/hard", "/srv/sub/file");
  await image.makeLink("/srv/soft", "sub/file");
  await image.makeLink("/way", "/srv");
  await volumes.copyInto("data", MountedFiles.of(image), "/missing");
  await volumes.copyInto("data", MountedFiles.of(image), "/way");
  const tree = await volumes.tree("data");
  expect(await tree.status("/")).toMatchObject({ mode: 0o750, uid: 7, gid: 8 });
  expect(await tree.status("/sub")).toMatchObject({ kind: "directory", mode: 0o700, uid: 5 });
  expect(await tree.status("/hard")).toMatchObject({ mode: 0o4755, uid: 1, gid: 2, mtime: 3n, links: 2 });
  expect(await tree.status("/soft")).toMatchObject({ kind: "symlink", target: "sub/file" });
  expect(await text(tree, "/sub/file")).toBe("hello");
  await tree.remove("/hard");
  await volumes.copyInto("data", MountedFiles.of(image), "/srv");
  expect(await tree.status("/hard")).toBeUndefined();
});

test("a subpath is a tree of its own, from which links do not lead out", async () => {
  const { volumes } = await setup();
  await volumes.create({ name: "data" });
  const tree = await volumes.tree("data");
  await tree.makeDirectory("/a", { mode: 0o755 });
  await tree.makeDirectory("/a/b", { mode: 0o755 });
  await tree.makeLink("/out", "/../../a");
  const part = await volumes.tree("data", "out/b");
  await part.create("/file", { mode: 0o644 }, Buffer.from("x"));
  await part.rename("/file", "/renamed");
  expect(await part.list("/")).toEqual(["renamed"]);
  expect(await text(tree, "/a/b/renamed")).toBe("x");
  await expect(volumes.tree("data", "nope")).rejects.toMatchObject({
    status: 404,
    message:
      "cannot access path /var/lib/docker/volumes/data/_data/nope: lstat /var/lib/docker/volumes/data/_data/nope: no such file or directory",
  });
  await expect(volumes.tree("data", "../x")).rejects.toMatchObject({ status: 400 });
});

test("a volume can be memory that is freed with its last mount, or a folder of the host", async () => {
  const { volumes, events } = await setup();
  await volumes.create({ name: "memory", options: { type: "tmpfs", device: "tmpfs", o: "size=1k" } });
  const mount = { container: "c", destination: "/x", readOnly: true };
  volumes.mount("memory", mount);
  volumes.mount("memory", { ...mount, destination: "/y" });
  const tree = await volumes.tree("memory");
  await tree.create("/file", { mode: 0o644 }, Buffer.alloc(100));
  await expect(tree.create("/large", { mode: 0o644 }, Buffer.alloc(100_000))).rejects.toMatchObject({ code: "ENOSPC" });
  volumes.unmount("memory", "c");
  expect(await (await volumes.tree("memory")).list("/")).toEqual(["file"]);
  volumes.unmount("memory", "c");
  volumes.unmount("memory", "c");
  expect(await (await volumes.tree("memory")).list("/")).toEqual([]);
  expect(events.slice(1).map(({ action, attributes }) => [action, attributes])).toEqual([
    ["mount", { container: "c", destination: "/x", driver: "local", propagation: "", "read/write": "false" }],
    ["mount", { container: "c", destination: "/y", driver: "local", propagation: "", "read/write": "false" }],
    ["unmount", { container: "c", driver: "local" }],
    ["unmount", { container: "c", driver: "local" }],
  ]);

  const parent = await mkdtemp(join(tmpdir(), "volumes-"));
  onTestFinished(() => rm(parent, { recursive: true, force: true }));
  const folder = join(parent, "folder");
  await volumes.create({ name: "folder", options: { type: "none", device: folder, o: "bind" } });
  await expect(volumes.tree("folder")).rejects.toMatchObject({
    status: 500,
    message: `error while mounting volume '/var/lib/docker/volumes/folder/_data': failed to mount local volume: mount ${folder}:/var/lib/docker/volumes/folder/_data, flags: 0x1000: no such file or directory`,
  });
  await mkdir(folder);
  await writeFile(join(folder, "file"), "12345");
  expect(await (await volumes.tree("folder")).list("/")).toEqual(["file"]);
  expect(await volumes.usage()).toMatchObject([{}, { Name: "folder", UsageData: { Size: 0 } }]);
  await volumes.create({ name: "nfs", options: { type: "nfs", device: ":/x", o: "addr=1.2.3.4" } });
  await expect(volumes.tree("nfs")).rejects.toMatchObject({ status: 501 });
  expect((await volumes.usage()).map(({ UsageData }) => UsageData?.Size)).toEqual([0, 0, 0]);
});

test.each([
  ["bad=1,noexec,size=1m", "flags: 0x8, data: bad=1,size=1m"],
  ["size=x", "data: size=x"],
  ["mode=999", "data: mode=999"],
  ["uid=abc", "data: uid=abc"],
])("a volume in memory with the options %s cannot be mounted, in the words of Docker", async (o, told) => {
  const { volumes } = await setup();
  await volumes.create({ name: "memory", options: { type: "tmpfs", device: "tmpfs", o } });
  const place = "/var/lib/docker/volumes/memory/_data";
  const message = `error while mounting volume '${place}': failed to mount local volume: mount tmpfs:${place}, ${told}: invalid argument`;
  await expect(volumes.tree("memory")).rejects.toMatchObject({ status: 500, message });
  const files = MountedFiles.of(new LayeredTree());
  await files.makeDirectory("/etc", { mode: 0o755 });
  await volumes.copyInto("memory", files, "/data");
  await expect(volumes.copyInto("memory", files, "/etc")).rejects.toMatchObject({
    status: 500,
    message: `failed to populate volume: ${message}`,
  });
});

test("what is copied into a volume in memory stays only while a container that runs has it", async () => {
  const { volumes } = await setup();
  await volumes.create({ name: "memory", options: { type: "tmpfs", device: "tmpfs", o: "mode=0700,uid=5" } });
  const files = MountedFiles.of(new LayeredTree());
  await files.makeDirectory("/etc", { mode: 0o755 });
  await files.makeDirectory("/etc/sub", { mode: 0o755 });
  await volumes.copyInto("memory", files, "/etc");
  expect(await (await volumes.tree("memory")).list("/")).toEqual([]);
  expect(await (await volumes.tree("memory")).status("/")).toMatchObject({ mode: 0o700, uid: 5 });
  volumes.mount("memory", { container: "c", destination: "/x", readOnly: false });
  await volumes.copyInto("memory", files, "/etc");
  expect(await (await volumes.tree("memory")).list("/")).toEqual(["sub"]);
});

test("volumes on disk survive, and a new volume does not contain what an old one left", async () => {
  const path = await mkdtemp(join(tmpdir(), "volumes-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  const root = await openDataRoot(path);
  const { volumes } = await setup(root);
  const { Mountpoint } = await volumes.create({ name: "data", labels: { a: "b" } });
  expect(Mountpoint).toBe(join(path, "data", "volumes", "data", "_data"));
  expect((await stat(Mountpoint)).isDirectory()).toBe(true);
  await (await volumes.tree("data")).create("/file", { mode: 0o644 }, Buffer.from("kept"));
  await root.close();
  const again = await openDataRoot(path);
  onTestFinished(() => again.close());
  const { volumes: reopened } = await setup(again);
  expect(reopened.get("data")).toMatchObject({ Labels: { a: "b" }, Mountpoint });
  expect(await text(await reopened.tree("data"), "/file")).toBe("kept");
  await reopened.remove("data");
  expect(await readdir(join(path, "data", "volumes"))).toEqual([]);
  await expect(readFile(Mountpoint)).rejects.toMatchObject({ code: "ENOENT" });
});
