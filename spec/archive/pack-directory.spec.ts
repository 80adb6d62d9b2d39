import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { appendFile, chmod, link, lutimes, mkdir, rename, rm, symlink, truncate, utimes, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { PassThrough, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { packDirectory } from "../../lib/archive/pack-directory.js";
import { readArchive } from "../../lib/archive/read-archive.js";
import { ArchiveError, InvalidOptionError } from "../../lib/errors/usage-errors.js";
import { asOrdinaryUser, collect, errorOf, gnuListing, gnuNames, gnuTar, openBelow, planted } from "../support/archive.js";

const day = new Date("2020-02-02T02:02:02Z");

/** Creates enough files that the last ones are not opened before the first ones are consumed. */
const manyFiles = (): Record<string, string> =>
  Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`f${String(n).padStart(2, "0")}`, "x".repeat(100_000)]));

/** Reads only the first chunk of an archive. */
async function begin(archive: Readable): Promise<void> {
  await once(archive, "readable");
  archive.read(512);
}

async function fifo(path: string): Promise<void> {
  expect(spawnSync("mkfifo", [path]).status).toBe(0);
}

describe("packDirectory", () => {
  it("keeps types, modes, times, links and empty directories, sorted and owned by root", async () => {
    const root = await planted({
      "b.txt": "hello",
      "a/run": "#!",
      "a/empty": null,
      link: ["a/run"],
      dangling: ["/nowhere"],
      "a.txt": "",
    });
    await chmod(join(root, "a/run"), 0o4751);
    await chmod(join(root, "a/empty"), 0o1777);
    await link(join(root, "b.txt"), join(root, "c.txt"));
    await fifo(join(root, "pipe"));
    for (const name of ["b.txt", "a/run", "a/empty", "link", "dangling", "a.txt", "pipe", "a"])
      await lutimes(join(root, name), day, day);
    await chmod(join(root, "a.txt"), 0o600);
    await chmod(join(root, "b.txt"), 0o644);
    await chmod(join(root, "pipe"), 0o644);
    await chmod(join(root, "a"), 0o755);
    expect(gnuListing(await collect(packDirectory(root)))).toEqual([
      "drwxr-xr-x 0/0 0 2020-02-02 02:02:02 a/",
      "drwxrwxrwt 0/0 0 2020-02-02 02:02:02 a/empty/",
      "-rwsr-x--x 0/0 2 2020-02-02 02:02:02 a/run",
      "-rw------- 0/0 0 2020-02-02 02:02:02 a.txt",
      "-rw-r--r-- 0/0 5 2020-02-02 02:02:02 b.txt",
      "hrw-r--r-- 0/0 0 2020-02-02 02:02:02 c.txt link to b.txt",
      "lrwxrwxrwx 0/0 0 2020-02-02 02:02:02 dangling -> /nowhere",
      "lrwxrwxrwx 0/0 0 2020-02-02 02:02:02 link -> a/run",
      "prw-r--r-- 0/0 0 2020-02-02 02:02:02 pipe",
    ]);
  });

  it("produces the same bytes for the same tree, regardless of creation order", async () => {
    const one = await planted({ a: "1", "d/e": "2", "d/f": "3" });
    const two = await planted({ "d/f": "3", "d/e": "2", a: "1" });
    const [first, second] = [packDirectory(one, { mtime: day }), packDirectory(two, { mtime: day })];
    expect((await collect(first)).equals(await collect(second))).toBe(true);
  });

  it("accepts owner and time from the options, and keeps the files' owners on request", async () => {
    const root = await planted({ a: "1" });
    await chmod(join(root, "a"), 0o640);
    const stamp = "2020-02-02 02:02:02 a";
    expect(gnuListing(await collect(packDirectory(root, { uid: 12, gid: 3_000_000, mtime: day })))).toEqual([
      `-rw-r----- 12/3000000 1 ${stamp}`,
    ]);
    const own = `${String(process.getuid?.())}/${String(process.getgid?.())}`;
    expect(gnuListing(await collect(packDirectory(root, { keepOwner: true, mtime: day })))).toEqual([
      `-rw-r----- ${own} 1 ${stamp}`,
    ]);
    expect(gnuListing(await collect(packDirectory(root, { keepOwner: true, gid: 7, mtime: day })))[0]).toContain("/7 ");
  });

  it("writes names and links in any script and of any length", async () => {
    const long = "n".repeat(200);
    const names = [
      "ä/ö.txt",
      `${"d".repeat(150)}/${"f".repeat(100)}`,
      `${long}/${long}/${"é".repeat(100)}`,
      "q".repeat(101),
      "日本語",
      "line\nbreak",
    ];
    const root = await planted(Object.fromEntries(names.map((name) => [name, name])));
    await symlink(long, join(root, "longlink"));
    await symlink("zürich", join(root, "umlaut"));
    await mkdir(join(root, "z".repeat(150)));
    const archive = await collect(packDirectory(root));
    expect(gnuNames(archive).sort()).toEqual(
      [...names, "ä/", `${"d".repeat(150)}/`, `${long}/`, `${long}/${long}/`, "longlink", "umlaut", `${"z".repeat(150)}/`]
        .flatMap((name) => name.split("\n"))
        .sort(),
    );
    const out = await planted({});
    gnuTar(["-xf", "-", "-C", out], archive);
    expect(spawnSync("diff", ["-r", "--no-dereference", root, out]).status).toBe(0);
  });

  it("writes sizes beyond 8 GiB", async () => {
    const root = await planted({ huge: "" });
    await truncate(join(root, "huge"), 9 * 2 ** 30);
    const archive = packDirectory(root);
    for await (const entry of readArchive(archive)) {
      expect(entry.size).toBe(9 * 2 ** 30);
      break;
    }
    expect(archive.destroyed).toBe(true);
    await once(archive, "close");
    expect(await openBelow(root)).toEqual([]);
  });

  it.each(["1969-12-31T23:59:57Z", "2040-01-01T00:00:00Z", "2300-01-01T00:00:00Z"])("keeps the time %s", async (time) => {
    const root = await planted({ a: "1" });
    await utimes(join(root, "a"), new Date(time), new Date(time));
    const archive = await collect(packDirectory(root));
    expect(gnuListing(archive)[0]).toContain(time.replace("T", " ").replace("Z", ""));
  });

  it("excludes sockets", async () => {
    const root = await planted({ a: "1" });
    const server = createServer().listen(join(root, "socket"));
    await once(server, "listening");
    onTestFinished(() => void server.close());
    expect(gnuNames(await collect(packDirectory(root)))).toEqual(["a"]);
  });

  it("excludes matching files, and keeps the parent directories of exceptions", async () => {
    const root = await planted({ "a/b/keep": "1", "a/b/drop": "2", "c/d": "3", "e.md": "4", f: "5" });
    expect(gnuNames(await collect(packDirectory(root, { ignore: ["a", "!a/*/keep", "c", "*.md"] })))).toEqual([
      "a/",
      "a/b/",
      "a/b/keep",
      "f",
    ]);
    expect(() => packDirectory(root, { ignore: ["["] })).toThrow(InvalidOptionError);
  });

  it("packs an empty directory as an empty archive", async () => {
    const archive = await collect(packDirectory(await planted({})));
    expect(archive).toEqual(Buffer.alloc(1024));
  });

  it("reports a path that is missing or not a directory", async () => {
    const root = await planted({ file: "x" });
    for (const name of ["missing", "file"]) {
      const error = await errorOf(collect(packDirectory(join(root, name))));
      expect(error).toBeInstanceOf(ArchiveError);
      expect(error.message).toContain(join(root, name));
    }
  });

  it("reports a file or directory that it cannot read", async () => {
    const root = await planted({ "a/secret": "x", b: "y" });
    await chmod(join(root, "a/secret"), 0);
    const file = await asOrdinaryUser(() => errorOf(collect(packDirectory(root))));
    expect(file).toBeInstanceOf(ArchiveError);
    expect(file.message).toBe(`cannot pack ${join(root, "a/secret")}: permission denied`);
    await chmod(join(root, "a"), 0);
    const directory = await asOrdinaryUser(() => errorOf(collect(packDirectory(root))));
    expect(directory.message).toBe(`cannot pack ${join(root, "a")}: permission denied`);
    // ignored files are not read, even when there are exceptions
    for (const ignore of [["a"], ["a", "!a/**/x"]]) {
      const archive = await asOrdinaryUser(() => collect(packDirectory(root, { ignore })));
      expect(gnuNames(archive)).toEqual(["b"]);
    }
    await chmod(join(root, "a"), 0o755);
  });

  it("rejects a name that is not valid UTF-8", async () => {
    const root = await planted({});
    await writeFile(Buffer.concat([Buffer.from(`${root}/a`), Buffer.from([0xff])]), "x");
    const error = await errorOf(collect(packDirectory(root)));
    expect(error).toBeInstanceOf(ArchiveError);
    expect(error.message).toContain("not valid UTF-8");
  });
});

