import { createHash } from "node:crypto";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { extract } from "tar-stream";
import { describe, expect, it } from "vitest";
import { changeText } from "../../../../lib/api/containers/changes.js";
import { client, container, useEngine } from "../../../support/engine.js";

useEngine();

/** Creates a container and runs its command to completion. */
async function after(command: string): Promise<string> {
  const id = await container({ Cmd: ["sh", "-c", command] });
  const onRegistered = () => client.startContainer({ id });
  expect((await client.waitContainer({ id, condition: "next-exit", onRegistered })).statusCode).toBe(0);
  return id;
}

describe("containerChanges", () => {
  it("lists the differences from the image", async () => {
    const id = await after("mkdir /new && echo x > /new/file && rm /bin/wc && echo >> /etc/passwd");
    const changes = (await client.containerChanges({ id })).map(changeText);
    expect(changes).toEqual(expect.arrayContaining(["A /new", "A /new/file", "D /bin/wc", "C /etc/passwd", "C /bin", "C /etc"]));
    // in any order
    expect((await client.containerDiff({ id })).map(changeText).sort()).toEqual(changes.sort());
  });

  it("returns an empty list for a container that has never run", async () => {
    expect(await client.containerChanges({ id: await container({}) })).toEqual([]);
  });
});

describe("exportContainer", () => {
  it("exports the file system as a stream and into a stream", async () => {
    const id = await after("echo hello > /greeting; head -c 3000000 /dev/zero > /zeros");
    const found = new Map<string, string>();
    const unpack = extract();
    unpack.on("entry", (header, entry, next) => {
      entry.on("end", next);
      found.set(header.name, String(header.size));
      if (header.name === "greeting") void text(entry).then((content) => found.set(header.name, content));
      else entry.resume();
    });
    const sum = createHash("sha256");
    const archive = await client.exportContainer({ id });
    archive.on("data", (chunk: Buffer) => sum.update(chunk));
    await pipeline(archive, unpack);
    expect(found.get("greeting")).toBe("hello\n");
    expect(found.get("zeros")).toBe("3000000");
    expect([...found.keys()].some((name) => name.startsWith("bin/"))).toBe(true);
    const outputStream = new PassThrough();
    const other = createHash("sha256");
    let length = 0;
    outputStream.on("data", (chunk: Buffer) => {
      other.update(chunk);
      length += chunk.length;
    });
    await client.exportContainer({ id, outputStream });
    expect(length).toBeGreaterThan(3_000_000);
    expect(other.digest("hex")).toBe(sum.digest("hex"));
  });
});
