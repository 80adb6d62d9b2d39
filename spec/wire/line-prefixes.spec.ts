import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MultiplexDecoder, rawDecoder } from "../../lib/wire/frames.js";
import { type LinePrefixes, LongLineDecoder } from "../../lib/wire/line-prefixes.js";
import { frames } from "../support/recording-daemon.js";
import { cutAt } from "../support/streams.js";

const PART = 16_384;
const part = (letter: string) => letter.repeat(PART);

const docker = "2026-11-29T07:40:45.123456789Z ";
const later = "2026-11-29T07:40:45.123456790Z ";
const podman = "2026-11-29T07:40:45Z ";
const podmanLater = "2026-11-29T07:40:46+02:00 ";

type Output = Record<number, string>;

function read(chunks: readonly Buffer[], prefixes: LinePrefixes, tty: boolean): Output {
  const decoder = new LongLineDecoder(tty ? rawDecoder : new MultiplexDecoder(), !tty, prefixes);
  const found: Output = {};
  const sink = (stream: number, data: Buffer) => {
    expect(data.length).toBeGreaterThan(0);
    found[stream] = (found[stream] ?? "") + data.toString("latin1");
  };
  for (const chunk of chunks) decoder.decode(chunk, sink);
  decoder.flush(sink);
  decoder.end();
  return found;
}

/** Cuts bytes into pieces of the given size. */
const every = (count: number, bytes: Buffer) => cutAt(bytes, [...bytes.keys()].filter((at) => at % count === 0)); // prettier-ignore

type Parts = Parameters<typeof frames>;

const timestamps = { timestamps: true };
const both = { timestamps: true, details: true };

describe("LongLineDecoder with frames", () => {
  it.each<[what: string, LinePrefixes, Parts, Output]>([
    ["drops Docker's timestamps within a line", timestamps, [[1, docker + part("a")], [1, docker + part("b")], [1, `${docker}c\n`], [1, `${later}next\n`]], { 1: `${docker}${part("a")}${part("b")}c\n${later}next\n` }], // prettier-ignore
    ["drops a timestamp before a bare line end", timestamps, [[1, docker + part("a")], [1, `${docker}\n`]], { 1: `${docker}${part("a")}\n` }], // prettier-ignore
    ["separates the streams", timestamps, [[1, docker + part("a")], [2, later + part("b")], [1, `${docker}c\n`], [2, `${later}d\n`]], { 1: `${docker}${part("a")}c\n`, 2: `${later}${part("b")}d\n` }], // prettier-ignore
    ["drops Docker's details too", both, [[1, `${docker}a=b,c=d%20e ${part("a")}`], [1, `${docker}a=b,c=d%20e c\n`]], { 1: `${docker}a=b,c=d%20e ${part("a")}c\n` }], // prettier-ignore
    [
      "drops empty details",
      both,
      [
        [1, `${docker} ${part("a")}`],
        [1, `${docker} c\n`],
      ],
      { 1: `${docker} ${part("a")}c\n` },
    ],
    ["drops details without timestamps", { details: true }, [[1, `a=b ${part("a")}`], [1, "a=b c\n"]], { 1: `a=b ${part("a")}c\n` }], // prettier-ignore
    ["drops Podman's timestamps, whatever the part's size and time", timestamps, [[1, `${podman}abc`], [1, `${podman}def`], [1, `${podmanLater}ghi\n`]], { 1: `${podman}abcdefghi\n` }], // prettier-ignore
    [
      "keeps words if Podman sends no details",
      both,
      [
        [1, `${podman}a b`],
        [1, `${podman}c d\n`],
      ],
      { 1: `${podman}a bc d\n` },
    ],
    [
      "keeps a repeated word that is not Docker's details",
      { details: true },
      [
        [1, "a b"],
        [1, "a b\n"],
      ],
      { 1: "a ba b\n" },
    ],
    ["keeps another timestamp within a line, such as that of a restart", timestamps, [[1, `${docker}a`], [1, `${later}b\n`]], { 1: `${docker}a${later}b\n` }], // prettier-ignore
    ["keeps another task's line", timestamps, [[1, docker + part("a")], [1, `${later}b\n`]], { 1: `${docker}${part("a")}${later}b\n` }], // prettier-ignore
    ["keeps a timestamp that a container writes", timestamps, [[1, `${docker}${docker}a\n`], [1, `${later}${podman}\n`]], { 1: `${docker}${docker}a\n${later}${podman}\n` }], // prettier-ignore
    ["keeps lines without timestamps", timestamps, [[1, "Error\n"], [1, part("a")], [1, `${docker}b`], [1, "c"]], { 1: `Error\n${part("a")}${docker}bc` }], // prettier-ignore
    ["keeps a part without the timestamp", timestamps, [[1, docker + part("a")], [1, docker.slice(0, 9)], [1, `${podman}b`], [1, "2026"]], { 1: `${docker}${part("a")}${docker.slice(0, 9)}${podman}b2026` }], // prettier-ignore
    ["passes on reports of failures", timestamps, [[1, docker + part("a")], [3, docker], [1, `${docker}b\n`]], { 1: `${docker}${part("a")}b\n`, 3: docker }], // prettier-ignore
    ["ignores empty frames", timestamps, [[1, ""], [1, docker + part("a")], [1, ""], [1, `${docker}b\n`]], { 1: `${docker}${part("a")}b\n` }], // prettier-ignore
  ])("%s", (_what, prefixes, parts, expected) => {
    const bytes = frames(...parts);
    expect(read([Buffer.from(bytes)], prefixes, false)).toEqual(expected);
    expect(read(every(1, bytes), prefixes, false)).toEqual(expected);
    for (const each of [5, 29, 4099]) expect(read(every(each, bytes), prefixes, false)).toEqual(expected);
  });

  it("returns the same output for a split at any byte", () => {
    const bytes = frames([1, `${podman}abc`], [2, `${podman}é`], [1, `${podmanLater}d\n`], [2, `${podman}f\n`]);
    const expected = { 1: `${podman}abcd\n`, 2: Buffer.from(`${podman}éf\n`).toString("latin1") };
    for (let at = 0; at <= bytes.length; at += 1) expect(read(cutAt(bytes, [at]), timestamps, false)).toEqual(expected);
  });
});

