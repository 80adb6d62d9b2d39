import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import fc from "fast-check";
import { extractTo } from "../../../lib/archive/extract.js";
import { packDirectory } from "../../../lib/archive/pack-directory.js";
import { ArchiveError } from "../../../lib/errors/usage-errors.js";
import { collect, gnuTar } from "../../support/archive.js";
import { cut, type Cuts, cuts, type KindFactory, mustEqual, Outcomes } from "../kind.js";
import { plant, snapshot, trees, withDirectory } from "../trees.js";

function folder(top: string, name: string): string {
  const path = join(top, name);
  mkdirSync(path);
  return path;
}

const streamOf = (archive: Buffer, places: Cuts): Readable => Readable.from(cut(archive, places), { objectMode: false });

/** Trees that this package packs, and that GNU tar and this package extract. */
export const pack: KindFactory = () => {
  const outcomes = new Outcomes();
  const property = fc.asyncProperty(trees, (nodes) =>
    withDirectory(async (top) => {
      const [source, theirs, ours] = [folder(top, "source"), folder(top, "theirs"), folder(top, "ours")];
      plant(source, nodes);
      const archive = await collect(packDirectory(source));
      const expected = snapshot(source);
      gnuTar(["-C", theirs, "-xf", "-"], archive);
      mustEqual("GNU tar extracts", snapshot(theirs), expected);
      await extractTo(Readable.from([archive]), ours);
      mustEqual("this package extracts", snapshot(ours), expected);
      outcomes.count(nodes.length === 0 ? "empty" : "equal");
    }),
  );
  return { about: "packed trees against GNU tar", property, outcomes, close: () => undefined };
};

/** Archives in every format of GNU tar, extracted by GNU tar and by this package. */
export const extract: KindFactory = () => {
  const outcomes = new Outcomes();
  const property = fc.asyncProperty(
    trees,
    fc.constantFrom("gnu", "oldgnu", "posix", "ustar", "v7"),
    fc.boolean(),
    fc.array(fc.nat({ max: 200_000 }), { maxLength: 6 }),
    (nodes, format, isSparse, places) =>
      withDirectory(async (top) => {
        const [source, theirs, ours] = [folder(top, "source"), folder(top, "theirs"), folder(top, "ours")];
        plant(source, nodes);
        let archive: Buffer;
        try {
          archive = gnuTar([`--format=${format}`, ...(isSparse ? ["--sparse"] : []), "-C", source, "-cf", "-", "."]);
        } catch {
          outcomes.count("beyond the format");
          return;
        }
        gnuTar(["-C", theirs, "-xf", "-"], archive);
        try {
          await extractTo(streamOf(archive, places), ours);
        } catch (error) {
          if (!(error instanceof ArchiveError) || !isSparse || !error.message.includes("sparse")) throw error;
          outcomes.count("sparse, rejected");
          return;
        }
        mustEqual(`extracted from ${format}`, snapshot(ours), snapshot(theirs));
        outcomes.count(format);
      }),
  );
  return { about: "archives of GNU tar against its extraction", property, outcomes, close: () => undefined };
};

/** Blocks with headers of any content. */
const names = fc
  .array(fc.constantFrom("..", "/", "a", "b", "l", "out", "secret", ".", "", "x\0y", "target", "ü"), {
    minLength: 1,
    maxLength: 4,
  })
  .map((all) => all.join("/"));
const number = (length: number): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom("644", "0", "5", "1000").map((digits) => digits.padStart(length - 1, "0")) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        "\x80\0\0\0\x7f\xff\xff\xff",
        "\xff\xff\xff\xff\xff\xff\xff\xff",
        "-1",
        "9",
        " 5 ",
        "",
        "77777777777",
        "\x80",
      ),
    },
  );
