import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { packEntries, type PackEntry } from "../../../../lib/archive/pack-entries.js";
import { readArchive } from "../../../../lib/archive/read-archive.js";
import { BadRequestError, ForbiddenError } from "../../../../lib/errors/api-error.js";
import { NoSuchContainerError, NoSuchPathError } from "../../../../lib/errors/container-errors.js";
import { GoFileMode } from "../../../../lib/types/container-results.js";
import { client, container, runningContainer, uniqueName, useEngine } from "../../../support/engine.js";
import { notOnPodman } from "../../../support/images.js";

useEngine();

const stopped = () => container({ Cmd: ["true"] });

const upload = (id: string, path: string, entries: PackEntry[]) =>
  client.uploadToContainer({ container: id, path, inputStream: packEntries(entries) });

async function namesOf(id: string, path: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of readArchive(await client.downloadFromContainer({ container: id, path }))) names.push(name);
  return names;
}

describe("archives", () => {
  it("are uploaded and downloaded", async () => {
    const id = await stopped();
    await upload(id, "/tmp", [
      { name: "kept/a b&c", content: "héllo", mode: 0o640 },
      { name: "kept/link", linkTo: "a b&c" },
    ]);
    expect(await namesOf(id, "/tmp/kept")).toEqual([expect.stringMatching(/^kept\/?$/), "kept/a b&c", "kept/link"]);
    expect(await namesOf(id, "/tmp/kept/a b&c")).toEqual(["a b&c"]);
    for await (const entry of readArchive(await client.downloadFromContainer({ container: id, path: "/tmp/kept/a b&c" }))) {
      expect([entry.mode, (await entry.buffer()).toString()]).toEqual([0o640, "héllo"]);
    }
  });

  it("are written to outputStream", async () => {
    const id = await stopped();
    const outputStream = new PassThrough();
    const reading = (async () => {
      let names = 0;
      for await (const entry of readArchive(outputStream)) names += entry.name === "" ? 0 : 1;
      return names;
    })();
    await client.downloadFromContainer({ container: id, path: "/bin", outputStream });
    outputStream.end();
    expect(await reading).toBeGreaterThan(1);
  });

  const ownerOf = async (options: { copyUIDGID?: boolean }) => {
    const id = await runningContainer(["sleep", "600"]);
    const entries = [{ name: "owned", content: "", uid: 1234, gid: 56 }];
    await client.uploadToContainer({ container: id, path: "/tmp", inputStream: packEntries(entries), ...options });
    return (await client.execute({ container: id, cmd: ["stat", "-c", "%u:%g", "/tmp/owned"] })).stdoutText;
  };

  it("keep the owner from the archive", async () => {
    expect(await ownerOf({})).toBe("1234:56");
  });

  it("keep the owner from the archive with copyUIDGID", async (context) => {
    notOnPodman(context, "assigns files to root with copyUIDGID");
    expect(await ownerOf({ copyUIDGID: true })).toBe("1234:56");
  });

  it("do not replace directories with noOverwriteDirNonDir", async () => {
    const id = await stopped();
    await upload(id, "/tmp", [{ name: "dir/file", content: "" }]);
    const inputStream = packEntries([{ name: "dir", content: "" }]);
    const failing = client.uploadToContainer({ container: id, path: "/tmp", inputStream, noOverwriteDirNonDir: true });
    await expect(failing).rejects.toThrow(BadRequestError);
  });

  it("are rejected for a missing container or path", async () => {
    const id = await stopped();
    const nobody = uniqueName();
    await expect(client.downloadFromContainer({ container: nobody, path: "/" })).rejects.toThrow(NoSuchContainerError);
    await expect(client.downloadFromContainer({ container: id, path: "/nope" })).rejects.toThrow(NoSuchPathError);
    await expect(upload(nobody, "/", [])).rejects.toThrow(NoSuchContainerError);
  });

  it("are rejected for a destination that is not a directory", async (context) => {
    notOnPodman(context, "creates a missing destination directory");
    const id = await stopped();
    await expect(upload(id, "/nope", [])).rejects.toThrow(NoSuchPathError);
    await expect(upload(id, "/etc/passwd", [])).rejects.toThrow(BadRequestError);
  });

  it("are rejected before megabytes are sent", async (context) => {
    notOnPodman(context, "creates a missing destination directory");
    const big = [{ name: "big", content: Buffer.alloc(32 * 1024 * 1024) }];
    await expect(upload(await stopped(), "/nope", big)).rejects.toThrow(NoSuchPathError);
  });

  it("are rejected by a read-only container", async (context) => {
    notOnPodman(context, "accepts archives for a read-only container");
    const id = await container({ Cmd: ["true"] }, { hostConfig: { ReadonlyRootfs: true } });
    await expect(upload(id, "/tmp", [{ name: "x", content: "" }])).rejects.toThrow(ForbiddenError);
  });
});

describe("statContainerPath", () => {
  it("describes a path", async () => {
    const id = await stopped();
    await upload(id, "/tmp", [{ name: "dir/file", content: "12345", mode: 0o600, mtime: new Date("2020-02-03T04:05:06Z") }]);
    const file = await client.statContainerPath({ container: id, path: "/tmp/dir/file" });
    expect(file).toMatchObject({ name: "file", size: 5 });
    expect(file.mode & GoFileMode.Permissions).toBe(0o600);
    expect(new Date(file.mtime)).toEqual(new Date("2020-02-03T04:05:06Z"));
    const directory = await client.statContainerPath({ container: id, path: "/tmp/dir" });
    expect(directory.mode & GoFileMode.Directory).not.toBe(0);
  });

  it("describes a symbolic link", async (context) => {
    notOnPodman(context, "describes the target of a symbolic link instead of the link");
    const id = await stopped();
    await upload(id, "/tmp", [
      { name: "dir/file", content: "12345" },
      { name: "link", linkTo: "dir/file" },
    ]);
    const link = await client.statContainerPath({ container: id, path: "/tmp/link" });
    expect(link).toMatchObject({ name: "link", linkTarget: "/tmp/dir/file" });
    expect(link.mode & GoFileMode.Symlink).not.toBe(0);
  });

  it("rejects a missing path and a missing container", async () => {
    const id = await stopped();
    await expect(client.statContainerPath({ container: id, path: "/nope" })).rejects.toThrow(NoSuchPathError);
    await expect(client.statContainerPath({ container: uniqueName(), path: "/" })).rejects.toThrow(NoSuchContainerError);
  });
});
