import { beforeEach, expect, onTestFinished, test } from "vitest";
import { SystemClock } from "../../../lib/engine/clock.js";
import { EventLog } from "../../../lib/engine/events/event-log.js";
import { EmbeddedRegistry } from "../../../lib/engine/registry/embedded-registry.js";
import { imageRegistryRoutes } from "../../../lib/engine/routes/image-registry.js";
import { memoryDataRoot } from "../../../lib/engine/store/data-root.js";
import { parseName } from "../../../lib/engine/store/image-reference.js";
import { ImageStore, type StoredImage } from "../../../lib/engine/store/images.js";
import { addSampleImage, layerArchive } from "../../support/stored-images.js";
import { type Send, served } from "./served.js";

let images: ImageStore;
let image: StoredImage;
let send: Send;
let registry: EmbeddedRegistry;
let name: string;
let events: string[];

async function serve(): Promise<Send> {
  const clock = new SystemClock();
  const log = new EventLog(clock);
  events = [];
  log.listen(({ action, id, attributes }) => events.push(`${action} ${id} ${JSON.stringify(attributes)}`));
  images = await ImageStore.open(memoryDataRoot());
  return served(imageRegistryRoutes({ images, events: log, clock, version: "1", applyChanges: (config) => config }));
}

async function startRegistry(options?: Parameters<typeof EmbeddedRegistry.start>[0]): Promise<void> {
  registry = await EmbeddedRegistry.start(options);
  const started = registry;
  onTestFinished(() => started.close());
  name = `${registry.address}/team/tool`;
  await images.tag(image, parseName(`${name}:1`));
}

beforeEach(async () => {
  send = await serve();
  image = await addSampleImage(images, { layers: [{ a: "123" }], config: { config: { Labels: { a: "b" } } } });
  await startRegistry();
});

test("an image is pushed, described and pulled", async () => {
  const pushed = (await send("POST", `/images/${name}/push?tag=1`)).json as { status?: string; aux?: unknown }[];
  const digest = registry.tags("team/tool")["1"]!;
  expect(pushed[0]).toEqual({ status: `The push refers to repository [${name}]` });
  expect(pushed.at(-1)?.aux).toMatchObject({ Tag: "1", Digest: digest });
  expect(events).toEqual([`push ${name}:1 {"a":"b","name":"${name}"}`]);
  const type = "application/vnd.docker.distribution.manifest.v2+json";
  expect((await send("GET", `/distribution/${name}:1/json`)).json).toEqual({
    Descriptor: { mediaType: type, digest, size: expect.any(Number) as number },
    Platforms: [{ architecture: "amd64", os: "linux" }],
  });

  send = await serve();
  const pulled = (await send("POST", `/images/create?fromImage=${encodeURIComponent(name)}&tag=1`)).json as { status?: string }[];
  expect(pulled.at(-1)).toEqual({ status: `Status: Downloaded newer image for ${name}:1` });
  expect(images.find(`${name}:1`).id).toBe(image.id);
  expect(events).toEqual([`pull ${name}:1 {"a":"b","name":"${name}"}`]);
  const again = await send("POST", `/images/create?fromImage=${name}&tag=${digest}`);
  expect((again.json as object[]).at(-1)).toEqual({ status: `Status: Image is up to date for ${name}@${digest}` });
});

test("an image of another platform is pulled with a warning", async () => {
  await send("POST", `/images/${name}/push?tag=1`);
  const { json } = await send("POST", `/images/create?fromImage=${name}:1&platform=linux/arm64`);
  expect((json as object[]).at(-1)).toEqual({
    status: `WARNING: image with reference ${name}:1 was found but its platform (linux/amd64) does not match the specified platform (linux/arm64)`,
  });
});

// the messages are those of Docker 28
test("failures before the first message have a status", async () => {
  const text = `manifest for ${name}:none not found: manifest unknown: manifest unknown`;
  expect(await send("POST", `/images/create?fromImage=${name}&tag=none`)).toMatchObject({ status: 404, json: { message: text } });
  expect(await send("POST", "/images/create?fromImage=127.0.0.1:1/x")).toMatchObject({ status: 500 });
  expect(await send("POST", "/images/create?fromImage=UP")).toMatchObject({
    status: 400,
    json: { message: "invalid reference format: repository name (library/UP) must be lowercase" },
  });
  expect(await send("POST", "/images/create?fromImage=a&platform=x/y/z/a")).toMatchObject({
    status: 400,
    json: { message: '"x/y/z/a": cannot parse platform specifier: invalid argument' },
  });
  expect(await send("GET", `/distribution/${name}:none/json`)).toMatchObject({
    status: 404,
    json: { message: "manifest unknown: manifest unknown" },
  });
});

test("failures of a push are in the stream", async () => {
  const message = `An image does not exist locally with the tag: ${registry.address}/none`;
  expect(await send("POST", `/images/${registry.address}/none/push`)).toMatchObject({
    status: 200,
    json: [{ status: `The push refers to repository [${registry.address}/none]` }, { errorDetail: { message }, error: message }],
  });
  expect(events).toEqual([]);
});

test("all tags of a repository are pushed", async () => {
  await images.tag(image, parseName(`${name}:2`));
  await send("POST", `/images/${name}/push`);
  expect(Object.keys(registry.tags("team/tool")).sort()).toEqual(["1", "2"]);
  expect(events).toEqual([`push ${name} {"name":"${name}"}`]);
});

test("without fromImage an archive is imported", async () => {
  const { json } = await send("POST", "/images/create?fromSrc=-&repo=imported", await layerArchive({ a: "1" }));
  expect(json).toEqual({ status: images.find("imported").id });
});
