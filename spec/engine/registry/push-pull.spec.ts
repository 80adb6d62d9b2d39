import { once } from "node:events";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { EmbeddedRegistry, type EmbeddedRegistryOptions } from "../../../lib/engine/registry/embedded-registry.js";
import { pullImage, type PullOptions } from "../../../lib/engine/registry/pull.js";
import { pushImage, type PushOptions } from "../../../lib/engine/registry/push.js";
import { RegistryClient } from "../../../lib/engine/registry/registry-client.js";
import { uploadBlob } from "../../../lib/engine/registry/upload.js";
import { memoryDataRoot } from "../../../lib/engine/store/data-root.js";
import { parseName } from "../../../lib/engine/store/image-reference.js";
import { ImageStore, type StoredImage } from "../../../lib/engine/store/images.js";
import type { ProgressMessage } from "../../../lib/engine/store/progress.js";
import { digestsAmong } from "../../../lib/engine/store/references.js";
import { addSampleImage } from "../../support/stored-images.js";

const newStore = (): Promise<ImageStore> => ImageStore.open(memoryDataRoot());
let store: ImageStore;
let image: StoredImage;

beforeEach(async () => {
  store = await newStore();
  image = await addSampleImage(store, { layers: [{ a: "12345" }, { b: "x".repeat(300_000) }] });
});

async function start(options?: EmbeddedRegistryOptions): Promise<EmbeddedRegistry> {
  const registry = await EmbeddedRegistry.start(options);
  onTestFinished(() => registry.close());
  return registry;
}

async function push(name: string, options: PushOptions = {}, from = store): Promise<ProgressMessage[]> {
  const messages: ProgressMessage[] = [];
  await pushImage(from, parseName(name), { ...options, report: (message) => messages.push(message) });
  return messages;
}

async function pull(into: ImageStore, name: string, options: PullOptions = {}): Promise<ProgressMessage[]> {
  const messages: ProgressMessage[] = [];
  await pullImage(into, parseName(name), { ...options, report: (message) => messages.push(message) });
  return messages;
}

const tagged = async (name: string): Promise<string> => {
  await store.tag(image, parseName(name));
  return name;
};

const short = (digest: string): string => digest.slice(7, 19);
const statuses = (messages: readonly ProgressMessage[]) =>
  messages.filter(({ progress }) => progress === undefined).map(({ status, id }) => `${id ?? ""} ${status ?? ""}`);

test("a pushed image is pulled with its ID and the same bytes", async () => {
  const registry = await start();
  const name = await tagged(`${registry.address}/team/tool:1`);
  const pushed = await push(name);
  const [low, high] = image.layers.map(({ diffId }) => short(diffId));
  expect(pushed[0]).toEqual({ status: `The push refers to repository [${registry.address}/team/tool]` });
  expect(statuses(pushed).slice(1, 3)).toEqual([`${high} Preparing`, `${low} Preparing`]);
  expect(statuses(pushed)).toContain(`${low} Pushed`);
  const digest = registry.tags("team/tool")["1"]!;
  const size = (pushed.at(-1)?.aux as { Size: number }).Size;
  expect(pushed.slice(-2)).toEqual([
    { status: `1: digest: ${digest} size: ${size}` },
    { progressDetail: {}, aux: { Tag: "1", Digest: digest, Size: size } },
  ]);
  expect(digestsAmong(store.references.of(image.id))).toEqual([`${registry.address}/team/tool@${digest}`]);
  expect(registry.repositories).toEqual(["team/tool"]);

  const other = await newStore();
  const pulled = await pull(other, name);
  const found = other.find(name);
  const forms = found.layers.map(({ compressed }) => short(compressed[0]!.digest));
  expect(found.id).toBe(image.id);
  expect(statuses(pulled).filter((text) => !/Checksum|Download c/.test(text))).toEqual([
    "1 Pulling from team/tool",
    `${forms[0]} Pulling fs layer`,
    `${forms[1]} Pulling fs layer`,
    `${forms[0]} Pull complete`,
    `${forms[1]} Pull complete`,
    ` Digest: ${digest}`,
    ` Status: Downloaded newer image for ${name}`,
  ]);
  expect(other.find(`${registry.address}/team/tool@${digest}`).id).toBe(image.id);
  expect(statuses(await pull(other, name))).toEqual([
    "1 Pulling from team/tool",
    ` Digest: ${digest}`,
    ` Status: Image is up to date for ${name}`,
  ]);

  // the bytes are those that were pulled: nothing is sent again, and the manifest is the same
  const again = await push(name, {}, other);
  expect(statuses(again).filter((text) => text.endsWith("Layer already exists"))).toHaveLength(2);
  expect(registry.tags("team/tool")["1"]).toBe(digest);
});

