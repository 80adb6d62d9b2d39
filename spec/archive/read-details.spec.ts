import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pack } from "tar-stream";
import { expect, it } from "vitest";
import { readDetails } from "../../lib/archive/read-details.js";

/** An archive with the file `one`, and the two blocks that mark its end. */
async function archive(): Promise<Buffer> {
  const packed = pack();
  packed.entry({ name: "one" }, "1");
  packed.finalize();
  return buffer(Readable.from(packed as AsyncIterable<Buffer>));
}

async function names(data: Buffer): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of readDetails(Readable.from([data]))) {
    found.push(entry.name);
    await entry.skip();
  }
  return found;
}

it("reads archives that end with the content of the last entry, but none that is truncated", async () => {
  const whole = await archive();
  expect(whole.length).toBe(2048);
  expect(await names(whole)).toEqual(["one"]);
  expect(await names(whole.subarray(0, 1024))).toEqual(["one"]);
  expect(await names(whole.subarray(0, 513))).toEqual(["one"]);
  await expect(names(whole.subarray(0, 512))).rejects.toThrow("truncated");
  await expect(names(whole.subarray(0, 300))).rejects.toThrow("truncated");
});
