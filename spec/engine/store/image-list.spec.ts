import { beforeEach, expect, test } from "vitest";
import { memoryDataRoot } from "../../../lib/engine/store/data-root.js";
import { compileGlob } from "../../../lib/engine/store/glob.js";
import { listImages, type ListImagesOptions } from "../../../lib/engine/store/image-list.js";
import { parseName } from "../../../lib/engine/store/image-reference.js";
import { imageHistory, inspectImage } from "../../../lib/engine/store/image-views.js";
import { ImageStore, type StoredImage } from "../../../lib/engine/store/images.js";
import { addSampleImage } from "../../support/stored-images.js";

let store: ImageStore;
let base: StoredImage;
let middle: StoredImage;
let top: StoredImage;
let dangling: StoredImage;
const digest = `sha256:${"3".repeat(64)}`;

beforeEach(async () => {
  const users = () => [{ id: "c", running: true, image: top.id, layers: [] }];
  store = await ImageStore.open(memoryDataRoot(), { users, now: () => 1_600_000_000_000_000_001n });
  const at = (created: string) => ({ created, config: { Labels: { at: created } } });
  base = await addSampleImage(store, {
    layers: [{ a: "12345" }],
    tags: ["base", "host:1/base:x"],
    config: at("2020-01-01T00:00:00.5Z"),
  });
  middle = await addSampleImage(store, {
    layers: [{ a: "12345" }, { b: "12" }],
    parent: base.id,
    config: at("2021-01-01T00:00:00Z"),
  });
  top = await addSampleImage(store, {
    layers: [{ a: "12345" }, { b: "12" }],
    parent: middle.id,
    tags: ["top"],
    config: { ...at("2022-01-01T00:00:00Z"), config: { Cmd: ["x"], Labels: { at: "now", flag: "" } } },
  });
  await store.tag(top, parseName(`top@${digest}`));
  dangling = await addSampleImage(store, { layers: [{ z: "1" }], config: { created: "2023-01-01T00:00:00Z", config: null } });
});

test("an image in the list", () => {
  expect(listImages(store).find(({ Id }) => Id === top.id)).toEqual({
    Containers: 1,
    Created: 1640995200,
    Id: top.id,
    Labels: { at: "now", flag: "" },
    ParentId: middle.id,
    RepoDigests: [`top@${digest}`],
    RepoTags: ["top:latest"],
    SharedSize: -1,
    Size: 7,
  });
});

const images = () =>
  new Map([base, middle, top, dangling].map((image, at) => [image.id, ["base", "middle", "top", "dangling"][at]]));

test.each<[ListImagesOptions, string[]]>([
  [{}, ["dangling", "top", "base"]],
  [{ all: true }, ["dangling", "top", "middle", "base"]],
  [{ dangling: true }, ["dangling"]],
  [{ dangling: false }, ["top", "base"]],
  [{ references: ["b*"] }, ["base"]],
  [{ references: ["*"] }, ["top", "base"]],
  [{ references: ["*/base"], all: true }, ["base"]],
  [{ references: ["top:latest", "nope"] }, ["top"]],
  [{ labels: ["flag"] }, ["top"]],
  [{ labels: ["at=now", "flag="] }, ["top"]],
  [{ labels: ["at=never"] }, []],
  [{ withoutLabels: ["flag"] }, ["dangling", "base"]],
  [{ before: ["top"] }, ["base"]],
  [{ since: ["base"] }, ["dangling", "top"]],
  [{ since: ["base"], before: ["top"], all: true }, ["middle"]],
  [{ until: 1_600_000_000_000_000_000n }, ["base"]],
])("the filter %o", (options, expected) => {
  expect(listImages(store, options).map(({ Id }) => images().get(Id))).toEqual(expected);
});

test("only matching names are listed", () => {
  expect(listImages(store, { references: ["host:1/*"] }).map(({ RepoTags }) => RepoTags)).toEqual([["host:1/base:x"]]);
});

test("shared sizes", () => {
  const sizes = listImages(store, { sharedSize: true }).map(({ Id, SharedSize }) => [images().get(Id), SharedSize]);
  expect(Object.fromEntries(sizes)).toEqual({ dangling: 0, top: 7, base: 5 });
});

test("a filter with an unknown image is refused", () => {
  expect(() => listImages(store, { before: ["nope"] })).toThrow("No such image: nope:latest");
});

test.each([
  ["a*c", "abbc", true],
  ["a*c", "ab/c", false],
  ["a?c", "a/c", false],
  ["[a-c]x", "bx", true],
  ["[^a-c]x", "bx", false],
  ["[^a-c]x", "dx", true],
  ["a\\*", "a*", true],
  ["a.c", "abc", false],
  ["***a", "xxa", true],
  ["[\\]]", "]", true],
  ["[c-a]", "b", false],
  ["[^c-a]", "b", true],
])("glob %s on %s", (pattern, name, matches) => {
  expect(compileGlob(pattern).test(name)).toBe(matches);
});

test.each(["[a", "[", "[]a]", "a\\", "[a-]", "[-a]"])("glob %s is refused", (pattern) => {
  expect(() => compileGlob(pattern)).toThrow("syntax error in pattern");
});

test("history has the images of the parents", async () => {
  const history = [
    { created: "2020-01-01T00:00:00Z", created_by: "one" },
    { empty_layer: true, comment: "two" },
    { created_by: "three" },
  ];
  const child = await addSampleImage(store, { layers: [{ a: "12345" }, { q: "1" }], parent: base.id, config: { history } });
  expect(imageHistory(store, child)).toEqual([
    { Comment: "", Created: 0, CreatedBy: "three", Id: child.id, Size: 1, Tags: null },
    { Comment: "two", Created: 0, CreatedBy: "", Id: base.id, Size: 0, Tags: ["base:latest", "host:1/base:x"] },
    { Comment: "", Created: 1577836800, CreatedBy: "one", Id: "<missing>", Size: 5, Tags: null },
  ]);
  const wrong = await addSampleImage(store, { config: { history: [{}] } });
  expect(() => imageHistory(store, wrong)).toThrow("too many non-empty layers in History section");
});

test("inspect", () => {
  expect(inspectImage(store, top, "overlay2")).toEqual({
    Id: top.id,
    RepoTags: ["top:latest"],
    RepoDigests: [`top@${digest}`],
    Parent: middle.id,
    Comment: "",
    Created: "2022-01-01T00:00:00Z",
    DockerVersion: "",
    Author: "",
    Architecture: "amd64",
    Os: "linux",
    Size: 7,
    GraphDriver: { Data: {}, Name: "overlay2" },
    RootFS: { Type: "layers", Layers: top.layers.map(({ diffId }) => diffId) },
    Metadata: { LastTagTime: "2020-09-13T12:26:40.000000001Z" },
    Config: {
      Cmd: ["x"],
      Entrypoint: null,
      Env: null,
      Labels: { at: "now", flag: "" },
      OnBuild: null,
      User: "",
      Volumes: null,
      WorkingDir: "",
    },
  });
});

test("inspect of early API versions", () => {
  const early = inspectImage(store, top, "overlay2", 40);
  expect(early).toMatchObject({
    VirtualSize: 7,
    Container: "",
    ContainerConfig: { Hostname: "" },
    Config: { AttachStdin: false },
  });
  expect(inspectImage(store, dangling, "overlay2", 43)).toMatchObject({
    Config: null,
    Metadata: { LastTagTime: "0001-01-01T00:00:00Z" },
  });
});
