import { mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { describe, expect, it, onTestFinished } from "vitest";
import { readArchive } from "../../../../lib/archive/read-archive.js";
import { NoSuchContainerError, NoSuchPathError } from "../../../../lib/errors/container-errors.js";
import { ArchiveError } from "../../../../lib/errors/usage-errors.js";
import { client, container, runningContainer, uniqueName, useEngine } from "../../../support/engine.js";
import { notOnPodman } from "../../../support/images.js";

useEngine();

const stopped = () => container({ Cmd: ["true"] });

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "tsdc-copy-"));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

const contentOf = async (id: string, path: string) => (await client.readContainerFile({ container: id, path })).toString();

describe("copyToContainer", () => {
  it.each([
    ["a string", () => "héllo"],
    ["bytes", () => Buffer.from("héllo")],
    ["a stream", () => Readable.from(["hé", "llo"])],
  ])("creates a file from %s", async (_, content) => {
    const id = await stopped();
    await client.copyToContainer({ container: id, path: "/tmp/a b.txt", content: content() });
    expect(await contentOf(id, "/tmp/a b.txt")).toBe("héllo");
  });

  it("copies a local directory under another name", async () => {
    const root = await folder();
    await mkdir(join(root, "conf", "sub"), { recursive: true });
    await writeFile(join(root, "conf", "sub", "run.sh"), "#!/bin/sh\necho ran\n", { mode: 0o755 });
    await writeFile(join(root, "conf", "left-out.log"), "");
    await symlink("sub/run.sh", join(root, "conf", "link"));
    const id = await runningContainer(["sleep", "600"]);
    const source = join(root, "conf");
    await client.copyToContainer({ container: id, path: "/tmp/app", source, ignore: ["*.log"] });
    await client.copyToContainer({ container: id, path: "/tmp/", source });
    const ls = await client.execute({ container: id, cmd: ["sh", "-c", "cd /tmp && find app conf | sort"] });
    expect(ls.stdoutText.split("\n")).toEqual([
      ...["app", "app/link", "app/sub", "app/sub/run.sh"],
      ...["conf", "conf/left-out.log", "conf/link", "conf/sub", "conf/sub/run.sh"],
    ]);
    expect((await client.execute({ container: id, cmd: ["/tmp/app/link"] })).stdoutText).toBe("ran");
  });

  it("creates parent directories with makeParents, even through symbolic links", async (context) => {
    notOnPodman(context, "always creates parent directories of a copied file");
    const id = await stopped();
    await client.copyToContainer({
      container: id,
      path: "/tmp",
      entries: [
        { name: "real", directory: true },
        { name: "link", linkTo: "real" },
      ],
    });
    const missing = { container: id, path: "/tmp/link/a/b/file", content: "x" };
    await expect(client.copyToContainer(missing)).rejects.toThrow(NoSuchPathError);
    await client.copyToContainer({ ...missing, makeParents: true });
    expect(await contentOf(id, "/tmp/real/a/b/file")).toBe("x");
  });

  it("rejects a missing container and a missing source", async () => {
    const name = uniqueName();
    await expect(client.copyToContainer({ container: name, path: "/a", content: "" })).rejects.toThrow(NoSuchContainerError);
    const failing = client.copyToContainer({ container: await stopped(), path: "/tmp/a", source: "/no/such/file" });
    await expect(failing).rejects.toThrow(ArchiveError);
  });
});

describe("copyFromContainer", () => {
  it("extracts to a local directory", async () => {
    const id = await stopped();
    await client.copyToContainer({
      container: id,
      path: "/tmp",
      entries: [
        { name: "out/sub/file", content: "content", mode: 0o640 },
        { name: "out/link", linkTo: "sub/file" },
      ],
    });
    const target = join(await folder(), "made");
    const summary = await client.copyFromContainer({ container: id, resource: "/tmp/out", target });
    expect(summary).toMatchObject({ entries: 4, bytes: 7 });
    expect(await readFile(join(target, "out", "sub", "file"), "utf8")).toBe("content");
    expect((await stat(join(target, "out", "sub", "file"))).mode & 0o777).toBe(0o640);
    expect(await readlink(join(target, "out", "link"))).toBe("sub/file");
    await client.copyFromContainer({ container: id, resource: "/tmp/out/.", target: join(target, "content") });
    expect((await readdir(join(target, "content"))).sort()).toEqual(["link", "sub"]);
  });

  it("returns an archive with the last path element as the entry name", async () => {
    const id = await stopped();
    const outputStream = new PassThrough();
    const names = (async () => {
      const found: string[] = [];
      for await (const { name } of readArchive(outputStream)) found.push(name);
      return found;
    })();
    await client.copyFromContainer({ container: id, resource: "/etc/passwd", outputStream });
    outputStream.end();
    expect(await names).toEqual(["passwd"]);
    const archive = await client.copyFromContainer({ container: id, resource: "/etc/passwd" });
    for await (const { name } of readArchive(archive)) expect(name).toBe("passwd");
  });

  it("rejects a missing container and a missing path", async () => {
    const failing = client.copyFromContainer({ container: await stopped(), resource: "/nope", target: "/nowhere" });
    await expect(failing).rejects.toThrow(NoSuchPathError);
    await expect(client.copyFromContainer({ container: uniqueName(), resource: "/" })).rejects.toThrow(NoSuchContainerError);
  });
});

describe("readContainerFile", () => {
  it("returns a file's content and follows symbolic links", async () => {
    const id = await stopped();
    await client.copyToContainer({
      container: id,
      path: "/tmp",
      entries: [
        { name: "file", content: Buffer.alloc(200_000, "x") },
        { name: "one", linkTo: "two" },
        { name: "two", linkTo: "../tmp/file" },
        { name: "broken", linkTo: "nothing" },
      ],
    });
    expect(await contentOf(id, "/tmp/one")).toHaveLength(200_000);
    await expect(contentOf(id, "/tmp/broken")).rejects.toThrow(NoSuchPathError);
    await expect(contentOf(id, "/tmp")).rejects.toThrow(ArchiveError);
    await expect(client.readContainerFile({ container: id, path: "/tmp/one", limit: 199_999 })).rejects.toThrow(ArchiveError);
  });
});