describe("packDirectory of a tree that changes", () => {
  it.each([
    ["is removed", (path: string) => rm(path), "it was removed while it was being packed"],
    ["becomes a link", (path: string) => rm(path).then(() => symlink("f00", path)), "it was replaced while it was being packed"],
    ["becomes a pipe", (path: string) => rm(path).then(() => fifo(path)), "it was replaced while it was being packed"],
    ["becomes a directory", (path: string) => rm(path).then(() => mkdir(path)), "it was replaced while it was being packed"],
  ])("reports a file that %s", async (_, change, message) => {
    const root = await planted(manyFiles());
    const archive = packDirectory(root);
    await begin(archive);
    await change(join(root, "f59"));
    const error = await errorOf(collect(archive));
    expect(error).toBeInstanceOf(ArchiveError);
    expect(error.message).toContain(`cannot pack ${join(root, "f59")}: ${message}`);
    expect(await openBelow(root)).toEqual([]);
  });

  it("reports a file that is replaced with a socket", async () => {
    const root = await planted(manyFiles());
    const archive = packDirectory(root);
    await begin(archive);
    await rm(join(root, "f58"));
    const server = createServer().listen(join(root, "f58"));
    await once(server, "listening");
    onTestFinished(() => void server.close());
    expect((await errorOf(collect(archive))).message).toContain(
      `${join(root, "f58")}: it was replaced while it was being packed`,
    );
  });

  it("reports a directory that is removed or replaced", async () => {
    for (const replace of [false, true]) {
      const root = await planted({ ...manyFiles(), "z/z": "1" });
      const archive = packDirectory(root);
      await begin(archive);
      await rm(join(root, "z"), { recursive: true });
      if (replace) await writeFile(join(root, "z"), "");
      const error = await errorOf(collect(archive));
      expect(error).toBeInstanceOf(ArchiveError);
      expect(error.message).toContain(join(root, "z"));
    }
  });

  it("does not search ignored directories without possible exceptions", async () => {
    const root = await planted({ ...manyFiles(), "z/z": "1" });
    const archive = packDirectory(root, { ignore: ["z", "!y/*", "!*.md"] });
    await begin(archive);
    await rm(join(root, "z"), { recursive: true });
    expect(await collect(archive)).not.toHaveLength(0);
  });

  it("fails when a file shrinks", async () => {
    const root = await planted({ big: Buffer.alloc(4_000_000, "x") });
    const archive = packDirectory(root);
    await begin(archive);
    await truncate(join(root, "big"), 1000);
    const error = await errorOf(collect(archive));
    expect(error).toBeInstanceOf(ArchiveError);
    expect(error.message).toMatch(/big: it shrank from 4000000 to \d+ bytes/);
    expect(await openBelow(root)).toEqual([]);
  });

  it("packs a growing file with its original length", async () => {
    const root = await planted({ big: Buffer.alloc(4_000_000, "x"), z: "after" });
    const archive = packDirectory(root, { mtime: day });
    await once(archive, "readable");
    await appendFile(join(root, "big"), "y".repeat(100_000));
    const bytes = await collect(archive);
    expect(gnuTar(["-xOf", "-", "big"], bytes).equals(Buffer.alloc(4_000_000, "x"))).toBe(true);
    expect(gnuTar(["-xOf", "-", "z"], bytes).toString()).toBe("after");
  });
});

