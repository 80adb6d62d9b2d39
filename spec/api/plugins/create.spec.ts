import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, it, onTestFinished } from "vitest";
import type { CreatePluginOptions } from "../../../lib/api/plugins/create.js";
import { readArchive } from "../../../lib/archive/index.js";
import { BadRequestError, ServerError } from "../../../lib/errors/api-error.js";
import { NoSuchPluginError, PluginAlreadyExistsError } from "../../../lib/errors/plugin-errors.js";
import { InputStreamError, InvalidOptionError, UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tsdc-plugin-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** A plugin folder that also contains unrelated files. */
async function pluginFolder(): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, "rootfs/bin"), { recursive: true });
  await mkdir(join(folder, "rootfs/run"));
  await writeFile(join(folder, "rootfs/bin/driver"), "#!/bin/sh\n", { mode: 0o755 });
  await symlink("driver", join(folder, "rootfs/bin/alias"));
  await writeFile(join(folder, "rootfs/config.json"), "not the plugin's");
  await writeFile(join(folder, "config.json"), '{"description":"volumes"}');
  await writeFile(join(folder, "README.md"), "not sent");
  await mkdir(join(folder, ".git"));
  await writeFile(join(folder, ".git/config"), "not sent");
  return folder;
}

/** The names and contents of the entries of an archive. */
async function entriesOf(archive: Buffer): Promise<Record<string, string>> {
  const entries: Record<string, string> = {};
  for await (const entry of readArchive(Readable.from([archive]))) {
    const { name, type, linkname = "" } = entry;
    entries[name.replace(/\/$/, "")] = type === "symlink" ? `-> ${linkname}` : (await entry.buffer()).toString();
  }
  return entries;
}

describe("Client.createPlugin", () => {
  it("sends only the configuration and the root file system from a folder", async () => {
    const { client, lines, requests } = await recordingDaemon({ status: 204 });
    await client.createPlugin({ name: "registry:5000/volumes:1", path: await pluginFolder() });
    expect(lines()).toEqual(["POST /v1.51/plugins/create?name=registry%3A5000%2Fvolumes%3A1"]);
    expect(requests[0]?.headers["content-type"]).toBe("application/x-tar");
    expect(await entriesOf(requests[0]?.body ?? Buffer.alloc(0))).toEqual({
      "config.json": '{"description":"volumes"}',
      rootfs: "",
      "rootfs/bin": "",
      "rootfs/bin/alias": "-> driver",
      "rootfs/bin/driver": "#!/bin/sh\n",
      "rootfs/config.json": "not the plugin's",
      "rootfs/run": "",
    });
  });

  it("sends a stream unchanged", async () => {
    const { client, lines, requests } = await recordingDaemon({ status: 204 });
    const inputStream = Readable.from([Buffer.from("an "), Buffer.from("archive")]);
    await client.createPlugin({ name: "volumes", inputStream });
    expect(lines()).toEqual(["POST /v1.51/plugins/create?name=volumes"]);
    expect(requests[0]?.headers["content-type"]).toBe("application/x-tar");
    expect(requests[0]?.body.toString()).toBe("an archive");
  });

  it.each<[string, (folder: string) => Promise<unknown>, string]>([
    ["is empty", () => Promise.resolve(), "config.json"],
    ["has no root file system", (folder) => writeFile(join(folder, "config.json"), "{}"), "rootfs"],
    [
      "has a file in place of the root file system",
      async (folder) => {
        await writeFile(join(folder, "config.json"), "{}");
        await writeFile(join(folder, "rootfs"), "");
      },
      "rootfs must be a folder",
    ],
    ["has a folder in place of the configuration", (folder) => mkdir(join(folder, "config.json")), "config.json must be a file"],
  ])("rejects a folder that %s", async (_what, prepare, said) => {
    const path = await temporaryFolder();
    await prepare(path);
    const { client, lines } = await recordingDaemon();
    const error = await client.createPlugin({ name: "volumes", path }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(error).toMatchObject({ option: "path", operation: "createPlugin", message: expect.stringContaining(said) as string });
    expect(lines()).toEqual([]);
  });

  it.each<[string, Partial<CreatePluginOptions>, string]>([
    ["a missing folder", { path: "/nonexistent" }, "path"],
    ["a call without a source", {}, "path"],
    ["a folder and a stream", { path: "/tmp", inputStream: Readable.from([]) }, "inputStream"],
    ["a missing name", { name: undefined, inputStream: Readable.from([]) }, "name"],
  ])("rejects %s", async (_what, options, option) => {
    const { client, lines } = await recordingDaemon();
    const given: CreatePluginOptions = { name: "volumes", ...options };
    const error = await client.createPlugin(given).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(error).toMatchObject({ option, operation: "createPlugin" });
    expect(lines()).toEqual([]);
  });

  it("reports an empty name as an invalid plugin", async () => {
    const { client, lines } = await recordingDaemon();
    const creation = client.createPlugin({ name: "", inputStream: Readable.from([]) });
    await expect(creation).rejects.toBeInstanceOf(NoSuchPluginError);
    expect(lines()).toEqual([]);
  });

  it.each([
    [409, "plugin volumes:latest already exists", PluginAlreadyExistsError],
    [500, "failed to parse reference UPPER: invalid reference format: repository name must be lowercase", BadRequestError],
    [500, "canonical references are not permitted", BadRequestError],
    [500, "failed to parse config: unexpected end of JSON input", BadRequestError],
    [500, "config not found", BadRequestError],
    [500, "no rootfs found: EOF", BadRequestError],
    [500, "failed to read from tar: archive/tar: invalid tar header", BadRequestError],
    [500, "disk on fire", ServerError],
  ])("maps %i %s to a typed error", async (status, message, expected) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    const creation = client.createPlugin({ name: "volumes", inputStream: Readable.from([Buffer.from("x")]) });
    const error = await creation.catch((e: unknown) => e);
    expect(error).toBeInstanceOf(expected);
    expect(error).toMatchObject({ status, reason: message, operation: "createPlugin" });
  });

  it("rejects when the stream fails", async () => {
    const { client } = await recordingDaemon({ handle: (request) => void request.resume() });
    const inputStream = new Readable({ read: () => undefined });
    const result = client.createPlugin({ name: "volumes", inputStream }).catch((e: unknown) => e);
    inputStream.destroy(new Error("no more"));
    expect(await result).toBeInstanceOf(InputStreamError);
  });

  it("requires API 1.25", async () => {
    const { client, lines } = await recordingDaemon({}, { apiVersion: "1.24" });
    const creation = client.createPlugin({ name: "volumes", inputStream: Readable.from([]) });
    await expect(creation).rejects.toBeInstanceOf(UnsupportedVersionError);
    expect(lines()).toEqual([]);
  });
});
