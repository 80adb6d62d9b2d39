import { spawnSync } from "node:child_process";
import { chmod, link, lstat, lutimes, mkdir, readFile, readlink, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { extractTo } from "../../lib/archive/extract.js";
import { packDirectory } from "../../lib/archive/pack-directory.js";
import { packEntries } from "../../lib/archive/pack-entries.js";
import { ConnectionClosedError } from "../../lib/errors/connection-errors.js";
import { ArchiveError, InputStreamError } from "../../lib/errors/usage-errors.js";
import {
  asOrdinaryUser,
  collect,
  errorOf,
  gnuNames,
  gnuTar,
  openBelow,
  planted,
  temporaryDirectory,
} from "../support/archive.js";

const day = new Date("2020-02-02T02:02:02Z");

/** Returns the types, modes, times, owners and contents of all files below a directory. */
function described(directory: string): string {
  const format = "%P %y %m %T@ %U %G %s %l\n";
  const found = spawnSync("find", [directory, "-mindepth", "1", "-printf", format]).stdout.toString();
  const sums = spawnSync("find", [directory, "-type", "f", "-exec", "md5sum", "{}", "+"]).stdout.toString();
  // a directory's size depends on its earlier contents
  const entries = found.split("\n").map((line) => line.replace(/^(.* d \S+ \S+ \S+ \S+) \d+/, "$1"));
  return [...entries.sort(), ...sums.replaceAll(directory, "").split("\n").sort()].join("\n");
}

describe("extractTo", () => {
  it("keeps contents, modes, times, links and empty directories", async () => {
    const root = await planted({ "a/run": "#!", "a/empty": null, "a/ro/file": "1", link: ["a/run"], broken: ["/no/where"], big: Buffer.alloc(1_000_000, "b") }); // prettier-ignore
    await link(join(root, "big"), join(root, "big2"));
    await chmod(join(root, "a/run"), 0o751);
    await chmod(join(root, "a/empty"), 0o1777);
    for (const name of ["a/run", "a/empty", "a/ro/file", "a/ro", "a", "link", "broken", "big"])
      await lutimes(join(root, name), day, day);
    await chmod(join(root, "a/ro"), 0o555);
    const target = join(await temporaryDirectory(), "made/on/demand");
    expect(await extractTo(packDirectory(root), target)).toEqual({ entries: 9, bytes: 1_000_003, skipped: 0 });
    expect(described(target)).toBe(described(root));
    expect((await stat(join(target, "big"))).ino).toBe((await stat(join(target, "big2"))).ino);
    for (const tree of [root, target]) await chmod(join(tree, "a/ro"), 0o755);
  });

  it("fills read-only directories as an unprivileged user", async () => {
    const target = await planted({});
    await chmod(target, 0o777);
    const archive = packEntries([
      { name: "ro", directory: true, mode: 0o555 },
      { name: "ro/a", content: "1", mode: 0o400 },
      { name: "ro/sub/b", content: "2" },
      { name: "closed", directory: true, mode: 0 },
      { name: "closed/below", directory: true, mode: 0o700 },
    ]);
    await asOrdinaryUser(() => extractTo(archive, target));
    expect((await stat(join(target, "ro"))).mode & 0o777).toBe(0o555);
    expect(await readFile(join(target, "ro/a"), "utf8")).toBe("1");
    expect((await stat(join(target, "ro/a"))).mode & 0o777).toBe(0o400);
    expect((await stat(join(target, "closed"))).mode & 0o777).toBe(0);
    for (const name of ["ro", "closed"]) await chmod(join(target, name), 0o777);
  });

  it("exchanges archives with GNU tar in both directions", async () => {
    const long = await planted({ [`ä/${"g".repeat(120)}`]: "1", "b/c": "2", l: ["b/c"] });
    const short = await planted({ "ä/x": "1", "b/c": "2", l: ["b/c"] });
    const formats = { gnu: long, pax: long, oldgnu: long, ustar: short, v7: short };
    for (const [format, root] of Object.entries(formats)) {
      const target = await temporaryDirectory();
      await extractTo(Readable.from([gnuTar(["-C", root, `--format=${format}`, "-cf", "-", "."])]), target);
      expect(spawnSync("diff", ["-r", "--no-dereference", root, target]).status).toBe(0);
    }
  });

  it("drops setuid and setgid bits by default", async () => {
    const archive = (): Readable =>
      packEntries([
        { name: "f", content: "", mode: 0o6755 },
        { name: "d", directory: true, mode: 0o3777 },
      ]);
    const modes = async (target: string): Promise<number[]> =>
      Promise.all(["f", "d"].map(async (name) => (await stat(join(target, name))).mode & 0o7777));
    const dropped = await temporaryDirectory();
    await extractTo(archive(), dropped);
    expect(await modes(dropped)).toEqual([0o755, 0o1777]);
    const kept = await temporaryDirectory();
    await extractTo(archive(), kept, { keepSetuid: true });
    expect(await modes(kept)).toEqual([0o6755, 0o3777]);
  });

  it("restores owners on request", async () => {
    const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
    // only root may change a file's owner
    const owner = uid === 0 ? { uid: 12345, gid: 54321 } : { uid, gid };
    const entries = [
      { name: "f", content: "", mode: 0o4755 },
      { name: "d", directory: true as const },
      { name: "l", linkTo: "f" },
    ];
    for (const keepOwner of [true, false]) {
      const target = await temporaryDirectory();
      await extractTo(packEntries(entries, owner), target, { keepOwner, keepSetuid: true });
      for (const { name } of entries) {
        const stats = await lstat(join(target, name));
        expect([stats.uid, stats.gid]).toEqual(keepOwner ? [owner.uid, owner.gid] : [uid, gid]);
      }
      expect((await stat(join(target, "f"))).mode & 0o7777).toBe(0o4755);
    }
  });

  it("strips components, renames the root and filters", async () => {
    const archive = (): Readable =>
      packEntries([
        { name: "top", directory: true },
        { name: "top/a", content: "1" },
        { name: "top/sub/b", content: "2" },
        { name: "top/link", linkTo: "top/a" },
      ]);
    const renamed = await temporaryDirectory();
    expect(await extractTo(archive(), renamed, { rootName: "new" })).toEqual({ entries: 4, bytes: 2, skipped: 0 });
    expect(await readFile(join(renamed, "new/sub/b"), "utf8")).toBe("2");
    const stripped = await temporaryDirectory();
    expect(await extractTo(archive(), stripped, { strip: 1 })).toEqual({ entries: 3, bytes: 2, skipped: 1 });
    expect(await readFile(join(stripped, "sub/b"), "utf8")).toBe("2");
    expect(await readlink(join(stripped, "link"))).toBe("top/a");
    const both = await temporaryDirectory();
    await extractTo(archive(), both, { strip: 1, rootName: "x/y", filter: ({ name }) => name.includes("sub") });
    expect(gnuNames(gnuTar(["-C", both, "-cf", "-", "."]))).toEqual(["./", "./x/", "./x/y/", "./x/y/b"]);
  });

  it("strips components from hard links, and rejects a link to a filtered file", async () => {
    const root = await planted({ "top/a": "1" });
    await link(join(root, "top/a"), join(root, "top/b"));
    const target = await temporaryDirectory();
    await extractTo(packDirectory(root), target, { strip: 1 });
    expect((await stat(join(target, "b"))).nlink).toBe(2);
    const error = await errorOf(
      extractTo(packDirectory(root), await temporaryDirectory(), { filter: ({ name }) => name !== "top/a" }),
    );
    expect(error).toBeInstanceOf(ArchiveError);
    expect(error.message).toBe('archive entry "top/b" is a hard link to "top/a", which is not a file in the target');
  });

  it("replaces existing files and keeps the contents of existing directories", async () => {
    const target = await planted({ "d/old": "old", file: "old", link: ["file"], "was-file": "old" });
    const archive = packEntries([
      { name: "d", directory: true, mode: 0o700 },
      { name: "d/new", content: "new" },
      { name: "file", linkTo: "d/new" },
      { name: "link", content: "new" },
      { name: "was-file", directory: true },
    ]);
    await extractTo(archive, target);
    expect(await readFile(join(target, "d/old"), "utf8")).toBe("old");
    expect((await stat(join(target, "d"))).mode & 0o777).toBe(0o700);
    expect(await readlink(join(target, "file"))).toBe("d/new");
    expect((await lstat(join(target, "link"))).isFile()).toBe(true);
    expect((await stat(join(target, "was-file"))).isDirectory()).toBe(true);
  });

  it("extracts the absolute names that GET /archive returns for a container's root", async () => {
    const root = await planted({ "etc/hosts": "1" });
    const target = await temporaryDirectory();
    const archive = gnuTar(["-P", "-C", root, "--transform=s,^\\.,,", "--transform=s,^$,/,", "-cf", "-", "."]);
    expect(gnuNames(archive)).toEqual(["/", "/etc/", "/etc/hosts"]);
    expect(await extractTo(Readable.from([archive]), target)).toEqual({ entries: 2, bytes: 1, skipped: 1 });
    expect(await readFile(join(target, "etc/hosts"), "utf8")).toBe("1");
  });

  it("follows a target that is a symbolic link", async () => {
    const root = await planted({ real: null, link: ["real"] });
    await extractTo(packEntries([{ name: "a", content: "1" }]), join(root, "link"));
    expect(await readFile(join(root, "real/a"), "utf8")).toBe("1");
  });

  it("respects the size limit", async () => {
    const archive = (): Readable => packEntries(["a", "b"].map((name) => ({ name, content: "12345" })));
    await expect(extractTo(archive(), await temporaryDirectory(), { maxBytes: 10 })).resolves.toMatchObject({ bytes: 10 });
    const error = await errorOf(extractTo(archive(), await temporaryDirectory(), { maxBytes: 9 }));
    expect(error).toBeInstanceOf(ArchiveError);
    expect(error.message).toBe('the archive exceeds 9 bytes at "b"');
  });
});

describe("extractTo on failure", () => {
  it("rejects a truncated archive and leaves no partial file", async () => {
    const archive = await collect(packEntries([{ name: "a", content: "1" }, { name: "b", content: Buffer.alloc(100_000) }])); // prettier-ignore
    for (const length of [1024, 50_000, archive.length - 1024]) {
      const target = await temporaryDirectory();
      const error = await errorOf(extractTo(Readable.from([archive.subarray(0, length)]), target));
      expect(error).toBeInstanceOf(ArchiveError);
      expect(error.message).toContain("truncated");
      expect(await readFile(join(target, "a"), "utf8")).toBe("1");
      if (length === 50_000) await expect(stat(join(target, "b"))).rejects.toThrow("ENOENT");
    }
  });

  it("rejects when the stream fails, and closes all files", async () => {
    const archive = await collect(packEntries([{ name: "a", content: Buffer.alloc(500_000) }]));
    const tar = new PassThrough();
    const target = await temporaryDirectory();
    const result = errorOf(extractTo(tar, target));
    tar.write(archive.subarray(0, 200_000), () => tar.destroy(new Error("torn")));
    expect(await result).toBeInstanceOf(InputStreamError);
    expect(await openBelow(target)).toEqual([]);
  });

  it("rejects when the stream fails before the target is created", async () => {
    const tar = new PassThrough();
    const result = errorOf(extractTo(tar, join(await temporaryDirectory(), "a/b/c")));
    tar.destroy(new ConnectionClosedError("gone"));
    expect(await result).toBeInstanceOf(ConnectionClosedError);
  });

  it("destroys the archive when an entry is rejected", async () => {
    const archive = packEntries([{ name: "d/x", content: "1" }, { name: "d", content: Buffer.alloc(5_000_000) }]); // prettier-ignore
    const error = await errorOf(extractTo(archive, await temporaryDirectory()));
    expect(error.message).toBe('archive entry "d" would replace a directory');
    expect(archive.destroyed).toBe(true);
  });

  it("names the entry in an error that the filter throws", async () => {
    const filter = (): boolean => {
      throw new Error("undecided");
    };
    const error = await errorOf(extractTo(packEntries([{ name: "a", content: "1" }]), await temporaryDirectory(), { filter }));
    expect(error.message).toBe('cannot extract "a": undecided');
  });

  it("reports an entry that it cannot write and a target that it cannot create", async () => {
    const target = await planted({ file: "" });
    await chmod(target, 0o555);
    const archive = (): Readable => packEntries([{ name: "a", content: "1" }]);
    const entry = await asOrdinaryUser(() => errorOf(extractTo(archive(), target)));
    expect(entry).toBeInstanceOf(ArchiveError);
    expect(entry.message).toMatch(/^cannot extract "a": EACCES/);
    const unread = archive();
    const made = await errorOf(extractTo(unread, join(target, "file/below")));
    expect(unread.destroyed).toBe(true);
    expect(made).toBeInstanceOf(ArchiveError);
    expect(made.message).toContain(`cannot extract to ${join(target, "file/below")}`);
    await chmod(target, 0o755);
  });

  it("reports a directory if it cannot set its mode", async () => {
    const archive = packEntries([{ name: "usr", directory: true }]);
    const error = await asOrdinaryUser(() => errorOf(extractTo(archive, "/")));
    expect(error).toBeInstanceOf(ArchiveError);
    expect(error.message).toMatch(/^cannot extract "usr\/": EPERM/);
  });
});

describe("packDirectory and extractTo", () => {
  const name = fc.string({ unit: fc.constantFrom("a", "b", "c", "ä", "日", " ", "-", "*", "\\"), minLength: 1, maxLength: 12 });
  const leaf = fc.oneof(
    fc.record({
      kind: fc.constant("file" as const),
      size: fc.oneof(fc.nat(2000), fc.constantFrom(511, 512, 513, 140_000)),
      mode: fc.nat(0o777),
    }),
    fc.record({ kind: fc.constant("link" as const), to: fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 150 }) }),
    fc.record({ kind: fc.constant("directory" as const), mode: fc.nat(0o777) }),
    fc.record({ kind: fc.constant("name" as const), of: fc.nat(20) }),
  );
  const tree = fc.array(fc.tuple(fc.array(name, { minLength: 1, maxLength: 4 }), leaf), { maxLength: 12 });

  it("copy any tree unchanged, and GNU tar lists the same entries", async () => {
    await fc.assert(
      fc.asyncProperty(tree, fc.nat(2 ** 31), async (leaves, seconds) => {
        const root = await temporaryDirectory();
        const files: string[] = [];
        for (const [components, made] of leaves) {
          const path = join(root, ...components);
          try {
            await mkdir(join(path, ".."), { recursive: true });
            if (made.kind === "directory") await mkdir(path, { mode: made.mode | 0o700 });
            else if (made.kind === "link") await symlink(made.to, path);
            else if (made.kind === "file")
              await writeFile(path, Buffer.alloc(made.size, path), { flag: "wx", mode: made.mode | 0o400 });
            else if (files.length > 0) await link(files[made.of % files.length]!, path);
            if (made.kind === "file") files.push(path);
            await lutimes(path, seconds, seconds);
          } catch (error) {
            // random names may clash; the tree then lacks the later one
            expect(["EEXIST", "ENOTDIR", "ENOENT"]).toContain((error as NodeJS.ErrnoException).code);
          }
        }
        // set the times of directories last, deepest first
        spawnSync("find", [root, "-depth", "-type", "d", "-exec", "touch", "-d", "@1000000000", "{}", "+"]);
        const target = await temporaryDirectory();
        const archive = await collect(packDirectory(root, { keepOwner: true }));
        await extractTo(Readable.from([archive]), target);
        expect(described(target)).toBe(described(root));
        const other = await temporaryDirectory();
        gnuTar(["-xpf", "-", "-C", other], archive);
        expect(described(other)).toBe(described(root));
      }),
      { numRuns: 40 },
    );
  }, 60_000);
});
