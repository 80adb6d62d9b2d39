import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ContainerLog, type LogQuery } from "../../../lib/engine/containers/log.js";
import type { StreamName } from "../../../lib/wire/frames.js";
import { temporaryDirectory } from "../../support/archive.js";

const both = { streams: new Set<StreamName>(["stdout", "stderr"]) };

const newLog = async (): Promise<ContainerLog> => new ContainerLog(join(await temporaryDirectory(), "id", "id-json.log"));

/** Reads entries as `stream time text`. */
async function entries(log: ContainerLog, query: LogQuery = both): Promise<string[]> {
  const found: string[] = [];
  for await (const { stream, time, data } of log.read(query)) found.push(`${stream} ${time} ${data.toString("latin1")}`);
  return found;
}

test("a log without output is empty", async () => {
  const log = await newLog();
  expect(await entries(log)).toEqual([]);
  log.remove(); // there is nothing to remove
});

test("a line that a crash has cut off is lost, and nothing else", async () => {
  const log = await newLog();
  log.append("stdout", Buffer.from("a\n"), 1n);
  log.end(2n);
  await appendFile(log.path, '{"log":"tor');
  expect(await entries(log)).toEqual(["stdout 1 a\n"]);
  log.append("stdout", Buffer.from("b\n"), 3n);
  log.end(4n);
  expect(await entries(log)).toEqual(["stdout 1 a\n", "stdout 3 b\n"]);
});

test("lines are kept with their stream and time, and the last one without an end when the run ends", async () => {
  const log = await newLog();
  log.begin();
  log.append("stdout", Buffer.from("a\nb"), 1n);
  log.append("stderr", Buffer.from("error\n"), 2n);
  expect(await entries(log)).toEqual(["stdout 1 a\n", "stderr 2 error\n"]);
  log.append("stdout", Buffer.from("c"), 3n);
  log.end(4n);
  expect(await entries(log)).toEqual(["stdout 1 a\n", "stderr 2 error\n", "stdout 4 bc"]);
  expect(await entries(log, { streams: new Set(["stderr"]) })).toEqual(["stderr 2 error\n"]);
});

test("the parts of a line that is longer than 16 KiB have one time", async () => {
  const log = await newLog();
  log.append("stdout", Buffer.alloc(20_000, "a"), 1n);
  log.append("stderr", Buffer.from("error\n"), 2n);
  log.append("stdout", Buffer.alloc(20_000, "a"), 3n);
  log.append("stdout", Buffer.from("\nnext\n"), 4n);
  log.append("stdout", Buffer.alloc(20_000, "b"), 5n);
  log.end(6n);
  expect((await entries(log)).map((entry) => `${entry.slice(0, 9)} ${entry.length - 9}`)).toEqual([
    "stdout 1  16384",
    "stderr 2  6",
    "stdout 1  16384",
    "stdout 1  7233",
    "stdout 4  5",
    "stdout 5  16384",
    "stdout 5  3616",
  ]);
});

test("the same entries come of output that is split at any byte", async () => {
  const text = Buffer.from("one\n\ntwo ü \u2028 x\rthree\n\xff\n");
  const whole = await newLog();
  whole.append("stdout", text, 1n);
  whole.end(1n);
  const expected = await entries(whole);
  expect(expected).toHaveLength(4);
  for (let at = 0; at <= text.length; at += 1) {
    const log = await newLog();
    log.append("stdout", text.subarray(0, at), 1n);
    log.append("stdout", text.subarray(at), 1n);
    log.end(1n);
    expect(await entries(log), `split at ${at}`).toEqual(expected);
  }
});

test("any bytes come back as they were", async () => {
  const chunks = fc.array(
    fc.oneof(
      fc.uint8Array({ maxLength: 50 }),
      fc.string({ unit: "binary" }).map((text) => Buffer.from(text)),
    ),
  );
  await fc.assert(
    fc.asyncProperty(chunks, async (parts) => {
      const log = await newLog();
      for (const part of parts) log.append("stdout", Buffer.from(part), 1n);
      log.end(1n);
      const read: Buffer[] = [];
      for await (const { data } of log.read(both)) read.push(data);
      expect(Buffer.concat(read)).toEqual(Buffer.concat(parts));
      // the entries are lines
      expect(read.every((line) => [-1, line.length - 1].includes(line.indexOf("\n")))).toBe(true);
    }),
    { numRuns: 15 },
  );
});

