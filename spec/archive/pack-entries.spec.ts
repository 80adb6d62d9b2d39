import { once } from "node:events";
import { createReadStream, statSync } from "node:fs";
import { chmod, link, lutimes, mkdtemp, readdir, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { describe, expect, it, onTestFinished } from "vitest";
import { packEntries, type PackEntry } from "../../lib/archive/pack-entries.js";
import { ArchiveError, InputStreamError, InvalidOptionError } from "../../lib/errors/usage-errors.js";
import { collect, errorOf, gnuListing, gnuNames, gnuTar, openBelow, planted } from "../support/archive.js";

const mtime = new Date("2020-02-02T02:02:02Z");
const stamp = "2020-02-02 02:02:02";

/** Redirects temporary files to a separate directory. */
async function ownTemporaryDirectory(): Promise<string> {
  const directory = await planted({});
  const before = process.env["TMPDIR"];
  process.env["TMPDIR"] = directory;
  onTestFinished(() => {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  });
  expect(tmpdir()).toBe(directory);
  return directory;
}

describe("packEntries", () => {
  it("packs strings, bytes, directories and links", async () => {
    const archive = await collect(
      packEntries(
        [
          { name: "/etc/app.conf", content: "ünï" },
          { name: "./bytes", content: new Uint8Array([1, 2, 3]).subarray(1), mode: 0o600, uid: 7, gid: 8 },
          { name: "empty/", directory: true },
          { name: "tmp", directory: true, mode: 0o1777, mtime: new Date(0) },
          { name: "a/../b//link", linkTo: "../etc/app.conf" },
        ],
        { mtime },
      ),
    );
    expect(gnuListing(archive)).toEqual([
      `-rw-r--r-- 0/0 5 ${stamp} etc/app.conf`,
      `-rw------- 7/8 2 ${stamp} bytes`,
      `drwxr-xr-x 0/0 0 ${stamp} empty/`,
      "drwxrwxrwt 0/0 0 1970-01-01 00:00:00 tmp/",
      `lrwxrwxrwx 0/0 0 ${stamp} b/link -> ../etc/app.conf`,
    ]);
    expect(gnuTar(["-xOf", "-", "etc/app.conf"], archive).toString()).toBe("ünï");
    expect([...gnuTar(["-xOf", "-", "bytes"], archive)]).toEqual([2, 3]);
  });

  it("defaults to the current time", async () => {
    const before = Math.floor(Date.now() / 1000);
    const archive = await collect(packEntries([{ name: "a", content: "" }]));
    const packed = parseInt(archive.toString("latin1", 136, 147), 8);
    expect(packed).toBeGreaterThanOrEqual(before);
    expect(packed).toBeLessThanOrEqual(Date.now() / 1000);
  });

  it("packs host files and directories under the requested names", async () => {
    const root = await planted({ "dir/a": "1", "dir/sub/b": "2", "dir/skip": "3", file: "4", link: ["file"] });
    await chmod(join(root, "file"), 0o640);
    for (const name of ["dir", "dir/sub", "link"]) await lutimes(join(root, name), mtime, mtime);
    await chmod(join(root, "dir"), 0o755);
    await chmod(join(root, "dir/sub"), 0o755);
    const archive = await collect(
      packEntries([
        { path: join(root, "dir"), name: "app", ignore: ["skip"], mode: 0o400, mtime },
        { path: join(root, "file"), mtime, uid: 5 },
        { path: join(root, "link") },
        { path: join(root, "dir"), name: ".", ignore: ["sub"], mode: 0o444, mtime, gid: 6 },
      ]),
    );
    expect(gnuListing(archive)).toEqual([
      `drwxr-xr-x 0/0 0 ${stamp} app/`,
      `-r-------- 0/0 1 ${stamp} app/a`,
      `drwxr-xr-x 0/0 0 ${stamp} app/sub/`,
      `-r-------- 0/0 1 ${stamp} app/sub/b`,
      `-rw-r----- 5/0 1 ${stamp} file`,
      `lrwxrwxrwx 0/0 0 ${stamp} link -> file`,
      `-r--r--r-- 0/6 1 ${stamp} a`,
      `-r--r--r-- 0/6 1 ${stamp} skip`,
    ]);
  });

  it("creates hard links across entries, and keeps devices", async () => {
    const root = await planted({ a: "1" });
    await link(join(root, "a"), join(root, "b"));
    const archive = await collect(
      packEntries([{ path: join(root, "a") }, { path: join(root, "b") }, { path: "/dev/null" }], { mtime }),
    );
    const rdev = statSync("/dev/null").mode & 0o777;
    expect(rdev).toBeGreaterThan(0);
    expect(gnuListing(archive).slice(1)).toEqual([
      expect.stringMatching(/^h.* b link to a$/),
      expect.stringMatching(/^c.* 0\/0 1,3 2020-02-02 02:02:02 null$/),
    ]);
  });

  it("fails when a file is shorter than its reported size", async () => {
    // files in sysfs are shorter than their reported size
    const error = await errorOf(collect(packEntries([{ path: "/sys/devices/system/cpu/possible" }])));
    expect(error).toBeInstanceOf(ArchiveError);
    expect(error.message).toMatch(/possible: it shrank from 4096 to \d+ bytes/);
  });

  it("reports a missing host file and excludes sockets", async () => {
    const root = await planted({});
    const error = await errorOf(collect(packEntries([{ path: join(root, "missing") }])));
    expect(error).toBeInstanceOf(ArchiveError);
    expect(error.message).toContain(join(root, "missing"));
    const { createServer } = await import("node:net");
    const server = createServer().listen(join(root, "socket"));
    await once(server, "listening");
    onTestFinished(() => void server.close());
    expect(gnuNames(await collect(packEntries([{ path: join(root, "socket") }])))).toEqual([]);
  });

  const outside: [string, PackEntry][] = [
    ["..", { name: "..", content: "" }],
    ["../a", { name: "a/../../a", content: "" }],
    ["an empty string", { name: "", directory: true }],
    ["a NUL", { name: "a\0b", linkTo: "x" }],
    ["a file as the root", { name: "/", content: "" }],
    ["a host file as the root", { path: "/proc/self/status", name: "." }],
  ];
  it.each(outside)("rejects %s as a name", async (_, entry) => {
    const error = await errorOf(collect(packEntries([entry])));
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(error).toHaveProperty("option", "name");
  });
});

describe("packEntries with content streams", () => {
  it("packs a stream of known size without buffering", async () => {
    const content = new PassThrough();
    const archive = packEntries(
      [
        { name: "a", content, size: 6 },
        { name: "b", content: Readable.from(["tw", "o"]), size: 3 },
      ],
      { mtime },
    );
    content.write("abc");
    await once(archive, "readable");
    expect((archive.read() as Buffer).toString("latin1", 0, 1)).toBe("a");
    content.end("def");
    const rest = await collect(archive);
    expect(rest.toString("latin1")).toContain("def");
    expect(rest.toString("latin1")).toContain("two");
  });

  it.each([
    ["fewer", 4, "ended after 3 of 4 bytes"],
    ["more", 2, "exceeds its declared size of 2 bytes"],
  ])("fails when a stream yields %s bytes than its size", async (_, size, message) => {
    const error = await errorOf(collect(packEntries([{ name: "a", content: Readable.from(["abc"]), size }])));
    expect(error).toBeInstanceOf(InputStreamError);
    expect(error.message).toBe(`the content stream of "a" ${message}`);
  });

  it("buffers a short stream of unknown size in memory, and a long one in a temporary file", async () => {
    const temporary = await ownTemporaryDirectory();
    const long = Buffer.alloc(3_000_001, "long");
    const archive = packEntries([
      { name: "short", content: Readable.from([Buffer.from("sh"), "ort"]) },
      { name: "long", content: Readable.from([long.subarray(0, 2_000_000), long.subarray(2_000_000)]) },
      { name: "last", content: "x" },
    ]);
    await once(archive, "readable");
    archive.read(1024);
    expect(await readdir(temporary)).toHaveLength(1);
    const bytes = await collect(archive);
    expect(await readdir(temporary)).toEqual([]);
    expect(bytes.includes(long)).toBe(true);
  });

  it("removes the temporary file when it is destroyed or the stream fails", async () => {
    const temporary = await ownTemporaryDirectory();
    const archive = packEntries([{ name: "long", content: Readable.from([Buffer.alloc(3_000_000)]) }]);
    await once(archive, "readable");
    expect(await readdir(temporary)).toHaveLength(1);
    archive.destroy();
    await once(archive, "close");
    expect(await readdir(temporary)).toEqual([]);
    expect(await openBelow(temporary)).toEqual([]);

    const failing = new PassThrough();
    const result = errorOf(collect(packEntries([{ name: "long", content: failing }])));
    failing.write(Buffer.alloc(2_000_000), () => failing.destroy(new Error("torn")));
    const error = await result;
    expect(error).toBeInstanceOf(InputStreamError);
    expect((error.cause as Error).message).toBe("torn");
    expect(await readdir(temporary)).toEqual([]);
  });

  it("reports an early stream failure when it reaches the stream", async () => {
    const root = await planted({ big: Buffer.alloc(1_000_000) });
    const missing = createReadStream(join(root, "missing"));
    const archive = packEntries([{ path: join(root, "big") }, { name: "late", content: missing, size: 3 }]);
    await new Promise<void>((resolve) => missing.once("close", () => resolve()));
    const error = await errorOf(collect(archive));
    expect(error).toBeInstanceOf(InputStreamError);
    expect(error.message).toBe('the content stream of "late" failed');
    expect(error.cause).toMatchObject({ code: "ENOENT" });
  });

  it("fails when a stream is closed before its end or yields objects", async () => {
    const content = new PassThrough();
    const result = errorOf(collect(packEntries([{ name: "a", content, size: 3 }])));
    content.destroy();
    expect(await result).toBeInstanceOf(InputStreamError);
    const error = await errorOf(collect(packEntries([{ name: "a", content: Readable.from([{ an: "object" }]) }])));
    expect(error).toBeInstanceOf(InputStreamError);
    expect(error.message).toContain("neither bytes nor strings");
  });

  it("destroys every content stream when it is destroyed, even while it waits for data", async () => {
    const root = await planted({ file: Buffer.alloc(100_000) });
    const silent = new PassThrough();
    const later = createReadStream(join(root, "file"));
    const archive = packEntries([
      { name: "a", content: silent, size: 3 },
      { name: "b", content: later },
    ]);
    await once(archive, "readable");
    await once(later, "open");
    archive.destroy();
    await once(archive, "close");
    expect(silent.destroyed).toBe(true);
    expect(later.destroyed).toBe(true);
    if (!later.closed) await once(later, "close");
    expect(await openBelow(root)).toEqual([]);
  });

  it("fails when it cannot create a temporary file", async () => {
    const temporary = await ownTemporaryDirectory();
    process.env["TMPDIR"] = join(temporary, "missing");
    await expect(mkdtemp(join(tmpdir(), "x"))).rejects.toThrow("ENOENT");
    const error = await errorOf(collect(packEntries([{ name: "long", content: Readable.from([Buffer.alloc(3_000_000)]) }])));
    expect(error).toBeInstanceOf(ArchiveError);
    expect(error.message).toContain('cannot buffer the content of "long"');
  });

  it("rejects a host link as the root", async () => {
    const root = await planted({ d: null });
    await symlink("d", join(root, "l"));
    expect((await errorOf(collect(packEntries([{ path: join(root, "l"), name: "." }])))).message).toContain("is not a directory");
  });
});
