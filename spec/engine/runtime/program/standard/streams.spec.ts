import { PassThrough, Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Clock } from "../../../../../lib/engine/clock.js";
import { standardPrograms } from "../../../../../lib/engine/runtime/program/standard/index.js";
import { newFiles } from "./files.js";
import { collected, contextOf, type Result, run, type Surroundings } from "./harness.js";

const files = await newFiles();

const runProgram = async (argv: readonly string[], surroundings?: Surroundings): Promise<Result> => {
  const program = standardPrograms[argv[0] ?? ""];
  if (!program) throw new Error(`no program ${String(argv[0])}`);
  return await run(program, contextOf(argv, files, surroundings));
};

/** A clock whose sleeps end when the spec says so. */
class ManualClock implements Clock {
  readonly #sleepers: (() => void)[] = [];
  #time = 0n;

  now(): bigint {
    return this.#time;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      this.#sleepers.push(() => {
        this.#time += BigInt(milliseconds) * 1_000_000n;
        resolve();
      });
    });
  }

  /** Ends the sleep of a program, as soon as it sleeps. */
  async wake(): Promise<void> {
    await expect.poll(() => this.#sleepers.length).toBeGreaterThan(0);
    this.#sleepers.shift()?.();
  }
}

describe("output", () => {
  it("ends a program that nobody reads any more, as SIGPIPE does", async () => {
    const yes = contextOf(["yes", "line"], files);
    const head = contextOf(["head", "-n", "3"], files, { stdin: yes.stdout });
    const writing = standardPrograms["yes"]?.(yes);
    const result = await run(standardPrograms["head"] ?? (() => 1), head);
    yes.stdout.destroy();
    expect(result).toEqual({ stdout: "line\nline\nline\n", stderr: "", code: 0 });
    expect(await writing).toBe(141);
  });

  it("waits for its reader", async () => {
    const context = contextOf(["yes"], files);
    const writing = standardPrograms["yes"]?.(context);
    await expect.poll(() => context.stdout.readableLength).toBeGreaterThan(0);
    // what is written beyond the buffer of the stream is one block
    expect(context.stdout.readableLength + context.stdout.writableLength).toBeLessThan(64 * 1024);
    context.stdout.destroy();
    expect(await writing).toBe(141);
  });

  it("passes 100 MB from cat to wc in bounded memory", async () => {
    const chunk = Buffer.alloc(64 * 1024, "x");
    const output = new PassThrough();
    let most = 0;
    const input = Readable.from(
      (function* () {
        for (let left = 1600; left > 0; left--) {
          most = Math.max(most, output.readableLength + output.writableLength);
          yield chunk;
        }
      })(),
      { objectMode: false },
    );
    const cat = { ...contextOf(["cat"], files, { stdin: input }), stdout: output };
    const copying = Promise.resolve(standardPrograms["cat"]?.(cat)).then(() => output.end());
    const counted = await runProgram(["wc", "-c"], { stdin: output });
    await copying;
    expect(counted.stdout).toBe(`${1600 * 64 * 1024}\n`);
    expect(most).toBeLessThan(1024 * 1024);
    expect(most).toBeGreaterThan(0);
  });
});

describe("tail -f", () => {
  it("prints what is appended, and starts anew when the file was cut off", async () => {
    const clock = new ManualClock();
    const killed = new AbortController();
    await files.writeFile("/data/log", "one\ntwo\n");
    const context = contextOf(["tail", "-n", "1", "-f", "log"], files, { clock, signal: killed.signal });
    let output = "";
    context.stdout.on("data", (data: Buffer) => (output += data.toString()));
    const ended = Promise.resolve(standardPrograms["tail"]?.(context));
    await expect.poll(() => output).toBe("two\n");
    const log = await files.open("/data/log", "a");
    await log.write(Buffer.from("three\n"));
    await log.close();
    await clock.wake();
    await expect.poll(() => output).toBe("two\nthree\n");
    await files.writeFile("/data/log", "new\n");
    await clock.wake();
    await expect.poll(() => output).toBe("two\nthree\nnew\n");
    killed.abort(new Error("killed"));
    await expect(ended).rejects.toThrow("killed");
  });
});

