import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";
import { packEntries, type PackEntry } from "../../../lib/archive/pack-entries.js";
import { readArchive } from "../../../lib/archive/read-archive.js";
import { NoSuchContainerError, NoSuchPathError } from "../../../lib/errors/container-errors.js";
import { ArchiveError, InputStreamError, InvalidOptionError } from "../../../lib/errors/usage-errors.js";
import { GoFileMode } from "../../../lib/types/container-results.js";
import { type Answer, type RecordedRequest, recordingDaemon } from "../../support/recording-daemon.js";

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "tsdc-copy-"));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

/** The entries of a sent archive: type, name, mode, and content or target. */
async function entriesOf(request: RecordedRequest | undefined): Promise<string[]> {
  const entries: string[] = [];
  for await (const entry of readArchive(Readable.from([request?.body ?? Buffer.alloc(0)]))) {
    const content = entry.linkname ?? (await entry.buffer()).toString();
    entries.push(`${entry.type ?? ""} ${entry.name} ${entry.mode.toString(8)} ${content}`.trim());
  }
  return entries;
}

function statHeader(linkTarget?: string): Record<string, string> {
  // Podman also reports a target for files that are not links
  const link = linkTarget === undefined ? { mode: 0o644, linkTarget: "/x" } : { mode: GoFileMode.Symlink | 0o777, linkTarget };
  const stat = JSON.stringify({ name: "x", size: 0, mtime: "", ...link });
  return { "X-Docker-Container-Path-Stat": Buffer.from(stat).toString("base64") };
}

const tarOf = (...entries: PackEntry[]) => buffer(packEntries(entries));

