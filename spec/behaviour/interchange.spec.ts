import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { readArchive } from "../../lib/archive/read-archive.js";
import { Client } from "../../lib/client.js";
import { EmbeddedEngine } from "../../lib/engine/index.js";
import { client, IMAGE, uniqueName, useEngine } from "../support/engine.js";
import { dockerfile, repositoryName } from "../support/images.js";
import { reachableRegistry } from "../support/reachable-registry.js";
import { right } from "../support/registry.js";

// The engine under test and an embedded engine exchange images.

useEngine();

let engine: EmbeddedEngine;
let embedded: Client;
beforeAll(async () => {
  engine = await EmbeddedEngine.start({ standardImages: [] });
  embedded = new Client({ endpoint: engine.endpoint });
  await embedded.loadImage({ inputStream: await client.exportImage({ name: IMAGE }) });
});
afterAll(async () => {
  await embedded.close();
  await engine.close();
});

const directions = [
  ["the engine", "the embedded engine", () => [client, embedded] as const],
  ["the embedded engine", "the engine", () => [embedded, client] as const],
] as const;

/** Builds an image whose containers print a random text, and removes it from both engines after the test. */
async function built(
  on: Client,
  repository = repositoryName(),
): Promise<{ name: string; repository: string; text: string; id: string }> {
  const text = randomBytes(8).toString("hex");
  const name = `${repository}:1`;
  const lines = [`RUN mkdir /made && echo ${text} > /made/text && ln -s text /made/link && chmod 640 /made/text`];
  const { imageId } = await on.buildImage({
    dockerfileContent: dockerfile(...lines, 'CMD ["cat", "/made/link"]', "LABEL made=yes"),
    name,
  });
  onTestFinished(async () => {
    for (const each of [client, embedded]) await each.removeImage({ name, force: true }).catch(() => undefined);
  });
  const { Id } = await on.inspectImage({ name: imageId });
  return { name, repository, text, id: Id };
}

const printed = async (on: Client, image: string): Promise<string> =>
  (await on.output({ image, pull: "never" })).stdout.toString();

/** What an image says about itself on every engine. */
async function described(on: Client, name: string): Promise<unknown> {
  const { Id, Config, RootFS, Architecture, Os } = await on.inspectImage({ name });
  return { Id, RootFS, Architecture, Os, Env: Config?.Env, Cmd: Config?.Cmd, Labels: Config?.Labels };
}

describe.each(directions)("an image of %s for %s", (_from, _to, engines) => {
  it("keeps its ID and its files when it is saved and loaded", async () => {
    const [from, to] = engines();
    const { name, text, id } = await built(from);
    expect(await printed(from, name)).toBe(`${text}\n`);
    await to.loadImage({ inputStream: await from.exportImage({ name }) });
    expect((await to.inspectImage({ name })).Id).toBe(id);
    expect(await described(to, name)).toEqual(await described(from, name));
    expect(await printed(to, name)).toBe(`${text}\n`);
  });

  it("keeps its digest when it is pushed and pulled", { timeout: 120_000 }, async (context) => {
    const [from, to] = engines();
    const host = await reachableRegistry(context);
    const { name, repository, text, id } = await built(from, `${host}/${uniqueName("interchange")}`);
    const digestOf = async (on: Client) =>
      (await on.inspectImage({ name })).RepoDigests.map((each) => each.slice(each.indexOf("@") + 1));
    const { digest } = await from.pushImage({ name: repository, tag: "1", auth: right });
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect((await to.pullImage({ repository, tag: "1", auth: right })).digest).toBe(digest);
    expect((await to.inspectImage({ name })).Id).toBe(id);
    expect([await digestOf(from), await digestOf(to)]).toEqual([[digest], [digest]]);
    expect(await printed(to, name)).toBe(`${text}\n`);
  });

  it("has the same files when a container of it is exported and imported", async () => {
    const [from, to] = engines();
    const { name } = await built(from);
    const { Id: container } = await from.createContainer({ config: { Image: name } });
    onTestFinished(() => from.removeContainer({ id: container, force: true }));
    const archive = await buffer(await from.exportContainer({ id: container }));
    const target = repositoryName();
    await to.importImage({ inputStream: Readable.from([archive], { objectMode: false }), repository: target, tag: "1" });
    onTestFinished(async () => {
      await to.removeImage({ name: `${target}:1`, force: true });
    });
    const { Id: copy } = await to.createContainer({ config: { Image: `${target}:1`, Cmd: ["cat"] } });
    onTestFinished(() => to.removeContainer({ id: copy, force: true }));
    expect(await filesIn(await buffer(await to.exportContainer({ id: copy })))).toEqual(await filesIn(archive));
  });
});

/** The files of an archive, apart from those that the engine places in each container. */
async function filesIn(archive: Buffer): Promise<string[]> {
  const files: string[] = [];
  for await (const entry of readArchive(Readable.from([archive]))) {
    const { name, type, mode, uid, gid, linkname = "" } = entry;
    const content = type === "file" ? (await buffer(entry.content)).toString("base64").slice(0, 200) : "";
    const path = name.replace(/^\.?\//, "").replace(/\/$/, "");
    if (/^(dev|proc|sys|etc\/(hosts|hostname|resolv\.conf|mtab)|\.dockerenv|etc$|)($|\/)/.test(path)) continue;
    files.push(`${path} ${type} ${type === "symlink" ? "" : mode.toString(8)} ${uid}:${gid} ${linkname} ${content}`);
  }
  return files.sort();
}

describe.each([
  ["the engine", () => client],
  ["the embedded engine", () => embedded],
] as const)("%s", (_name, on) => {
  it("reports no changes of a container of a committed image", async () => {
    const { name } = await built(on());
    const { Id: first } = await on().createContainer({
      config: { Image: name, Cmd: ["sh", "-c", "echo 1 > /a; rm /made/link"] },
    });
    onTestFinished(() => on().removeContainer({ id: first, force: true }));
    await on().startContainer({ id: first });
    await on().waitContainer({ id: first });
    expect((await on().containerChanges({ id: first })).map(({ Path }) => Path).sort()).toEqual(["/a", "/made", "/made/link"]);
    const { Id: image } = await on().commitContainer({ container: first });
    onTestFinished(async () => {
      await on().removeImage({ name: image, force: true });
    });
    const { Id: second } = await on().createContainer({ config: { Image: image, Cmd: ["ls", "/made"] } });
    onTestFinished(() => on().removeContainer({ id: second, force: true }));
    expect(await on().containerChanges({ id: second })).toEqual([]);
    await on().startContainer({ id: second });
    await on().waitContainer({ id: second });
    expect(await on().containerChanges({ id: second })).toEqual([]);
  });

  it("builds the same image twice", async () => {
    const dockerfileContent = dockerfile("RUN date +%N > /now", "COPY --from=busybox /bin/sh /again");
    const { imageId: one } = await on().buildImage({ dockerfileContent });
    const { imageId: other } = await on().buildImage({ dockerfileContent });
    onTestFinished(async () => {
      await on().removeImage({ name: one, force: true });
    });
    expect(other).toBe(one);
  });
});
