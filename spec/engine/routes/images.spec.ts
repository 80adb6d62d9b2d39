import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { SystemClock } from "../../../lib/engine/clock.js";
import { badRequest } from "../../../lib/engine/engine-error.js";
import { EventLog } from "../../../lib/engine/events/event-log.js";
import { emitImageEvent } from "../../../lib/engine/events/image-events.js";
import { imageArchiveRoutes, importFromRequest } from "../../../lib/engine/routes/image-archives.js";
import { imageRoutes } from "../../../lib/engine/routes/images.js";
import { memoryDataRoot } from "../../../lib/engine/store/data-root.js";
import { parseName } from "../../../lib/engine/store/image-reference.js";
import { ImageStore, type StoredImage } from "../../../lib/engine/store/images.js";
import { addSampleImage, layerArchive } from "../../support/stored-images.js";
import { filters, type Send, served } from "./served.js";

let images: ImageStore;
let image: StoredImage;
let send: Send;
const events: string[] = [];

beforeEach(async () => {
  const clock = new SystemClock();
  const log = new EventLog(clock);
  events.length = 0;
  log.listen(({ action, id, attributes }) => events.push(`${action} ${id.slice(0, 10)} ${JSON.stringify(attributes)}`));
  images = await ImageStore.open(memoryDataRoot(), {
    onChange: (action, changed, name) => emitImageEvent(log, action, changed, name),
  });
  image = await addSampleImage(images, {
    layers: [{ a: "123" }],
    tags: ["host:5000/team/tool:x"],
    config: { config: { Labels: { a: "b" } } },
  });
  const found = { name: "found", description: "", star_count: 3, is_official: true, is_automated: false };
  const search = (term: string) =>
    Promise.resolve([
      { ...found, name: term },
      { ...found, name: "other", star_count: 0 },
    ]);
  const archives = {
    images,
    events: log,
    clock,
    version: "1",
    applyChanges: (config: object, changes: readonly string[]) => {
      if (changes.includes("RUN x")) throw badRequest("RUN is not a valid change command");
      return { ...config, Cmd: [...changes] };
    },
  };
  send = await served([
    ...imageRoutes({ images, events: log, driver: "test", search }),
    ...imageArchiveRoutes(archives),
    { method: "POST", path: "/images/create", handle: (exchange) => importFromRequest(exchange, archives) },
  ]);
  events.length = 0;
});

const lastEvent = () => events.at(-1);

test("a name with slashes and a port is found", async () => {
  expect(await send("GET", "/images/host:5000/team/tool:x/json")).toMatchObject({ status: 200, json: { Id: image.id, Size: 3 } });
  expect(await send("GET", "/v1.43/images/host:5000%2Fteam%2Ftool:x/json")).toMatchObject({
    json: { Id: image.id, VirtualSize: 3 },
  });
  expect(await send("GET", "/images/host:5000/team/tool/json")).toMatchObject({
    status: 404,
    json: { message: "No such image: host:5000/team/tool:latest" },
  });
  expect((await send("GET", `/images/${image.id}/history`)).json).toEqual([expect.objectContaining({ Id: image.id, Size: 3 })]);
});

test("a platform must match", async () => {
  const platform = (value: unknown): string => encodeURIComponent(JSON.stringify(value));
  const arm = platform({ os: "linux", architecture: "arm64" });
  expect(await send("GET", `/images/${image.id}/json?platform=${arm}`)).toMatchObject({
    status: 404,
    json: {
      message: `image with reference ${image.id} was found but its platform (linux/amd64) does not match the specified platform (linux/arm64)`,
    },
  });
  expect((await send("GET", `/images/${image.id}/json?platform=${platform({ os: "linux" })}`)).status).toBe(200);
  expect((await send("GET", `/images/${image.id}/json?platform=xx`)).status).toBe(400);
  expect((await send("GET", `/images/${image.id}/json?platform=1`)).status).toBe(400);
});