const entry = fc.record({
  name: names,
  linkname: names,
  flag: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom("0", "0", "1", "2", "5", "\0") },
    { weight: 3, arbitrary: fc.constantFrom("3", "4", "6", "7", "x", "g", "L", "K", "S", "V", "D", "M", "Z") },
  ),
  mode: number(8),
  uid: number(8),
  mtime: number(12),
  size: fc.option(number(12), { freq: 8, nil: undefined }),
  magic: fc.constantFrom("ustar\x0000", "ustar\x0000", "ustar  \0", "", "xxxxx\x0000"),
  prefix: fc.oneof({ weight: 6, arbitrary: fc.constant("") }, { weight: 1, arbitrary: names }),
  content: fc.oneof(
    fc.constantFrom("", "evil", "x".repeat(600), "../out/secret\0", "/out/secret"),
    fc
      .constantFrom(
        "path=../out/x",
        "linkpath=../out",
        "size=-1",
        "size=99999999999",
        "mtime=nan",
        "path=",
        "path=a\0b",
        "=",
        "x",
      )
      .map((record) => `${record.length + 4} ${record}\n`),
    fc.string({ unit: "binary-ascii", maxLength: 30 }),
  ),
  isSummed: fc.nat({ max: 20 }).map((one) => one > 0),
});
type Entry = typeof entry extends fc.Arbitrary<infer E> ? E : never;

function blockOf({ name, linkname, flag, mode, uid, mtime, size, magic, prefix, content, isSummed }: Entry): Buffer {
  const block = Buffer.alloc(512);
  const isData = !"12345".includes(flag);
  const body = Buffer.from(isData ? content : "", "utf8");
  const put = (value: string, at: number, length: number, encoding: BufferEncoding = "latin1") =>
    block.write(value, at, length, encoding);
  put(name, 0, 100, "utf8");
  put(mode, 100, 8);
  put(uid, 108, 8);
  put(uid, 116, 8);
  put(size ?? body.length.toString(8).padStart(11, "0"), 124, 12);
  put(mtime, 136, 12);
  put("        ", 148, 8);
  put(flag, 156, 1);
  put(linkname, 157, 100, "utf8");
  put(magic, 257, 8);
  put(prefix, 345, 155, "utf8");
  let sum = 0;
  for (const byte of block) sum += byte;
  put(`${(sum + (isSummed ? 0 : 1)).toString(8).padStart(6, "0")}\0 `, 148, 8);
  return Buffer.concat([block, body, Buffer.alloc((512 - (body.length % 512)) % 512)]);
}

/** Malicious archives: extraction ends and writes nothing outside the target. */
export const hostile: KindFactory = () => {
  const outcomes = new Outcomes();
  const property = fc.asyncProperty(
    fc.array(entry, { minLength: 1, maxLength: 6 }),
    fc.boolean(),
    fc.nat({ max: 4_000 }),
    cuts(),
    (entries, isEnded, cutOff, places) =>
      withDirectory(async (top) => {
        const [outside, target] = [folder(top, "out"), folder(top, "target")];
        plant(outside, [{ path: ["secret"], type: "file", size: 6, target: "", mode: 0o640, mtime: 1 }]);
        plant(target, [{ path: ["l"], type: "symlink", size: 0, target: "../out", mode: 0, mtime: 1 }]);
        const before = snapshot(outside);
        const whole = Buffer.concat([...entries.map(blockOf), Buffer.alloc(isEnded ? 1_024 : 0)]);
        const archive = cutOff < 500 ? whole.subarray(0, cutOff % whole.length) : whole;
        try {
          await extractTo(streamOf(archive, places), target);
          outcomes.count("extracted");
        } catch (error) {
          if (!(error instanceof ArchiveError)) throw error;
          outcomes.count("rejected");
        }
        mustEqual("outside", [snapshot(outside), snapshot(top).filter((line) => !/^"(?:out|target)/.test(line))], [before, []]);
      }),
  );
  return { about: "hostile archives stay in their target", property, outcomes, close: () => undefined };
};
