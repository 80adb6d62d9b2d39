import { createHash, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { describe, expect, onTestFinished, test } from "vitest";
import { examineArchive, withoutNames } from "../../../lib/agent/images/archive.js";
import { NamelessFile } from "../../../lib/agent/images/nameless-file.js";
import type { AgentLimits } from "../../../lib/agent/options.js";
import { boxArchive } from "../../support/box-archive.js";
import { type AgentBed, call1, call2, guestId, IMAGE, startAgent } from "../support/agent-bed.js";

const sha256 = (data: Buffer): string => `sha256:${createHash("sha256").update(data).digest("hex")}`;

/** Starts an agent with an image service. */
async function withService(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
  limits: AgentLimits = {},
): Promise<AgentBed> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return startAgent({ imageService: `127.0.0.1:${(server.address() as AddressInfo).port}`, limits });
}

/** Returns the ID of an image that is removed after the test, with the names that an agent gives it. */
function imageId({ client }: AgentBed): string {
  const id = `aproto-${randomBytes(5).toString("hex")}`;
  onTestFinished(async () => {
    for (const name of [id, `mistify-imports/${id}`]) await client.removeImage({ name, force: true }).catch(() => undefined); // most tests make one of them
  });
  return id;
}

async function expectNoImage({ client }: AgentBed, id: string): Promise<void> {
  for (const name of [id, `mistify-imports/${id}`]) await expect(client.inspectImage({ name })).rejects.toThrow(/no such image/i);
}