describe("a killed program", () => {
  it.each([["cat"], ["sort"], ["sed", "p"], ["sleep", "100"], ["wc"], ["tee"]])(
    "stops to wait: %s",
    async (...argv: string[]) => {
      const killed = new AbortController();
      const clock = new ManualClock();
      const context = contextOf(argv, files, { stdin: new PassThrough(), signal: killed.signal, clock });
      const ended = Promise.resolve(standardPrograms[String(argv[0])]?.(context));
      killed.abort(new Error("killed"));
      await expect(ended).rejects.toThrow("killed");
    },
  );
});

describe("bytes of all kinds", () => {
  const bytes = fc.uint8Array({ maxLength: 3000 });
  const chunks = fc.array(bytes, { maxLength: 6 });
  const stdinOf = (parts: readonly Uint8Array[]): Readable =>
    Readable.from(
      parts.map((part) => Buffer.from(part)),
      { objectMode: false },
    );

  it.each([
    ["cat"],
    ["tee"],
    ["dd", "status=none"],
    ["sed", ""],
    ["tr", "a", "a"],
    ["head", "-c", "100000"],
    ["tail", "-c", "+1"],
    ["tail", "-n", "+1"],
  ])("pass unchanged through %s", async (...argv) => {
    await fc.assert(
      fc.asyncProperty(chunks, async (parts) => {
        const { stdout, code } = await runProgram(argv, { stdin: stdinOf(parts) });
        expect(stdout).toBe(Buffer.concat(parts).toString("latin1"));
        expect(code).toBe(0);
      }),
      { numRuns: 30 },
    );
  });

  it("come back from gzip and base64", async () => {
    await fc.assert(
      fc.asyncProperty(chunks, async (parts) => {
        const content = Buffer.concat(parts).toString("latin1");
        for (const [encode, decode] of [
          [
            ["gzip", "-c"],
            ["gunzip", "-c"],
          ],
          [["base64"], ["base64", "-d"]],
        ] as const) {
          const encoded = await runProgram(encode, { stdin: stdinOf(parts) });
          const decoded = await runProgram(decode, { stdin: encoded.stdout });
          expect(decoded).toEqual({ stdout: content, stderr: "", code: 0 });
        }
      }),
      { numRuns: 30 },
    );
  });

  it("come back from tar, with modes, times and links", async () => {
    await fc.assert(
      fc.asyncProperty(
        bytes,
        fc.integer({ min: 0, max: 0o777 }),
        fc.integer({ min: 0, max: 2_000_000_000 }),
        async (content, mode, time) => {
          const own = await newFiles({ "d/sub/": "", "d/l": "-> f" });
          await own.writeFile("/data/d/f", content);
          await own.change("/data/d/f", { mode, mtime: BigInt(time) * 1_000_000_000n, uid: 5, gid: 6 });
          await own.link("/data/d/f", "/data/d/h");
          const packed = contextOf(["tar", "c", "d"], own);
          const archive = collected(packed.stdout);
          await standardPrograms["tar"]?.(packed);
          packed.stdout.end();
          const target = await newFiles();
          await run(standardPrograms["tar"] ?? (() => 1), contextOf(["tar", "x"], target, { stdin: await archive }));
          expect((await target.readFile("/data/d/f")).equals(Buffer.from(content))).toBe(true);
          const { inode: _inode, ...status } = await target.stat("/data/d/f");
          const { inode: _other, ...wanted } = await own.stat("/data/d/f");
          expect(status).toEqual(wanted);
          expect((await target.lstat("/data/d/l")).target).toBe("f");
          expect((await target.stat("/data/d/sub")).kind).toBe("directory");
        },
      ),
      { numRuns: 20 },
    );
  });
});