describe("Client.copyToContainer", () => {
  it.each([
    ["a string", () => "héllo"],
    ["bytes", () => new Uint8Array(Buffer.from("héllo"))],
    ["a stream", () => Readable.from([Buffer.from("héllo")])],
  ])("creates a file from %s", async (_, content) => {
    const { client, requests, lines } = await recordingDaemon();
    await client.copyToContainer({ container: "we b", path: "/etc/app/a.json", content: content(), mode: 0o600 });
    expect(lines()).toEqual(["PUT /v1.51/containers/we%20b/archive?path=%2Fetc%2Fapp"]);
    expect(requests[0]?.headers["content-type"]).toBe("application/x-tar");
    expect(await entriesOf(requests[0])).toEqual(["file a.json 600 héllo"]);
  });

  it("copies a local directory or file under its own or a new name", async () => {
    const root = await folder();
    await mkdir(join(root, "conf"));
    await writeFile(join(root, "conf", "a"), "1", { mode: 0o640 });
    await writeFile(join(root, "conf", "b.map"), "2");
    const { client, requests, lines } = await recordingDaemon();
    const source = join(root, "conf");
    await client.copyToContainer({ container: "web", path: "/etc/app", source, ignore: ["*.map"] });
    await client.copyToContainer({ container: "web", path: "/etc/", source, ignore: ["*.map"] });
    await client.copyToContainer({ container: "web", path: "one", source: join(source, "a") });
    expect(lines().map((line) => line.replace(/.*path=/, ""))).toEqual(["%2Fetc", "%2Fetc%2F", "."]);
    expect(await Promise.all(requests.map(entriesOf))).toEqual([
      ["directory app/ 755", "file app/a 640 1"],
      ["directory conf/ 755", "file conf/a 640 1"],
      ["file one 640 1"],
    ]);
  });

  it("copies entries and forwards the options", async () => {
    const { client, requests, lines } = await recordingDaemon();
    const entries: PackEntry[] = [
      { name: "a", content: "1" },
      { name: "d", directory: true },
      { name: "l", linkTo: "a" },
    ];
    await client.copyToContainer({ container: "web", path: "/srv", entries, noOverwriteDirNonDir: true, copyUIDGID: true });
    expect(lines()).toEqual(["PUT /v1.51/containers/web/archive?copyUIDGID=1&noOverwriteDirNonDir=1&path=%2Fsrv"]);
    expect(await entriesOf(requests[0])).toEqual(["file a 644 1", "directory d/ 755", "symlink l 777 a"]);
  });

  it("creates missing parent directories", async () => {
    const root = await folder();
    const { client, requests, lines } = await recordingDaemon(({ line }): Answer => {
      if (line.startsWith("GET")) return { body: {} };
      return line.startsWith("HEAD") && !line.endsWith("path=%2Fsrv") ? { status: 404 } : { headers: statHeader() };
    });
    await client.copyToContainer({ container: "web", path: "/srv/a/b/file", content: "x", makeParents: true });
    const asked = lines().filter((line) => !line.startsWith("GET"));
    expect(asked.map((line) => line.replace("/v1.51/containers/web/archive?path=", ""))).toEqual([
      "HEAD %2Fsrv%2Fa%2Fb",
      "HEAD %2Fsrv%2Fa",
      "HEAD %2Fsrv",
      "PUT %2Fsrv",
    ]);
    expect(await entriesOf(requests.at(-1))).toEqual(["file a/b/file 644 x"]);
    await client.copyToContainer({ container: "web", path: "/srv/c/", source: root, makeParents: true });
    expect(await entriesOf(requests.at(-1))).toEqual([expect.stringMatching(/^directory c\/tsdc-copy-\w+\/ 700$/)]);
  });

  it("rejects a missing parent without makeParents, and a missing container", async () => {
    const { client } = await recordingDaemon({ status: 404, body: { message: "Could not find the file /srv in container web" } });
    const content = Readable.from(["x"]);
    await expect(client.copyToContainer({ container: "web", path: "/srv/x", content })).rejects.toThrow(NoSuchPathError);
    expect(content.destroyed).toBe(true);
    const other = await recordingDaemon({ status: 404, body: { message: "No such container: web" } });
    const failing = other.client.copyToContainer({ container: "web", path: "/srv/x", content: "x", makeParents: true });
    await expect(failing).rejects.toThrow(NoSuchContainerError);
  });

  it("rejects when even the root directory is missing", async () => {
    const { client } = await recordingDaemon(({ line }) => (line.startsWith("HEAD") ? { status: 404 } : { body: {} }));
    const failing = client.copyToContainer({ container: "web", path: "/a/b", content: "x", makeParents: true });
    await expect(failing).rejects.toMatchObject({ name: "NoSuchPathError", containerPath: "/" });
  });

  it.each([
    ["content", { path: "/a" }],
    ["content", { path: "/a", content: "x", source: "y" }],
    ["path", { path: "", content: "x" }],
    ["path", { path: "/etc/", content: "x" }],
    ["path", { path: "/etc/.", content: "x" }],
    ["path", { path: "..", content: "x" }],
  ])("rejects an invalid %s: %o", async (option, options) => {
    const { client, requests } = await recordingDaemon();
    const failing = client.copyToContainer({ container: "web", ...options });
    await expect(failing).rejects.toThrow(InvalidOptionError);
    await expect(failing).rejects.toMatchObject({ option, operation: "copyToContainer" });
    expect(requests).toEqual([]);
  });

  it("rejects when a source fails", async () => {
    const { client } = await recordingDaemon();
    const missing = client.copyToContainer({ container: "web", path: "/a", source: "/no/such/file" });
    await expect(missing).rejects.toThrow(ArchiveError);
    await expect(missing).rejects.toThrow("/no/such/file");
    const content = new PassThrough();
    content.destroy(new Error("gone"));
    await expect(client.copyToContainer({ container: "web", path: "/a", content })).rejects.toThrow(InputStreamError);
    const entries = [{ name: "a", content: Readable.from(["12345"]), size: 3 }];
    await expect(client.copyToContainer({ container: "web", path: "/a", entries })).rejects.toThrow(InputStreamError);
  });
});