test("a layer is mounted from another repository", async () => {
  const registry = await start();
  await push(await tagged(`${registry.address}/one:1`));
  const messages = await push(await tagged(`${registry.address}/two:1`));
  expect(statuses(messages).filter((text) => text.endsWith("Mounted from one"))).toHaveLength(2);
  expect(registry.tags("two")).toEqual(registry.tags("one"));
});

test("without a tag, all tags are pushed and pulled", async () => {
  const registry = await start();
  await tagged(`${registry.address}/x:1`);
  await tagged(`${registry.address}/x:2`);
  await push(`${registry.address}/x`);
  expect(Object.keys(registry.tags("x")).sort()).toEqual(["1", "2"]);
  const other = await newStore();
  const messages = await pull(other, `${registry.address}/x`);
  expect(other.find(`${registry.address}/x:2`).id).toBe(image.id);
  expect(messages.at(-1)).toEqual({ status: `Status: Downloaded newer image for ${registry.address}/x` });
});

test("an existing layer is not pulled again", async () => {
  const registry = await start();
  await push(await tagged(`${registry.address}/x:1`));
  const other = await newStore();
  await addSampleImage(other, { layers: [{ a: "12345" }] });
  const messages = await pull(other, `${registry.address}/x:1`);
  expect(statuses(messages).filter((text) => text.endsWith("Already exists"))).toHaveLength(1);
});

// the messages are those of Docker 28
test("what does not exist is reported", async () => {
  const registry = await start();
  const name = `${registry.address}/none:1`;
  const text = `manifest for ${name} not found: manifest unknown: manifest unknown`;
  await expect(pull(store, name)).rejects.toMatchObject({ status: 404, message: text });
  await expect(push(name)).rejects.toThrow(`An image does not exist locally with the tag: ${registry.address}/none`);
  await expect(pull(store, "127.0.0.1:1/x:1")).rejects.toThrow('Get "http://127.0.0.1:1/v2/": connect ECONNREFUSED 127.0.0.1:1');
});

const users = { me: "secret: p@ss" };
const credentials = { username: "me", password: "secret: p@ss" };

test.each(["basic", "token"] as const)("%s authentication", async (authentication) => {
  const registry = await start({ users, authentication });
  const name = await tagged(`${registry.address}/x:1`);
  await push(name, { credentials });
  const other = await newStore();
  await pull(other, name, { credentials });
  expect(other.find(name).id).toBe(image.id);
  const message = authentication === "basic" ? "no basic auth credentials" : "pull access denied for";
  await expect(pull(await newStore(), name)).rejects.toThrow(message);
  const wrong = { username: "me", password: "wrong" };
  await expect(pull(await newStore(), name, { credentials: wrong })).rejects.toThrow("unauthorized: authentication required");
});

test("everyone may pull where only pushes need a user", async () => {
  const registry = await start({ users, authentication: "token", anonymousPull: true });
  const name = await tagged(`${registry.address}/x:1`);
  await expect(push(name)).rejects.toThrow("denied: requested access to the resource is denied");
  await push(name, { credentials });
  await pull(await newStore(), name);
});