describe("an image of the image service", () => {
  test.each([
    ["as it is", (archive: Buffer) => archive],
    ["compressed", (archive: Buffer) => gzipSync(archive)],
  ])("is loaded %s under its ID, once, and listed and deleted", async (_, compress) => {
    const archive = compress(await boxArchive({ Labels: { spec: randomBytes(5).toString("hex") } }));
    const urls: string[] = [];
    const bed = await withService(({ url = "" }, response) => {
      urls.push(url);
      response.end(archive);
    });
    const id = imageId(bed);
    const image = { id, type: "container", size: expect.any(Number) as number };
    expect(await call2(bed, "LoadImage", { id, digest: sha256(archive) })).toEqual({ images: [image] });
    expect(await call1(bed, "LoadImage", { id })).toEqual({ images: [image] });
    expect(urls).toEqual([`/images/${id}/download`]);
    expect(await call1(bed, "GetImage", { id })).toEqual({ images: [image] });
    expect((await call1(bed, "ListImages")).images).toContainEqual(image);
    expect(await call1(bed, "DeleteImage", { id })).toEqual({ images: [image] });
    await expectNoImage(bed, id);
    await expect(call2(bed, "GetImage", { id })).rejects.toMatchObject({ code: -32004 });
  });

  test("gets none of the names in its archive, and takes none from another image", async () => {
    const taken = `aproto-taken-${randomBytes(5).toString("hex")}:latest`;
    const strange = `aproto-strange-${randomBytes(5).toString("hex")}:latest`;
    const bed = await withService(({ url }, response) => {
      void boxArchive({ Labels: { spec: url ?? "" } }, [taken, strange]).then((archive) => response.end(archive));
    });
    const { client } = bed;
    await client.tagImage({ name: IMAGE, repo: taken.replace(":latest", "") });
    onTestFinished(async () => {
      await client.removeImage({ name: taken });
    });
    const ids = [imageId(bed), imageId(bed)];
    await Promise.all(ids.map((id) => call2(bed, "LoadImage", { id })));
    const idOf = async (name: string) => (await client.inspectImage({ name })).Id;
    expect(await idOf(taken)).toBe(await idOf(IMAGE));
    await expect(idOf(strange)).rejects.toThrow(/no such image/i);
    for (const id of ids) {
      const { RepoTags } = await client.inspectImage({ name: id });
      expect(RepoTags.toSorted()).toEqual([`${id}:latest`, `mistify-imports/${id}:latest`]);
    }
  });

  test("of an OCI layout gets none of the names in its index", async () => {
    const { pack, extract } = await import("tar-stream");
    const strange = `aproto-strange-${randomBytes(5).toString("hex")}:latest`;
    const tar = pack();
    const descriptor = { mediaType: "application/vnd.oci.image.manifest.v1+json", digest: sha256(Buffer.from("{}")), size: 2 };
    const names = { "io.containerd.image.name": strange, "org.opencontainers.image.ref.name": "latest", kept: "yes" };
    const index = { schemaVersion: 2, manifests: [{ ...descriptor, annotations: names }], annotations: { own: "kept" } };
    for (const [name, content] of Object.entries({
      "oci-layout": "{}",
      "./index.json": JSON.stringify(index),
      repositories: "{}",
      other: "kept",
    }))
      tar.entry({ name }, content);
    tar.finalize();
    const file = new NamelessFile();
    onTestFinished(() => file.close());
    for await (const chunk of tar as AsyncIterable<Buffer>) await file.write(chunk);
    expect(await examineArchive(file, 100_000, new AbortController().signal)).toBe("image");
    const found: Record<string, unknown> = {};
    const reader = withoutNames(file).pipe(extract());
    for await (const entry of reader) found[entry.header.name] = await text(entry);
    expect(found).toEqual({
      "oci-layout": "{}",
      "./index.json": JSON.stringify({
        schemaVersion: 2,
        annotations: { own: "kept" },
        manifests: [{ ...descriptor, annotations: { kept: "yes" } }],
      }),
      other: "kept",
    });
  });

  test("of files is imported", async () => {
    const tar = pack();
    tar.entry({ name: "hello.txt" }, "hello");
    tar.finalize();
    const bed = await withService((_, response) => void tar.pipe(response));
    const id = imageId(bed);
    expect(await call1(bed, "ImportImage", { id })).toMatchObject({ images: [{ id, type: "container", size: 0 }] });
    expect((await bed.client.inspectImage({ name: `mistify-imports/${id}` })).RepoTags).toContain(`mistify-imports/${id}:latest`);
    expect((await call2(bed, "ListImages")).images).toContainEqual({ id, type: "container", size: 0 });
  });

  test.each(["LoadImage", "ImportImage"])(
    "that is cut off, of another digest, or no archive leaves nothing in %s",
    async (method) => {
      const archive = await boxArchive();
      let content: Buffer = archive;
      const sent: { length?: number } = {};
      const bed = await withService((_, response) => {
        if (sent.length !== undefined) response.setHeader("Content-Length", sent.length);
        response.write(content);
        if (sent.length === undefined) response.end();
        else setImmediate(() => response.destroy());
      });
      const id = imageId(bed);
      const wrong = `sha256:${"0".repeat(64)}`;
      const error = { code: -32000, data: { kind: "engine" } };
      await expect(call2(bed, method, { id, digest: wrong })).rejects.toMatchObject({
        ...error,
        message: expect.stringContaining(wrong) as string,
      });
      await expect(call2(bed, method, { id, digest: "sha256:0" })).rejects.toMatchObject({ code: -32602 });
      content = archive.subarray(0, archive.length - 4_000);
      await expect(call2(bed, method, { id })).rejects.toMatchObject(error);
      content = gzipSync(archive).subarray(0, -100);
      await expect(call2(bed, method, { id })).rejects.toMatchObject(error);
      content = Buffer.from("no archive");
      await expect(call2(bed, method, { id })).rejects.toMatchObject(error);
      content = archive.subarray(0, 2_000);
      sent.length = archive.length;
      await expect(call2(bed, method, { id })).rejects.toMatchObject(error);
      await expectNoImage(bed, id);
    },
  );

  test("that is not there makes an error with the codes and the URL", async () => {
    const bed = await withService((_, response) => response.writeHead(404).end());
    const id = imageId(bed);
    await expect(call1(bed, "LoadImage", { id })).rejects.toThrow(
      new RegExp(`answered 404 instead of 200 for http://127\\.0\\.0\\.1:\\d+/images/${id}/download$`),
    );
  });

  test.each([
    "http://127.0.0.1:1/x",
    "http://[::ffff:127.0.0.1]:1/x",
    "http://[::1]:1/",
    "http://[::127.0.0.1]:1/",
    "http://[64:ff9b::127.0.0.1]:1/",
    "http://[64:ff9b:1::127.0.0.1]:1/",
    "http://[2002:7f00:1::1]:1/",
    "http://[fec0::1]:1/",
    "http://169.254.169.254/latest",
    "http://10.0.0.1/",
    "http://2130706433:1/",
    "http://localhost:1/",
  ])("is not fetched from %s", async (location) => {
    const bed = await withService((_, response) => response.writeHead(302, { location }).end());
    await expect(call2(bed, "LoadImage", { id: imageId(bed) })).rejects.toMatchObject({
      code: -32000,
      message: expect.stringMatching(/which is not a public address$/) as string,
    });
  });

  test.each(["file:///etc/passwd", "http://user:secret@example.com/"])("is not fetched from %s either", async (location) => {
    const bed = await withService((_, response) => response.writeHead(302, { location }).end());
    const error = call2(bed, "LoadImage", { id: imageId(bed) });
    await expect(error).rejects.toMatchObject({ code: -32000, message: expect.not.stringContaining("secret") as string });
  });

  test.each(["..", ".", "../x", "a/../b", "a//b", "/a", "a/", "A", "a:b", "a@b", "a b", "%2e%2e", "a\u0000", "a".repeat(201)])(
    "is not asked for by the ID %j",
    async (id) => {
      const urls: unknown[] = [];
      const bed = await withService(({ url }, response) => {
        urls.push(url);
        response.writeHead(404).end();
      });
      for (const method of ["LoadImage", "ImportImage"]) {
        await expect(call2(bed, method, { id }), method).rejects.toMatchObject({
          code: -32602,
          message: expect.stringMatching(/^the image id is /) as string,
        });
        await expect(call1(bed, method, { id }), method).rejects.toThrow(/^the image id is /);
      }
      expect(urls).toEqual([]);
    },
  );

  test.each(["LoadImage", "ImportImage"])(
    "leaves nothing in %s if it is much larger uncompressed, or as it is",
    async (method) => {
      const zeros = pack();
      zeros.entry({ name: "zeros" }, Buffer.alloc(32 * 1024 * 1024));
      zeros.finalize();
      const archive = await buffer(zeros);
      let content = gzipSync(archive);
      expect(content.length).toBeLessThan(100_000);
      const bed = await withService((_, response) => response.end(content), {
        imageBytes: 100_000,
        unpackedImageBytes: 8_000_000,
      });
      const id = imageId(bed);
      await expect(call2(bed, method, { id })).rejects.toMatchObject({
        code: -32000,
        message: "the image archive is invalid: it is larger than 8000000 bytes uncompressed",
      });
      content = archive;
      await expect(call2(bed, method, { id })).rejects.toMatchObject({ message: "the image is larger than 100000 bytes" });
      await expectNoImage(bed, id);
    },
  );

  test("may be redirected within its service, but not in a circle", async () => {
    const archive = await boxArchive({ Labels: { spec: randomBytes(5).toString("hex") } });
    const bed = await withService(({ url = "" }, response) => {
      if (url === "/there") response.end(archive);
      else response.writeHead(307, { location: url.includes("circle") ? url : "/there" }).end();
    });
    const id = imageId(bed);
    expect(await call2(bed, "LoadImage", { id })).toHaveProperty("images.0.id", id);
    await expect(call2(bed, "LoadImage", { id: "circle" })).rejects.toThrow("the image service redirected 6 times");
  });
});

describe("the images of an engine", () => {
  test("are listed although one has no name", async () => {
    const bed = await startAgent();
    const id = guestId(bed);
    await bed.client.createContainer({ name: id, config: { Image: IMAGE } });
    const { images: saved } = await call1(bed, "SaveContainer", { ID: id, Opts: { Message: "untagged", unknown: 1 } });
    const name = saved[0]?.id ?? "";
    onTestFinished(async () => {
      await bed.client.removeImage({ name });
    });
    expect(saved).toEqual([{ id: name, type: "container", size: 0 }]);
    expect((await call1(bed, "ListImages")).images.map((image) => image.id)).not.toContain(name);
    expect((await call2(bed, "ListImages", { all: true })).images.map((image) => image.id)).toContain(name);
    expect((await call2(bed, "GetImages", { id: IMAGE })).images).toMatchObject([{ id: IMAGE }]);
  });

  test.each(["GetImage", "DeleteImage", "LoadImage", "ImportImage"])("are asked for by their IDs in %s", async (method) => {
    const bed = await startAgent();
    await expect(call2(bed, method)).rejects.toMatchObject({ code: -32602, message: "missing image with id" });
    await expect(call1(bed, method)).rejects.toThrow(/^missing image with id$/);
  });
});