describe("packDirectory's stream", () => {
  it("reads only slightly ahead of the consumer", async () => {
    const root = await planted({ ...manyFiles(), z: Buffer.alloc(8_000_000) });
    const archive = packDirectory(root);
    await begin(archive);
    await rename(join(root, "z"), join(root, "gone"));
    expect(archive.readableLength).toBeLessThan(512 * 1024);
    expect((await errorOf(collect(archive))).message).toContain(join(root, "z"));
  });

  it("closes every file when it is destroyed early", async () => {
    const tree = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`f${String(n)}`, Buffer.alloc(300_000)]));
    const root = await planted(tree);
    const archive = packDirectory(root);
    await begin(archive);
    expect(await openBelow(root)).not.toEqual([]);
    archive.destroy();
    await once(archive, "close");
    expect(await openBelow(root)).toEqual([]);
  });

  it("emits the error that it is destroyed with", async () => {
    const archive = packDirectory(await planted({ a: Buffer.alloc(1_000_000) }));
    await begin(archive);
    archive.destroy(new Error("enough"));
    const [error] = (await once(archive, "error")) as [Error];
    expect(error.message).toBe("enough");
  });

  it("can be destroyed before it is read", async () => {
    const root = await planted({ a: "1" });
    const archive = packDirectory(root);
    archive.destroy();
    await once(archive, "close");
    expect(await openBelow(root)).toEqual([]);
  });

  it("closes every file when its pipe destination fails", async () => {
    const root = await planted({ a: Buffer.alloc(3_000_000), b: Buffer.alloc(3_000_000) });
    const sink = new PassThrough();
    const piped = errorOf(pipeline(packDirectory(root), sink));
    await once(sink, "readable");
    sink.destroy(new Error("sink"));
    expect((await piped).message).toBe("sink");
    expect(await openBelow(root)).toEqual([]);
  });

  it("packs many small and large files in order", async () => {
    const contents = Array.from({ length: 100 }, (_, n) => Buffer.alloc(n % 7 === 0 ? 200_000 + n : n, `${String(n)},`));
    const root = await planted(Object.fromEntries(contents.map((content, n) => [`f${String(n).padStart(3, "0")}`, content])));
    const out = await planted({});
    gnuTar(["-xf", "-", "-C", out], await collect(packDirectory(root)));
    expect(spawnSync("diff", ["-r", root, out]).status).toBe(0);
  });

  it("keeps hard links to a large file, and to a file with other names outside the directory", async () => {
    const root = await planted({ "a/big": Buffer.alloc(300_000, "x") });
    await link(join(root, "a/big"), join(root, "z"));
    expect(gnuListing(await collect(packDirectory(root))).at(-1)).toMatch(/^h.* z link to a\/big$/);
    expect(await openBelow(root)).toEqual([]);
    expect(gnuListing(await collect(packDirectory(root, { ignore: ["a"] }))).at(-1)).toMatch(/^-.* 300000 .* z$/);
  });
});