test("the separators of lines that only Unicode knows do not end an entry", async () => {
  const log = await newLog();
  log.append("stdout", Buffer.from("a\u2028b\u2029c\u0085d\n"), 1n);
  log.append("stdout", Buffer.from("next\n"), 2n);
  const read: string[] = [];
  for await (const { data } of log.read(both)) read.push(data.toString());
  expect(read).toEqual(["a\u2028b\u2029c\u0085d\n", "next\n"]);
  log.end(2n);
});

test.each([16 * 1024 - 1, 16 * 1024, 16 * 1024 + 1, 40_000])("a line of %i bytes is kept in parts of 16 KiB", async (length) => {
  const log = await newLog();
  log.append("stdout", Buffer.alloc(length, "x"), 1n);
  log.append("stdout", Buffer.from("\n"), 1n);
  log.end(1n);
  const lengths: number[] = [];
  for await (const { data } of log.read(both)) lengths.push(data.length);
  expect(lengths.reduce((sum, part) => sum + part, 0)).toBe(length + 1);
  expect(lengths.slice(0, -1).every((part) => part === 16 * 1024)).toBe(true);
  expect(lengths).toHaveLength(Math.ceil((length + 1) / (16 * 1024)));
});

test("a query selects by time and number", async () => {
  const log = await newLog();
  for (let at = 1n; at <= 5n; at += 1n) log.append(at % 2n === 0n ? "stderr" : "stdout", Buffer.from(`${at}\n`), at);
  log.end(6n);
  const numbers = async (query: Partial<LogQuery>): Promise<string> =>
    (await entries(log, { ...both, ...query })).map((entry) => entry.trimEnd().at(-1)).join("");
  expect(await numbers({ since: 3n })).toBe("345");
  expect(await numbers({ until: 3n })).toBe("123");
  expect(await numbers({ since: 2n, until: 4n })).toBe("234");
  expect(await numbers({ tail: 2 })).toBe("45");
  expect(await numbers({ tail: 0 })).toBe("");
  expect(await numbers({ tail: 9 })).toBe("12345");
  expect(await numbers({ tail: 1, streams: new Set(["stderr"]) })).toBe("4");
  expect(await numbers({ tail: 2, until: 4n })).toBe("34");
});

test("a follower gets what is written later, until the run ends", async () => {
  const log = await newLog();
  log.begin();
  log.append("stdout", Buffer.from("1\n"), 1n);
  const follower = log.read(both, new AbortController().signal);
  expect((await follower.next()).value).toMatchObject({ time: 1n });
  const first = follower.next();
  log.append("stdout", Buffer.from("2\n"), 2n);
  expect((await first).value).toMatchObject({ time: 2n });
  const second = follower.next();
  log.append("stdout", Buffer.from("3"), 3n);
  log.end(4n);
  expect((await second).value).toMatchObject({ time: 4n, data: Buffer.from("3") });
  expect((await follower.next()).done).toBe(true);
});

test("a follower ends at its signal, at `until`, and when nothing runs", async () => {
  const log = await newLog();
  const never = new AbortController().signal;
  expect((await log.read(both, never).next()).done).toBe(true);
  log.begin();
  const gone = new AbortController();
  const left = log.read(both, gone.signal).next();
  gone.abort();
  expect((await left).done).toBe(true);
  const limited = log.read({ ...both, until: 5n }, never).next();
  log.append("stdout", Buffer.from("late\n"), 6n);
  expect((await limited).done).toBe(true);
  log.end(7n);
});

test("a last line that is cut off is left out", async () => {
  const log = await newLog();
  log.append("stdout", Buffer.from("whole\n"), 1n);
  await appendFile(log.path, '{"log":"par');
  expect(await entries(log)).toEqual(["stdout 1 whole\n"]);
  log.end(1n);
});
