// The jobs that the embedded engine and a Docker Engine do. Each returns its time in milliseconds and leaves nothing behind.

import { randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { packEntries } from "../../dist/archive/index.js";

const IMAGE = "busybox:latest";
const hostConfig = { NetworkMode: "none" };

/** Returns how long something takes. */
async function timed(action) {
  const began = performance.now();
  await action();
  return performance.now() - began;
}

/** Runs a container from creation to removal. */
async function whole(client, Cmd) {
  const { Id: id } = await client.createContainer({ config: { Image: IMAGE, Cmd }, hostConfig });
  await client.startContainer({ id });
  await client.waitContainer({ id });
  await client.removeContainer({ id });
}

/** Does something `count` times, `width` at a time. */
async function many(count, width, action) {
  let next = 0;
  const work = async () => {
    while (next < count) {
      next += 1;
      await action(next);
    }
  };
  await Promise.all(Array.from({ length: width }, work));
}

/** Time from the start of `true` to its exit. */
async function startToExit(client) {
  const { Id: id } = await client.createContainer({ config: { Image: IMAGE, Cmd: ["true"] }, hostConfig });
  const waiting = client.waitContainer({ id, condition: "next-exit" });
  const time = await timed(async () => {
    await client.startContainer({ id });
    await waiting;
  });
  await client.removeContainer({ id });
  return time;
}

const dockerfile = (salt) => [
  `FROM ${IMAGE}`,
  `ENV SALT=${salt}`,
  ...Array.from({ length: 8 }, (_, i) => `RUN echo ${i} > /file-${i}`),
];

async function build(client, salt) {
  const name = `bench-${salt}`;
  return timed(() => client.buildImage({ name, dockerfileContent: dockerfile(salt).join("\n") }));
}

/** Loads or saves an image with a layer of 500 MB, which does not compress. */
async function bigImage(client, job) {
  const repository = `bench-${randomBytes(4).toString("hex")}`;
  const content = Buffer.concat(Array.from({ length: 500 }, () => randomBytes(1_000_000)));
  await client.importImage({ inputStream: packEntries([{ name: "big", content }]), repository });
  const name = `${repository}:latest`;
  let saved;
  const saving = await timed(async () => {
    saved = await buffer(await client.exportImage({ name }));
  });
  await client.removeImage({ name });
  const loading = await timed(() => client.loadImage({ inputStream: saved }));
  await client.removeImage({ name });
  return job === "save" ? saving : loading;
}

/** @type {{ name: string, title: string, run: (client: import("../../dist/index.js").Client) => Promise<number> }[]} */
export const engineLines = [
  { name: "start", title: "start to exit of `true`", run: startToExit },
  {
    name: "containers",
    title: "500 containers created, started, waited for, removed; 100 at a time",
    run: (client) => timed(() => many(500, 100, () => whole(client, ["true"]))),
  },
  { name: "ping", title: "1,000 pings, 16 at a time", run: (client) => timed(() => many(1000, 16, () => client.ping())) },
  {
    name: "list",
    title: "lists of 1,000 containers, 20 times",
    run: async (client) => {
      const ids = [];
      await many(1000, 20, async () => ids.push((await client.createContainer({ config: { Image: IMAGE }, hostConfig })).Id));
      const time = await timed(() => many(20, 1, () => client.listContainers({ all: true })));
      await many(1000, 20, (number) => client.removeContainer({ id: ids[number - 1] }));
      return time;
    },
  },
  {
    name: "build",
    title: "build of ten steps, cold",
    run: async (client) => {
      const salt = randomBytes(4).toString("hex");
      const time = await build(client, salt);
      await client.removeImage({ name: `bench-${salt}` });
      return time;
    },
  },
  {
    name: "cached",
    title: "build of ten steps, cached",
    run: async (client) => {
      const salt = randomBytes(4).toString("hex");
      await build(client, salt);
      const time = await build(client, salt);
      await client.removeImage({ name: `bench-${salt}` });
      return time;
    },
  },
  { name: "save", title: "saving an image of 500 MB", run: (client) => bigImage(client, "save") },
  { name: "load", title: "loading an image of 500 MB", run: (client) => bigImage(client, "load") },
];
