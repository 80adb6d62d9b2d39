import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type BlobStore, DigestMismatchError, digestOf, MissingBlobError } from "../../../lib/engine/store/blobs.js";
import { DiskBlobs } from "../../../lib/engine/store/disk-blobs.js";
import { MemoryBlobs } from "../../../lib/engine/store/memory-blobs.js";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "blobs-"));
});
afterEach(() => rm(directory, { recursive: true }));

const missing = digestOf("missing");

describe.each<[string, () => Promise<BlobStore>]>([
  ["in memory", () => Promise.resolve(new MemoryBlobs())],
  ["on disk", () => DiskBlobs.open(directory)],
  ["on disk, flushed", () => DiskBlobs.open(directory, "power")],
])("blobs %s", (_name, open) => {
  test("are stored by their digest and read back", async () => {
    const blobs = await open();
    const stored = await blobs.write(Readable.from([Buffer.from("hello "), Buffer.from("world")]));
    expect(stored).toEqual({ digest: digestOf("hello world"), size: 11 });
    expect((await blobs.bytes(stored.digest)).toString()).toBe("hello world");
    expect(await blobs.size(stored.digest)).toBe(11);
    expect(await blobs.has(stored.digest)).toBe(true);
    expect(await blobs.write(Buffer.from("hello world"))).toEqual(stored);
    expect(await blobs.list()).toEqual([stored]);
    await blobs.remove(stored.digest);
    await blobs.remove(stored.digest);
    expect(await blobs.has(stored.digest)).toBe(false);
    expect(await blobs.list()).toEqual([]);
  });

  test("are read in part", async () => {
    const blobs = await open();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.nat(320), fc.nat(320), async (content, from, to) => {
        const { digest } = await blobs.write(content);
        expect(await buffer(blobs.read(digest, from, to))).toEqual(Buffer.from(content).subarray(from, Math.max(from, to)));
        expect(await buffer(blobs.read(digest, from))).toEqual(Buffer.from(content).subarray(from));
      }),
      { numRuns: 40 },
    );
  });

  test("are stored only with the expected digest", async () => {
    const blobs = await open();
    await expect(blobs.write(Buffer.from("b"), digestOf("a"))).rejects.toThrow(DigestMismatchError);
    expect(await blobs.list()).toEqual([]);
    expect(await blobs.write(Buffer.from("a"), digestOf("a"))).toEqual({ digest: digestOf("a"), size: 1 });
  });

  test("leave nothing behind when their stream fails", async () => {
    const blobs = await open();
    const failing = Readable.from(
      (function* () {
        yield Buffer.from("begin");
        throw new Error("the stream broke");
      })(),
    );
    await expect(blobs.write(failing)).rejects.toThrow("the stream broke");
    expect(await blobs.list()).toEqual([]);
  });

  test("report a missing one", async () => {
    const blobs = await open();
    await expect(blobs.bytes(missing)).rejects.toThrow(MissingBlobError);
    await expect(blobs.size(missing)).rejects.toThrow(`blob ${missing} does not exist`);
    await expect(buffer(blobs.read(missing))).rejects.toThrow(MissingBlobError);
    expect(await blobs.has(missing)).toBe(false);
    expect(await blobs.has("sha256:../../etc/passwd")).toBe(false);
  });
});

test("incomplete blobs of an earlier process are removed", async () => {
  await DiskBlobs.open(directory);
  await writeFile(join(directory, "tmp", "left.tmp"), "half a blob");
  await DiskBlobs.open(directory);
  expect(await readdir(join(directory, "tmp"))).toEqual([]);
});

test("a digest never leads outside the directory", async () => {
  const blobs = await DiskBlobs.open(directory);
  await expect(blobs.bytes("sha256:../tmp")).rejects.toThrow(MissingBlobError);
});