describe("LongLineDecoder with a terminal", () => {
  it.each<[what: string, LinePrefixes, string, string]>([
    ["drops Docker's timestamps within a line", timestamps, `${docker}x\r\n${docker}${part("a")}${docker}${part("b")}${docker}c\r\n${later}d\r\n`, `${docker}x\r\n${docker}${part("a")}${part("b")}c\r\n${later}d\r\n`], // prettier-ignore
    ["drops details", both, `${docker}a=b ${part("a")}${docker}a=b c\n`, `${docker}a=b ${part("a")}c\n`],
    [
      "keeps a timestamp in any other position",
      timestamps,
      `${docker}${part("a")}b${docker}c\n`,
      `${docker}${part("a")}b${docker}c\n`,
    ],
    [
      "keeps a different timestamp at the start of a part",
      timestamps,
      `${docker}${part("a")}${later}c\n`,
      `${docker}${part("a")}${later}c\n`,
    ],
    ["keeps the start of a timestamp at the end", timestamps, `${docker}${part("a")}2026`, `${docker}${part("a")}2026`],
    ["keeps lines without timestamps", timestamps, `a\n\n${part("a")}${docker}c\n`, `a\n\n${part("a")}${docker}c\n`],
  ])("%s", (_what, prefixes, sent, expected) => {
    const bytes = Buffer.from(sent);
    expect(read([Buffer.from(bytes)], prefixes, true)).toEqual({ 1: expected });
    expect(read(every(1, bytes), prefixes, true)).toEqual({ 1: expected });
    for (const each of [5, 29, 4099]) expect(read(every(each, bytes), prefixes, true)).toEqual({ 1: expected });
  });
});

describe("LongLineDecoder with any output", () => {
  it("leaves only the first prefix of each line", () => {
    const line = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.string({ maxLength: 80 }), fc.constantFrom(docker, later, podman));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), fc.infiniteStream(fc.nat()), (lines, positions) => {
        const sent: Parts = [];
        let expected = "";
        for (const [size, text, prefix] of lines) {
          const content = Buffer.from(text.replaceAll("\n", " ").repeat(prefix === podman ? size : 500)).toString("latin1");
          const step = prefix === podman ? size : PART;
          const whole = `${content}\n`;
          for (let at = 0; at < whole.length; at += step)
            sent.push([1, Buffer.from(prefix + whole.slice(at, at + step), "latin1")]);
          expected += prefix + whole;
        }
        const bytes = frames(...sent);
        const found = read(cutAt(bytes, [...positions.take(9)]), timestamps, false);
        expect(found[1] ?? "").toBe(expected);
      }),
      { numRuns: 30 },
    );
  });
});
