import { Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readArchive } from "../../lib/archive/read-archive.js";
import { encodeHeader, endOfArchive, type EntryType, padding, type TarHeader } from "../../lib/archive/tar-header.js";
import { gnuListing } from "../support/archive.js";

const plain: TarHeader = { name: "a", type: "file", mode: 0o644, uid: 0, gid: 0, size: 0, mtime: 0 };

async function decoded(header: TarHeader): Promise<unknown> {
  for await (const entry of readArchive(Readable.from([Buffer.concat([encodeHeader(header), endOfArchive()])]))) {
    const { name, type, size, mode, uid, gid, linkname, mtime } = entry;
    return { name, type, size, mode, uid, gid, linkname, mtime: mtime.getTime() / 1000 };
  }
  return undefined;
}

const component = fc.oneof(
  fc.string({ unit: fc.constantFrom("a", "b", ".", " ", "-"), minLength: 1, maxLength: 90 }),
  fc.string({ unit: fc.constantFrom("ä", "日", "\u{1f600}", "\n", "="), minLength: 1, maxLength: 90 }),
  fc.constantFrom("x".repeat(99), "x".repeat(100), "x".repeat(101), "y".repeat(155), "z".repeat(255)),
);
const path = fc.array(component, { minLength: 1, maxLength: 5 }).map((components) => components.join("/"));

describe("encodeHeader", () => {
  it("writes a single block if everything fits", () => {
    expect(encodeHeader({ ...plain, name: `${"p".repeat(155)}/${"n".repeat(100)}` })).toHaveLength(512);
    expect(encodeHeader({ ...plain, name: "n".repeat(100), linkname: "l".repeat(100), type: "link" })).toHaveLength(512);
  });

  it.each([
    { name: "n".repeat(101) },
    { name: `${"p".repeat(156)}/n` },
    { name: "ä" },
    { name: "p".repeat(120), type: "directory" as const },
    { linkname: "l".repeat(101), type: "symlink" as const },
    { linkname: "ä", type: "symlink" as const },
    { mtime: -1 },
  ])("writes an extended header for %j", (part) => {
    expect(encodeHeader({ ...plain, ...part })).toHaveLength(3 * 512);
  });

  it("round-trips any names, numbers and times", async () => {
    const header = fc.record({
      name: path,
      type: fc.constantFrom<EntryType>("link", "symlink", "directory", "fifo", "character-device", "block-device"),
      mode: fc.nat(0o7777),
      uid: fc.oneof(fc.nat(0o777_7777), fc.maxSafeNat()),
      gid: fc.oneof(fc.nat(0o777_7777), fc.maxSafeNat()),
      size: fc.constant(0),
      mtime: fc.oneof(fc.integer(), fc.integer({ min: -(2 ** 40), max: 2 ** 40 })),
      linkname: path,
    });
    await fc.assert(
      fc.asyncProperty(header, async (given) => {
        const name = given.type === "directory" ? `${given.name}/` : given.name;
        expect(await decoded(given)).toEqual({ ...given, name });
      }),
      { numRuns: 500 },
    );
  });

  it("writes sizes and devices that GNU tar understands", () => {
    const device: TarHeader = { ...plain, name: "d", type: "block-device", device: [259, 1_048_000] };
    expect(gnuListing(Buffer.concat([encodeHeader(device), endOfArchive()]))).toEqual([
      "brw-r--r-- 0/0 259,1048000 1970-01-01 00:00:00 d",
    ]);
  });

  it.each([0o77777777777, 0o100000000000, Number.MAX_SAFE_INTEGER])("writes a size of %i bytes", async (size) => {
    const archive = Readable.from([encodeHeader({ ...plain, size })]);
    for await (const entry of readArchive(archive)) {
      expect(entry.size).toBe(size);
      break;
    }
  });
});

describe("padding", () => {
  it.each([
    [0, 0],
    [1, 511],
    [511, 1],
    [512, 0],
    [513, 511],
  ])("pads %i bytes with %i zeros", (size, zeros) => {
    expect(padding(size)).toEqual(Buffer.alloc(zeros));
  });
});