test("lists", async () => {
  expect((await send("GET", "/images/json")).json).toEqual([
    expect.objectContaining({ Id: image.id, RepoTags: ["host:5000/team/tool:x"] }),
  ]);
  expect((await send("GET", `/images/json?${filters({ reference: ["host:5000/*"] })}`)).json).toEqual([]);
  expect((await send("GET", `/images/json?${filters({ reference: ["host:5000/*/*"] })}`)).json).toHaveLength(1);
  expect((await send("GET", `/images/json?${filters({ until: ["2020-01-01"] })}`)).json).toEqual([]);
  expect((await send("GET", `/images/json?${filters({ until: ["2026-06-01T00:00:00"] })}`)).json).toHaveLength(1);
  expect((await send("GET", "/v1.40/images/json?filter=nope")).json).toEqual([]);
  await images.untag(image, "host:5000/team/tool:x");
  expect((await send("GET", "/v1.42/images/json")).json).toEqual([
    expect.objectContaining({ RepoTags: ["<none>:<none>"], RepoDigests: ["<none>@<none>"], VirtualSize: 3 }),
  ]);
});

// recorded from Docker 28
test.each([
  ["GET", `/images/json?${filters({ dangling: ["x"] })}`, 400, "invalid filter 'dangling=[x]'"],
  ["GET", `/images/json?${filters({ foo: ["x"] })}`, 400, "invalid filter 'foo'"],
  ["GET", `/images/json?${filters({ before: ["nope"] })}`, 404, "No such image: nope:latest"],
  ["GET", `/images/json?${filters({ reference: ["[a"] })}`, 500, "syntax error in pattern"],
  ["GET", `/images/json?${filters({ until: ["xx"] })}`, 500, 'failed to parse value as time or duration: "xx"'],
  ["GET", "/images/UPPER/json", 400, "invalid reference format: repository name (library/UPPER) must be lowercase"],
  ["POST", "/images/nope/tag?repo=a", 404, "No such image: nope:latest"],
  ["POST", "/images/nope/tag?repo=a&tag=b:c", 400, "invalid tag format"],
  ["DELETE", "/images/nope", 404, "No such image: nope:latest"],
  ["GET", "/images/get?names=nope", 404, "No such image: nope"],
  ["GET", "/images/search?term=x&limit=200", 400, "limit 200 is outside the range of [1, 100]"],
  ["POST", "/images/create?fromSrc=-&repo=STI", 400, "invalid reference format: repository name (library/STI) must be lowercase"],
  ["POST", "/images/create?fromSrc=-&changes=RUN+x", 400, "RUN is not a valid change command"],
])("%s %s is refused", async (method, path, status, message) => {
  expect(await send(method, path)).toMatchObject({ status, json: { message } });
});

test("a tag is set and removed", async () => {
  expect(await send("POST", `/images/${image.id}/tag?repo=other&tag=1`)).toMatchObject({ status: 201, text: "" });
  expect(lastEvent()).toBe("tag sha256:" + image.id.slice(7, 10) + ' {"a":"b","name":"other:1"}');
  expect((await send("DELETE", "/images/other:1")).json).toEqual([{ Untagged: "other:1" }]);
  expect(lastEvent()).toContain(`"name":"${image.id}"`);
  expect((await send("POST", `/images/${image.id}/tag`)).status).toBe(200);
  const removed = await send("DELETE", "/images/host:5000/team/tool:x?force=1&noprune=1");
  expect(removed.json).toEqual([{ Untagged: "host:5000/team/tool:x" }, { Deleted: image.id }, { Deleted: image.chain[0] }]);
  expect(lastEvent()).toBe(`delete ${image.id.slice(0, 10)} {"name":"${image.id}"}`);
});

