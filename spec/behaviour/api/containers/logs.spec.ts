import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { AbortError } from "../../../../lib/errors/connection-errors.js";
import { client, container, needsApi, runningContainer, useEngine } from "../../../support/engine.js";
import { notOnPodman } from "../../../support/images.js";

useEngine();

async function ended(command: string, config: object = {}): Promise<string> {
  const id = await container({ Cmd: ["sh", "-c", command], ...config });
  await client.waitContainer({
    id,
    condition: "next-exit",
    onRegistered: () => client.startContainer({ id }),
  });
  return id;
}

const outputOf = async (...args: Parameters<typeof client.logs>) => {
  const { stdout, stderr } = await (await client.logs(...args)).collect();
  return [stdout.toString(), stderr.toString()];
};

describe("logs", () => {
  it("separates the streams and returns the requested ones", async () => {
    const id = await ended("echo one; echo two >&2; echo -n three");
    expect(await outputOf({ id })).toEqual(["one\nthree", "two\n"]);
    expect(await outputOf({ id, stderr: false })).toEqual(["one\nthree", ""]);
    expect(await outputOf({ id, stdout: false })).toEqual(["", "two\n"]);
    expect(await outputOf({ id, tail: 0 })).toEqual(["", ""]);
    expect(await outputOf({ id, tail: "all" })).toEqual(["one\nthree", "two\n"]);
    expect((await outputOf({ id, timestamps: true, stderr: false }))[0]).toMatch(
      /^\d{4}-\d\d-\d\dT[\d:.]+Z one\n\d{4}-.* three$/,
    );
    expect((await outputOf({ id, details: true, stderr: false }))[0]).toMatch(/ ?one\n/);
    const [outputStream, errorStream] = [new PassThrough(), new PassThrough()];
    const contents = Promise.all([text(outputStream), text(errorStream)]);
    await client.logs({ id, outputStream, errorStream });
    outputStream.end();
    errorStream.end();
    expect(await contents).toEqual(["one\nthree", "two\n"]);
  });

  it("returns output between two times", async () => {
    const id = await ended("echo one; sleep 1.1; echo two; sleep 1.1; echo three");
    const [stdout = ""] = await outputOf({ id, timestamps: true });
    const [one, two, three] = stdout.split("\n").map((line) => line.split(" ")[0] ?? "");
    expect(await outputOf({ id, since: two })).toEqual(["two\nthree\n", ""]);
    expect(await outputOf({ id, since: new Date(Date.parse(one ?? "") + 1000) })).toEqual(["two\nthree\n", ""]);
    expect(await outputOf({ id, since: three })).toEqual(["three\n", ""]);
    expect(await outputOf({ id, tail: 1 })).toEqual(["three\n", ""]);
  });

  it("ends at the requested time", async (context) => {
    needsApi(context, "1.35", "until of logs");
    const id = await ended("echo one; sleep 1.1; echo two");
    const [stdout = ""] = await outputOf({ id, timestamps: true });
    const until = new Date(Date.parse(stdout.split(" ")[0] ?? "") + 1000);
    expect(await outputOf({ id, until })).toEqual(["one\n", ""]);
  });

  it("follows a container until it ends", async () => {
    const id = await runningContainer(["sh", "-c", "for i in 1 2 3; do echo line $i; sleep 0.2; done; echo end >&2"]);
    const lines: string[] = [];
    for await (const { stream, line } of (await client.logs({ id, follow: true })).lines()) lines.push(`${stream} ${line}`);
    expect(lines).toEqual(["stdout line 1", "stdout line 2", "stdout line 3", "stderr end"]);
  });

  it("returns one stream with a terminal", async () => {
    const id = await ended("echo one; echo two >&2", { Tty: true });
    const stream = await client.logs({ id });
    expect(stream.tty).toBe(true);
    expect((await stream.collect()).stdout.toString()).toBe("one\r\ntwo\r\n");
  });

  it("transfers megabytes unchanged", async () => {
    const id = await ended("head -c 3000000 /dev/zero | tr '\\0' 'x'; echo");
    const { stdout } = await (await client.logs({ id })).collect();
    expect(stdout.length).toBe(3_000_001);
    expect(stdout.equals(Buffer.from(`${"x".repeat(3_000_000)}\n`))).toBe(true);
  });

  it("returns one timestamp per line, however long the line is", async () => {
    const line = (letter: string) => `head -c 40960 /dev/zero | tr '\\0' ${letter}`;
    const id = await ended(`(${line("a")}; echo) & (${line("b")}; echo) >&2 & wait; echo end; echo end >&2`);
    for (const details of [false, true]) {
      const [stdout = "", stderr = ""] = await outputOf({ id, timestamps: true, details });
      expect(stdout.replace(/a{40960}/, "<a>")).toMatch(/^\S+Z  ?<a>\n\S+Z  ?end\n$/);
      expect(stderr.replace(/b{40960}/, "<b>")).toMatch(/^\S+Z  ?<b>\n\S+Z  ?end\n$/);
    }
  });

  it("returns one timestamp for a long line of a terminal", async (context) => {
    notOnPodman(context, "stores the output of a terminal in unmarked parts");
    const id = await ended("head -c 40960 /dev/zero | tr '\\0' a; echo", { Tty: true });
    const [stdout = ""] = await outputOf({ id, timestamps: true, details: true });
    expect(stdout.replace(/a{40960}/, "<a>")).toMatch(/^\S+Z  ?<a>\r\n$/);
  });

  it("can be aborted while following", async () => {
    const id = await runningContainer(["sh", "-c", "while :; do echo x; sleep 0.1; done"]);
    const abort = new AbortController();
    const outputStream = new PassThrough();
    outputStream.once("data", () => abort.abort());
    await expect(client.logs({ id, follow: true, outputStream }, { signal: abort.signal })).rejects.toThrow(AbortError);
  });
});
