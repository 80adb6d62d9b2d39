import { spawnSync } from "node:child_process";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { decompress, sniff } from "../../../lib/engine/store/decompress.js";
import { ZstdTransform } from "../../../lib/engine/store/zstd-transform.js";

const has = (command: string): boolean => spawnSync(command, ["--version"]).status === 0;

/** What the command-line tools of these compressions print for a text. */
const samples = {
  zstd: "KLUv/QRojQAAWGhlbGxvIHpzdGQKAQDxShFsKZc8",
  xz: "/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQAIaGVsbG8geHoKAAAAAMFJOvpjUhRaAAEhCWwYxdUftvN9AQAAAAAEWVo=",
  bzip2: "QlpoOTFBWSZTWatrofEAAALZgAAQQAAQABJkwBAgADEA000EAB6j705RogeLuSKcKEhVtdD4gA==",
} as const;

/** 300,000 times the letter a. */
const repeated = Buffer.from("KLUv/QRYVAAAEGFhAQD7/znAAgIAEGEDnwRhjV8Epg==", "base64");

async function* pieces(bytes: Buffer, size = bytes.length): AsyncGenerator<Buffer, void, undefined> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function unpacked(bytes: Buffer, limit?: number, size?: number): Promise<Buffer> {
  const { compression, content } = await sniff(pieces(bytes, size));
  return buffer(decompress(content, compression, limit));
}

describe("decompress", () => {
  it.each(["zstd", "xz", "bzip2"] as const)("reads %s", async (name) => {
    if (name !== "zstd" && !has(name)) return;
    const expected = name === "zstd" ? "hello hello hello hello zstd\n" : `hello ${name}\n`;
    expect((await unpacked(Buffer.from(samples[name], "base64"), 100, 3)).toString()).toBe(expected);
  });

  it("leaves what is not compressed as it is", async () => {
    expect((await unpacked(Buffer.from("plain text"), 3)).toString()).toBe("plain text");
  });

  it.each([
    ["gzip", gzipSync(Buffer.alloc(300_000, "a"))],
    ["zstd", repeated],
  ])("stops a bomb of %s at the limit", async (_name, bomb) => {
    expect((await unpacked(bomb, 300_000)).equals(Buffer.alloc(300_000, "a"))).toBe(true);
    await expect(unpacked(bomb, 299_999)).rejects.toMatchObject({
      status: 400,
      message: "the content is larger than 299999 bytes when it is decompressed",
    });
  });

  it.each(["xz", "bzip2"] as const)("refuses invalid %s", async (name) => {
    if (!has(name)) return;
    await expect(unpacked(Buffer.from(samples[name], "base64").fill(0, 12))).rejects.toThrow(`${name}: the content is not valid`);
  });
});

describe("ZstdTransform", () => {
  const through = (bytes: Buffer, size?: number): Promise<Buffer> =>
    buffer(Readable.from(pieces(bytes, size)).pipe(new ZstdTransform()));

  it("decompresses pieces of any size", async () => {
    for (const size of [1, 7, 100]) expect((await through(repeated, size)).equals(Buffer.alloc(300_000, "a"))).toBe(true);
  });

  it("refuses content that is damaged, ends early or needs too much memory", async () => {
    const transform = (bytes: Buffer): Promise<Buffer> => {
      const target = new ZstdTransform();
      target.end(bytes);
      return buffer(target);
    };
    await expect(transform(repeated.subarray(0, 12))).rejects.toThrow("zstd: ");
    await expect(transform(Buffer.from("28b52ffd00ff0300", "hex"))).rejects.toThrow("zstd: the window is larger than 2^27 bytes");
    await expect(transform(Buffer.from("28b52ffd005007000000000000", "hex"))).rejects.toThrow("zstd: ");
  });

  describe("content of several frames", () => {
    const skippable = Buffer.from("5a2a4d18030000000a0b0c", "hex");
    const many = Buffer.concat([repeated, skippable, Buffer.from(samples.zstd, "base64"), repeated]);
    const text = Buffer.from("hello hello hello hello zstd\n");

    it("is decompressed", async () => {
      const expected = Buffer.concat([Buffer.alloc(300_000, "a"), text, Buffer.alloc(300_000, "a")]);
      for (const size of [1, 5, 1000]) expect((await through(many, size)).equals(expected)).toBe(true);
    });

    it.each([
      ["a window", "28b52ffd00ff030000000000000000000000"],
      ["a single segment", "28b52ffd2000"],
      ["a single segment of eight bytes", "28b52ffde0ffffffff00000000"],
    ])("is refused if a later frame has too large %s", async (name, hex) => {
      const hostile = Buffer.concat([many, Buffer.from(hex, "hex"), Buffer.alloc(20)]);
      for (const size of [1, 4, 1000]) {
        const read = through(hostile, size);
        if (name === "a single segment") await expect(read).rejects.toThrow("zstd: ");
        else await expect(read).rejects.toThrow("zstd: the window is larger than 2^27 bytes");
      }
    });
  });
});
