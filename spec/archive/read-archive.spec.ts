import { once } from "node:events";
import { truncate, writeFile } from "node:fs/promises";
import { PassThrough, Readable } from "node:stream";
import fc from "fast-check";
import { pack } from "tar-stream";
import { describe, expect, it } from "vitest";
import { extractTo } from "../../lib/archive/extract.js";
import type { ArchiveEntry } from "../../lib/archive/open-entry.js";
import { packEntries } from "../../lib/archive/pack-entries.js";
import { readArchive, readSingleFile } from "../../lib/archive/read-archive.js";
import { ConnectionClosedError } from "../../lib/errors/connection-errors.js";
import { ArchiveError, InputStreamError } from "../../lib/errors/usage-errors.js";
import { collect, errorOf, gnuTar, planted, temporaryDirectory } from "../support/archive.js";

const mtime = new Date("2020-02-02T02:02:02Z");

const sample = (): Promise<Buffer> =>
  collect(
    packEntries([
      { name: "a", content: "first", mode: 0o4711, uid: 3, gid: 4, mtime },
      { name: "d", directory: true, mtime },
      { name: `d/${"long".repeat(60)}ä`, content: "x".repeat(700), mtime: new Date(-5000) },
      { name: "l", linkTo: "d", mtime },
    ]),
  );

/** Returns the metadata and content of all entries. */
async function everything(tar: Readable): Promise<unknown[]> {
  const entries: unknown[] = [];
  for await (const entry of readArchive(tar)) {
    const { name, type, mode, uid, gid, size, mtime: time, linkname } = entry;
    entries.push([name, type, mode, uid, gid, size, time.toISOString(), linkname, (await entry.buffer()).toString()]);
  }
  return entries;
}

/** Splits an archive at the given offsets. */
function cut(archive: Buffer, places: readonly number[]): Readable {
  const ends = [...new Set([...places, archive.length])].sort((a, b) => a - b);
  return Readable.from(
    ends.map((end, index) => archive.subarray(index === 0 ? 0 : ends[index - 1], end)).filter((piece) => piece.length > 0),
  );
}

const expected = [
  ["a", "file", 0o4711, 3, 4, 5, mtime.toISOString(), undefined, "first"],
  ["d/", "directory", 0o755, 0, 0, 0, mtime.toISOString(), undefined, ""],
  [`d/${"long".repeat(60)}ä`, "file", 0o644, 0, 0, 700, new Date(-5000).toISOString(), undefined, "x".repeat(700)],
  ["l", "symlink", 0o777, 0, 0, 0, mtime.toISOString(), "d", ""],
];