describe("Client.copyFromContainer", () => {
  it("returns the archive or writes it to a stream", async () => {
    const { client, lines } = await recordingDaemon({ body: "tar" });
    expect(await text(await client.copyFromContainer({ container: "we b", resource: "/etc/x" }))).toBe("tar");
    const outputStream = new PassThrough();
    await client.copyFromContainer({ container: "web", resource: "", outputStream });
    outputStream.end();
    expect(await text(outputStream)).toBe("tar");
    expect(lines()).toEqual(["GET /v1.51/containers/we%20b/archive?path=%2Fetc%2Fx", "GET /v1.51/containers/web/archive?path="]);
  });

  it("extracts into a local directory", async () => {
    const target = join(await folder(), "made");
    const body = await tarOf({ name: "d", directory: true }, { name: "d/a", content: "1" }, { name: "d/l", linkTo: "a" });
    const { client } = await recordingDaemon({ body });
    const summary = await client.copyFromContainer({
      container: "web",
      resource: "/d",
      target,
      extract: { filter: ({ type }) => type !== "symlink" },
    });
    expect(summary).toEqual({ entries: 2, bytes: 1, skipped: 1 });
    expect(await readFile(join(target, "d", "a"), "utf8")).toBe("1");
  });

  it("writes nothing outside the directory", async () => {
    const root = await folder();
    await mkdir(join(root, "target"));
    await symlink(root, join(root, "target", "out"));
    const { client } = await recordingDaemon({ body: await tarOf({ name: "out/a", content: "1" }) });
    const failing = client.copyFromContainer({ container: "web", resource: "/d", target: join(root, "target") });
    await expect(failing).rejects.toThrow(ArchiveError);
    await expect(readFile(join(root, "a"))).rejects.toThrow("ENOENT");
    await expect.poll(() => client.connections()).toBe(0);
  });

  it("rejects target together with outputStream", async () => {
    const { client, requests } = await recordingDaemon();
    const failing = client.copyFromContainer({ container: "web", resource: "/", target: "x", outputStream: new PassThrough() });
    await expect(failing).rejects.toMatchObject({ name: "InvalidOptionError", option: "target" });
    expect(requests).toEqual([]);
  });

  it("distinguishes a missing path from a missing container", async () => {
    const path = await recordingDaemon({ status: 404, body: { message: "Could not find the file /x in container web" } });
    await expect(path.client.copyFromContainer({ container: "web", resource: "/x" })).rejects.toThrow(NoSuchPathError);
    const container = await recordingDaemon({ status: 404, body: { message: "No such container: web" } });
    await expect(container.client.copyFromContainer({ container: "web", resource: "/x" })).rejects.toThrow(NoSuchContainerError);
    await expect(container.client.copyFromContainer({ container: "", resource: "/x" })).rejects.toThrow(NoSuchContainerError);
  });
});

describe("Client.readContainerFile", () => {
  it("returns the content of a file and follows symbolic links", async () => {
    const links: Record<string, string> = { "/a/link": "../b/other", "/b/other": "/c/file" };
    const body = await tarOf({ name: "file", content: "content" });
    const { client, lines } = await recordingDaemon(({ line }) => {
      const path = decodeURIComponent(line.replace(/.*path=/, ""));
      return { headers: statHeader(links[path]), body: links[path] === undefined ? body : "tar" };
    });
    expect((await client.readContainerFile({ container: "web", path: "/a/link" })).toString()).toBe("content");
    expect(lines().map((line) => line.replace(/.*path=/, ""))).toEqual(["%2Fa%2Flink", "%2Fb%2Fother", "%2Fc%2Ffile"]);
    await expect.poll(() => client.connections()).toBe(0);
  });

  it("limits the number of symbolic links", async () => {
    const { client, requests } = await recordingDaemon({ headers: statHeader("/a"), body: "tar" });
    const failing = client.readContainerFile({ container: "web", path: "/a" });
    await expect(failing).rejects.toThrow("/a in container web resolves through more than 40 symbolic links");
    expect(requests).toHaveLength(40);
  });

  it("rejects large files and directories", async () => {
    const { client } = await recordingDaemon({ headers: statHeader(), body: await tarOf({ name: "file", content: "content" }) });
    await expect(client.readContainerFile({ container: "web", path: "/file", limit: 6 })).rejects.toThrow(ArchiveError);
    const other = await recordingDaemon({ headers: statHeader(), body: await tarOf({ name: "d", directory: true }) });
    await expect(other.client.readContainerFile({ container: "web", path: "/d" })).rejects.toThrow('"d/" is a directory');
  });

  it("rejects a missing file", async () => {
    const { client } = await recordingDaemon({ status: 404, body: { message: "Could not find the file /x in container web" } });
    await expect(client.readContainerFile({ container: "web", path: "/x" })).rejects.toThrow(NoSuchPathError);
  });
});