test("pruning", async () => {
  expect((await send("POST", "/images/prune")).json).toEqual({ ImagesDeleted: null, SpaceReclaimed: 0 });
  const all = await send("POST", `/images/prune?${filters({ dangling: ["false"] })}`);
  expect(all.json).toMatchObject({ SpaceReclaimed: 3 });
  expect(lastEvent()).toBe('prune  {"reclaimed":"3"}');
  expect((await send("POST", `/images/prune?${filters({ until: ["1h", "2h"] })}`)).status).toBe(400);
});

test("search asks the provider", async () => {
  expect((await send("GET", "/images/search?term=x")).json).toMatchObject([{ name: "x" }, { name: "other" }]);
  expect((await send("GET", `/images/search?term=x&${filters({ stars: ["2"], "is-official": ["true"] })}`)).json).toMatchObject([
    { name: "x" },
  ]);
  expect((await send("GET", `/images/search?term=x&${filters({ "is-automated": ["1"] })}`)).json).toEqual([]);
  expect((await send("GET", `/images/search?term=x&${filters({ stars: ["many"] })}`)).status).toBe(400);
  send = await served(imageRoutes({ images, events: new EventLog(new SystemClock()), driver: "test" }));
  expect((await send("GET", "/images/search?term=x")).status).toBe(501);
});

test("a saved image is loaded", async () => {
  const saved = await send("GET", "/images/host:5000/team/tool:x/get");
  expect(saved.headers["content-type"]).toBe("application/x-tar");
  expect(lastEvent()).toContain("save ");
  expect((await send("GET", `/images/get?names=host:5000/team/tool:x`)).bytes).toEqual(saved.bytes);
  await send("DELETE", "/images/host:5000/team/tool:x");
  expect((await send("POST", "/images/load?quiet=0", saved.bytes)).json).toEqual([
    expect.objectContaining({ status: "Loading layer" }),
    { stream: "Loaded image: host:5000/team/tool:x\n" },
  ]);
  expect(lastEvent()).toContain("load ");
  expect(images.find("host:5000/team/tool:x").id).toBe(image.id);
  expect(await send("POST", "/images/load", Buffer.from("xx"))).toMatchObject({
    status: 200,
    json: { error: "unexpected EOF" },
  });
});

test("an archive is imported", async () => {
  const layer = await layerArchive({ b: "1234" });
  const query = "fromSrc=-&repo=imported&tag=1&message=hello&changes=a&changes=b&platform=linux/arm64";
  const { json } = await send("POST", `/images/create?${query}`, layer);
  const imported = images.find("imported:1");
  expect(json).toEqual({ status: imported.id });
  expect(imported.config).toMatchObject({ comment: "hello", architecture: "arm64", config: { Cmd: ["a", "b"] } });
  expect(events.slice(-2).map((event) => event.split(" ")[0])).toEqual(["tag", "import"]);
  expect((await send("POST", "/images/create?fromSrc=-&platform=plan9/x", layer)).status).toBe(400);
});

test("an archive is imported from a URL", async () => {
  const layer = gzipSync(await layerArchive({ b: "1234" }));
  const server = createServer((request, response) => {
    response.statusCode = request.url === "/layer" ? 200 : 404;
    response.end(layer);
  }).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect((await send("POST", `/images/create?fromSrc=${host}/layer&repo=url`)).status).toBe(200);
  expect(images.find("url").config.comment).toBe(`Imported from ${host}/layer`);
  expect(await send("POST", `/images/create?fromSrc=http://${host}/no`)).toMatchObject({
    status: 404,
    json: { message: expect.stringContaining(`failed to GET http://${host}/no with status 404 Not Found`) as string },
  });
  expect((await send("POST", "/images/create?fromSrc=http://127.0.0.1:1/x")).status).toBe(500);
});

test("a digest is a name", async () => {
  const digest = `sha256:${"4".repeat(64)}`;
  await images.tag(image, parseName(`host:5000/team/tool@${digest}`));
  expect((await send("GET", `/images/host:5000/team/tool@${digest}/json`)).status).toBe(200);
});
