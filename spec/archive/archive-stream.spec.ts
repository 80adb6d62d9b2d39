import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { ArchiveStream } from "../../lib/archive/archive-stream.js";
import { collect, errorOf } from "../support/archive.js";

describe("ArchiveStream", () => {
  it("yields its generator's output only on demand", async () => {
    let made = 0;
    const stream = new ArchiveStream(async function* () {
      for (; made < 10; made++) yield Buffer.alloc(100_000, made);
    });
    expect(made).toBe(0);
    await once(stream, "readable");
    await new Promise(setImmediate);
    expect(made).toBeLessThan(4);
    expect(await collect(stream)).toHaveLength(1_000_000);
  });

  it("fails with the error that its generator throws", async () => {
    for (const thrown of [new Error("text"), "text"]) {
      const stream = new ArchiveStream(async function* () {
        yield Buffer.from("x");
        throw thrown;
      });
      expect((await errorOf(collect(stream))).message).toBe("text");
    }
  });

  it("fails when cleanup fails, unless it has already failed", async () => {
    const make = (): ArchiveStream =>
      new ArchiveStream(async function* () {
        try {
          for (;;) yield Buffer.alloc(300_000);
        } finally {
          throw new Error("cleaning up"); // eslint-disable-line no-unsafe-finally -- the spec tests exactly this
        }
      });
    for (const [failure, message] of [
      [undefined, "cleaning up"],
      [new Error("first"), "first"],
    ] as const) {
      // prettier-ignore
      const stream = make();
      await once(stream, "readable");
      stream.destroy(failure);
      const [error] = (await once(stream, "error")) as [Error];
      expect(error.message).toBe(message);
    }
  });

  it("aborts its signal on end, failure and destruction", async () => {
    for (const end of ["read", "destroyed"]) {
      let signal: AbortSignal | undefined;
      const stream = new ArchiveStream((given) => {
        signal = given;
        return (async function* () {
          yield Buffer.from("x");
        })();
      });
      expect(signal?.aborted).toBe(false);
      if (end === "read") await collect(stream);
      else stream.destroy();
      if (!stream.closed) await once(stream, "close");
      expect(signal?.aborted).toBe(true);
    }
  });
});