/** Serves a registry through a server that breaks the connection of some requests. */
async function breaking(
  registry: EmbeddedRegistry,
  breaks: (method: string, path: string) => number | undefined,
): Promise<string> {
  const [host, port] = registry.address.split(":");
  const server: Server = createServer((incoming, outgoing) => {
    const limit = breaks(incoming.method ?? "", incoming.url ?? "");
    const { method, url: path, headers } = incoming;
    if (limit !== undefined && method === "PATCH") {
      incoming.destroy();
      return;
    }
    const sent = request({ host, port, method, path, headers }, (response) => {
      outgoing.writeHead(response.statusCode ?? 500, response.headers);
      let length = 0;
      response.on("data", (chunk: Buffer) => {
        const rest = limit === undefined ? chunk : chunk.subarray(0, Math.max(0, limit - length));
        length += chunk.length;
        outgoing.write(rest, () => limit !== undefined && length >= limit && outgoing.destroy());
      });
      response.on("end", () => outgoing.end());
    });
    sent.on("error", () => outgoing.destroy());
    incoming.pipe(sent);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => server.close().closeAllConnections());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("a download continues where its connection broke", async () => {
  const registry = await start();
  await push(await tagged(`${registry.address}/x:1`));
  let broken = 0;
  const address = await breaking(registry, (method, path) =>
    method === "GET" && path.includes("/blobs/") && broken++ < 3 ? 100 : undefined,
  );
  const other = await newStore();
  await pull(other, `${address}/x:1`);
  expect(broken).toBeGreaterThan(3);
  expect(other.find(`${address}/x:1`).id).toBe(image.id);
});

test("a download that never progresses fails", async () => {
  const registry = await start();
  await push(await tagged(`${registry.address}/x:1`));
  const address = await breaking(registry, (_, path) => (path.includes("/blobs/") ? 0 : undefined));
  await expect(pull(await newStore(), `${address}/x:1`)).rejects.toThrow(/aborted|EOF|hang up/);
});

test("a pull that fails leaves nothing, even of what had come", async () => {
  const registry = await start();
  const name = await tagged(`${registry.address}/x:1`);
  await push(name);
  const broken = store.layers.get(image.layers[1]?.diffId ?? "")?.compressed[0]?.digest ?? "none";
  const address = await breaking(registry, (_, path) => (path.endsWith(broken) ? 0 : undefined));
  const other = await newStore();
  const messages: ProgressMessage[] = [];
  const pulled = pullImage(other, parseName(`${address}/x:1`), { report: (message) => messages.push(message) });
  await expect(pulled).rejects.toThrow(/aborted|EOF|hang up/);
  expect(messages.map(({ status }) => status)).toContain("Download complete");
  expect(await other.blobs.list()).toEqual([]);
  await pull(other, name);
  expect(other.find(name).id).toBe(image.id);
});

test("an upload in pieces continues where its connection broke", async () => {
  const registry = await start();
  let patches = 0;
  const address = await breaking(registry, (method) => (method === "PATCH" && ++patches % 3 === 2 ? 0 : undefined));
  const blob = await store.blobs.write(Buffer.from("0123456789".repeat(5)));
  const client = await RegistryClient.open({ registry: address, path: "x" }, "pull,push");
  const sent: number[] = [];
  expect(await uploadBlob(client, store.blobs, blob, { chunk: 13, report: (current) => sent.push(current) })).toBe(false);
  expect(sent).toEqual([13, 26, 39, 50]);
  expect(patches).toBeGreaterThan(4);
  (await client.request(`/blobs/${blob.digest}`)).resume();
});

test("content with another digest is refused", async () => {
  const registry = await start();
  await push(await tagged(`${registry.address}/x:1`));
  const [host, port] = registry.address.split(":");
  const server = createServer((incoming, outgoing) => {
    request({ host, port, path: incoming.url, headers: incoming.headers }, (response) => {
      outgoing.writeHead(response.statusCode ?? 500, response.headers);
      const isBlob = incoming.url?.includes("/blobs/");
      response
        .on("data", (chunk: Buffer) => outgoing.write(isBlob ? Buffer.alloc(chunk.length, 65) : chunk))
        .on("end", () => outgoing.end());
    }).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => server.close().closeAllConnections());
  const other = await newStore();
  const name = `127.0.0.1:${(server.address() as AddressInfo).port}/x:1`;
  await expect(pull(other, name)).rejects.toThrow("filesystem layer verification failed for digest sha256:");
  expect(other.all().size).toBe(0);
});

test("a cancelled pull ends", async () => {
  const registry = await start();
  await push(await tagged(`${registry.address}/x:1`));
  const signal = AbortSignal.abort(new Error("cancelled"));
  await expect(pull(await newStore(), `${registry.address}/x:1`, { signal })).rejects.toThrow("cancelled");
});