/** Returns an archive with one entry, written by tar-stream. */
async function libraryArchive(header: Parameters<ReturnType<typeof pack>["entry"]>[0], content = ""): Promise<Buffer> {
  const archive = pack();
  archive.entry(header, content);
  archive.finalize();
  const pieces: Buffer[] = [];
  for await (const piece of archive as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Changes bytes of an archive's first header and updates its checksum. */
function patched(archive: Buffer, at: number, text: string): Buffer {
  const copy = Buffer.from(archive);
  copy.write(text, at, "latin1");
  copy.write("        ", 148);
  const sum = copy.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  copy.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return copy;
}

describe("readArchive", () => {
  it("yields every entry with its metadata and content", async () => {
    expect(await everything(Readable.from([await sample()]))).toEqual(expected);
  });

  it("reads an archive split at any byte", async () => {
    const archive = await sample();
    for (let at = 0; at <= archive.length; at += at < 3000 ? 1 : 97)
      expect(await everything(cut(archive, [at]))).toEqual(expected);
  });

  it("reads an archive byte by byte and in random chunks", async () => {
    const archive = await sample();
    expect(await everything(cut(archive, [...archive.keys()]))).toEqual(expected);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(archive.length)), async (places) => {
        expect(await everything(cut(archive, places))).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  it("rejects an archive truncated at any byte, even between two entries", async () => {
    const archive = await sample();
    const end = archive.length - 1024;
    for (let at = 0; at < end + 512; at += 31) {
      const error = await errorOf(everything(Readable.from([archive.subarray(0, at)], { objectMode: false })));
      expect(error).toBeInstanceOf(ArchiveError);
      expect(error.message).toContain("truncated");
    }
    expect((await errorOf(everything(Readable.from([archive.subarray(0, end)])))).message).toBe(
      'the archive is truncated after "l"',
    );
    expect((await errorOf(everything(Readable.from([archive.subarray(0, 600)])))).message).toMatch(/^the archive is truncated/);
    expect(await everything(Readable.from([archive.subarray(0, end + 512)]))).toEqual(expected);
  });

  it("reads every format of GNU tar", async () => {
    const root = await planted({ [`${"n".repeat(60)}/${"m".repeat(60)}`]: "content", ü: "u" });
    for (const format of ["gnu", "pax", "ustar", "oldgnu"]) {
      const archive = gnuTar(
        [`--format=${format}`, "-C", root, "--sort=name", "--owner=3000000", "-cf", "-", "."].filter(
          (arg) => format !== "ustar" || !arg.startsWith("--owner"),
        ),
      );
      const entries: [string, string | undefined, string][] = [];
      for await (const entry of readArchive(Readable.from([archive]))) {
        if (format !== "ustar") expect(entry.uid).toBe(3_000_000);
        entries.push([entry.name, entry.type, (await entry.buffer()).toString()]);
      }
      expect(entries).toEqual([
        ["./", "directory", ""],
        [`./${"n".repeat(60)}/`, "directory", ""],
        [`./${"n".repeat(60)}/${"m".repeat(60)}`, "file", "content"],
        ["./ü", "file", "u"],
      ]);
    }
  });

  it("rejects data that is not an archive", async () => {
    const error = await errorOf(everything(Readable.from([Buffer.alloc(2048, "no archive ")])));
    expect(error).toBeInstanceOf(ArchiveError);
    expect(error.message).toMatch(/^the archive is corrupt at its start: /);
  });

  it("fails only with typed errors on random input", async () => {
    const archive = await sample();
    const change = fc.record({ at: fc.nat(archive.length - 1), byte: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), async (changes) => {
        const corrupt = Buffer.from(archive);
        for (const { at, byte } of changes) corrupt[at] = byte;
        await everything(Readable.from([corrupt])).catch((error: unknown) => expect(error).toBeInstanceOf(ArchiveError));
      }),
      { numRuns: 300 },
    );
  });

  it("rejects a sparse file", async () => {
    const root = await planted({});
    await writeFile(`${root}/s`, "");
    await truncate(`${root}/s`, 1_000_000);
    for (const format of ["pax", "gnu"]) {
      const archive = gnuTar([`--format=${format}`, "--sparse", "-C", root, "-cf", "-", "s"]);
      const error = await errorOf(extractTo(Readable.from([archive]), await temporaryDirectory()));
      expect(error).toBeInstanceOf(ArchiveError);
      expect(error.message).toContain("sparse");
    }
  });

  it("reads invalid numbers as 0", async () => {
    const archive = await libraryArchive({ name: "a", type: "directory", pax: { uid: "many", mtime: "never" } });
    for await (const entry of readArchive(Readable.from([archive]))) {
      expect([entry.uid, entry.mtime.getTime()]).toEqual([0, 0]);
    }
    const oddities = patched(await libraryArchive({ name: "a", type: "directory" }), 100, "zzzzzzz\0yyyyyyy\0");
    for await (const entry of readArchive(Readable.from([oddities]))) expect([entry.mode, entry.uid]).toEqual([0, 0]);
  });

  it("recognizes directories in old formats, and contiguous files", async () => {
    const old = await libraryArchive({ name: "dir/", type: "file" }, "");
    const tape = await libraryArchive({ name: "file", type: "contiguous-file" }, "tape");
    const vendor = patched(await libraryArchive({ name: "vendor", type: "file" }, ""), 156, "Z");
    const kinds: unknown[] = [];
    for (const archive of [old, tape, vendor]) {
      for await (const entry of readArchive(Readable.from([archive])))
        kinds.push([entry.type, (await entry.buffer()).toString()]);
    }
    expect(kinds).toEqual([
      ["directory", ""],
      ["file", "tape"],
      [undefined, ""],
    ]);
  });
});

describe("readArchive's entries", () => {
  const two = (): Readable =>
    packEntries([
      { name: "a", content: Buffer.alloc(300_000, "a") },
      { name: "b", content: "second" },
    ]);

  it("skips unread content", async () => {
    const names: string[] = [];
    for await (const entry of readArchive(two())) names.push(entry.name);
    expect(names).toEqual(["a", "b"]);
  });

  it("returns the content as a single plain stream", async () => {
    for await (const entry of readArchive(two())) {
      expect(entry.content).toBeInstanceOf(Readable);
      expect(entry.content).toBe(entry.content);
      expect(await collect(entry.content)).toHaveLength(entry.size);
    }
  });

  it("continues after partly read or destroyed content", async () => {
    for (const end of ["begin", "destroy", "flow"]) {
      const seen: string[] = [];
      for await (const entry of readArchive(two())) {
        if (entry.name === "a") {
          if (end === "flow") entry.content.resume();
          else await once(entry.content, "readable");
          if (end === "destroy") entry.content.destroy();
        } else seen.push((await entry.buffer()).toString());
      }
      expect(seen).toEqual(["second"]);
    }
  });

  it("rejects reading an entry after it was skipped", async () => {
    let first: ArchiveEntry | undefined;
    for await (const entry of readArchive(two())) first ??= entry;
    await expect(first?.buffer()).rejects.toThrow('the content of "a" was skipped before it was fully read');
    await expect(first?.buffer()).rejects.toThrow(ArchiveError);
  });

  it("rejects concurrent readers", async () => {
    for await (const entry of readArchive(two())) {
      if (entry.name === "b") continue;
      const [one, other] = await Promise.allSettled([entry.buffer(), entry.buffer()]);
      expect(one).toMatchObject({ status: "fulfilled", value: { length: entry.size } });
      expect(other).toMatchObject({ status: "rejected", reason: { message: 'the content of "a" is already being read' } });
    }
  });

  it("yields the content in chunks, and the rest to the next reader", async () => {
    for await (const entry of readArchive(two())) {
      let length = 0;
      for await (const chunk of entry.chunks()) {
        length += chunk.length;
        break;
      }
      expect(length + (await entry.buffer()).length).toBe(entry.size);
    }
  });

  it("does not buffer more than the limit", async () => {
    for await (const entry of readArchive(two())) {
      await expect(entry.buffer(5)).rejects.toThrow(`more than the limit of 5`);
      await expect(entry.buffer(entry.size)).resolves.toHaveLength(entry.size);
    }
  });

  it("destroys the archive when the loop exits", async () => {
    const archive = two();
    for await (const entry of readArchive(archive)) {
      expect(entry.name).toBe("a");
      break;
    }
    expect(archive.destroyed).toBe(true);
  });

  it("does not read ahead of its consumer", async () => {
    let given = 0;
    const endless = new Readable({
      read() {
        given += 65536;
        this.push(given === 65536 ? header : Buffer.alloc(65536));
      },
    });
    const header = (await collect(packEntries([{ name: "a", content: "x" }]))).subarray(0, 512);
    const big = patched(header, 124, "77777777777\0");
    header.set(big);
    for await (const entry of readArchive(endless)) {
      const content = entry.content;
      await once(content, "readable");
      await new Promise(setImmediate);
      expect(given).toBeLessThan(1_000_000);
      break;
    }
  });
});

describe("readArchive of a stream that fails", () => {
  it("passes this package's errors through", async () => {
    const tar = new PassThrough();
    const result = errorOf(everything(tar));
    tar.write((await sample()).subarray(0, 700));
    const failure = new ConnectionClosedError("gone");
    tar.destroy(failure);
    expect(await result).toBe(failure);
  });

  it("wraps other errors and a premature close", async () => {
    for (const failure of [new Error("torn"), undefined]) {
      const tar = new PassThrough();
      const result = errorOf(everything(tar));
      tar.write((await sample()).subarray(0, 1000));
      tar.destroy(failure);
      const error = await result;
      expect(error).toBeInstanceOf(InputStreamError);
      if (failure) expect(error.cause).toBe(failure);
    }
  });
});

describe("readSingleFile", () => {
  it("returns the content", async () => {
    expect((await readSingleFile(packEntries([{ name: "a", content: "text" }]))).toString()).toBe("text");
    expect((await readSingleFile(packEntries([{ name: "a", content: "" }]))).toString()).toBe("");
  });

  it.each([
    ["the file exceeds the limit", [{ name: "a", content: "text" }], '"a" has 4 bytes in the archive, more than the limit of 3'],
    ["it is a directory", [{ name: "d", directory: true as const }], '"d/" is a directory'],
    ["it is a link", [{ name: "l", linkTo: "t" }], '"l" is a symbolic link to "t"'],
    ["it is a device", [{ path: "/dev/null" }], '"null" is character-device'],
    ["there are two files", [{ name: "a", content: "" }, { name: "b", content: "" }], 'more than one file: "b"'], // prettier-ignore
    ["the archive is empty", [], "is empty"],
  ])("rejects when %s", async (_, entries, message) => {
    const error = await errorOf(readSingleFile(packEntries(entries), { limit: 3 }));
    expect(error).toBeInstanceOf(ArchiveError);
    expect(error.message).toContain(message);
  });
});
