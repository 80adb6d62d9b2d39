import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { finished } from "node:stream/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { readArchive } from "../../../../lib/archive/read-archive.js";
import { ApiError } from "../../../../lib/errors/api-error.js";
import { NoSuchImageError } from "../../../../lib/errors/image-errors.js";
import { UnsupportedVersionError } from "../../../../lib/errors/usage-errors.js";
import { atLeast } from "../../../../lib/wire/api-version.js";
import { apiVersion, client, container, IMAGE, needsApi, uniqueName, useEngine } from "../../../support/engine.js";
import { builtImage, fileIn, removedAtEnd, repositoryName } from "../../../support/images.js";

useEngine();

const nosuch = `localhost/${uniqueName("nosuch")}:1`;

async function namesIn(archive: Readable): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of readArchive(archive)) {
    if (entry.name !== "manifest.json") continue;
    const manifest = JSON.parse((await entry.buffer()).toString()) as { RepoTags: string[] | null }[];
    names.push(...manifest.flatMap(({ RepoTags }) => RepoTags ?? []));
  }
  return names;
}

describe("exportImage and loadImage", () => {
  it("export an image and load it again", async () => {
    const { name } = await builtImage(["RUN echo content > /file"]);
    const { RootFS } = await client.inspectImage({ name });
    const archive = await buffer(await client.exportImage({ name }));
    await client.removeImage({ name, force: true });
    expect(await namesIn(Readable.from([archive]))).toEqual([name]);
    expect(await client.loadImage({ inputStream: Readable.from([archive]) })).toEqual({ images: [name] });
    expect((await client.inspectImage({ name })).RootFS).toEqual(RootFS);
    expect(await fileIn(name, "/file")).toBe("content\n");
  });

  it("stream an export into a load", async () => {
    const { name } = await builtImage();
    const archive = await client.exportImage({ name });
    expect((await client.loadImage({ inputStream: archive, quiet: true })).images).toEqual([name]);
  });

  it("write to a stream and leave it open", async () => {
    const outputStream = new PassThrough();
    const written = buffer(outputStream);
    await client.exportImage({ name: IMAGE, outputStream });
    expect(outputStream.writableEnded).toBe(false);
    outputStream.end();
    expect((await written).length).toBeGreaterThan(1024);
  });

  it("accept a platform if the engine does", async (context) => {
    needsApi(context, "1.48", "platform of exportImage and loadImage");
    const { Os: os, Architecture: architecture } = await client.inspectImage({ name: IMAGE });
    const archive = await client.exportImage({ name: IMAGE, platform: { os, architecture } });
    const { images } = await client.loadImage({ inputStream: archive, platform: { os, architecture } });
    expect(images).toHaveLength(1);
  });

  it("accept several platforms if the engine does", async () => {
    const platform = ["linux/amd64", "linux/arm64"];
    const outcome = await client.exportImage({ name: IMAGE, platform }).catch((error: unknown) => error);
    if (outcome instanceof Readable) outcome.destroy();
    else expect(outcome).toBeInstanceOf(atLeast(apiVersion, "1.52") ? ApiError : UnsupportedVersionError);
  });

  it("reject a missing image and an invalid archive", async () => {
    await expect(client.exportImage({ name: nosuch })).rejects.toBeInstanceOf(NoSuchImageError);
    const inputStream = Readable.from([Buffer.from("this is no archive")]);
    await expect(client.loadImage({ inputStream })).rejects.toBeInstanceOf(ApiError);
  });
});

describe("exportImages", () => {
  it("exports several images into one archive", async () => {
    const [one, other] = [await builtImage(), await builtImage()];
    const archive = await client.exportImages({ names: [one.name, other.name] });
    expect((await namesIn(archive)).sort()).toEqual([one.name, other.name].sort());
  });

  it("rejects when one image is missing", async () => {
    await expect(client.exportImages({ names: [IMAGE, nosuch] })).rejects.toBeInstanceOf(NoSuchImageError);
  });
});

describe("importImage", () => {
  it("creates an image from a container's file system", async () => {
    const id = await container({ Cmd: ["true"] });
    await client.copyToContainer({ container: id, path: "/tmp/file", content: "content" });
    const name = removedAtEnd(`${repositoryName()}:1`);
    const inputStream = await client.exportContainer({ id });
    const changes = ['CMD ["cat", "/tmp/file"]', "ENV COLOUR=red"];
    const { imageId } = await client.importImage({ repository: name, inputStream, changes, message: "by a spec" });
    removedAtEnd(imageId);
    const image = await client.inspectImage({ name: imageId });
    expect(image.Config).toMatchObject({ Cmd: ["cat", "/tmp/file"] });
    expect(image.Config?.Env).toContain("COLOUR=red");
    expect((await client.imageHistory({ name: imageId }))[0]?.Comment).toBe("by a spec");
  });

  it("creates an image from a local file", async () => {
    const folder = await mkdtemp(join(tmpdir(), "tsdc-import-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const source = join(folder, "root.tar");
    const outputStream = createWriteStream(source);
    await client.exportContainer({ id: await container({ Cmd: ["true"] }), outputStream });
    await finished(outputStream.end());
    const name = removedAtEnd(`${repositoryName()}:1`);
    const messages: unknown[] = [];
    const { imageId } = await client.importImage({ repository: name, source, onProgress: (message) => messages.push(message) });
    removedAtEnd(imageId);
    expect((await client.inspectImage({ name: imageId })).Os).toBe("linux");
    expect(messages.length).toBeGreaterThan(0);
  });

  it("rejects when the engine cannot download the archive", async () => {
    const source = "http://127.0.0.1:1/root.tar";
    await expect(client.importImage({ repository: repositoryName(), source })).rejects.toBeInstanceOf(ApiError);
  });
});
