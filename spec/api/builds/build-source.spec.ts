import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BuildImageOptions } from "../../../lib/api/builds/build-options.js";
import { readArchive } from "../../../lib/archive/read-archive.js";
import {
  ArchiveError,
  InputStreamError,
  InvalidOptionError,
  MissingRepoError,
  MultipleContextsError,
  UnsupportedVersionError,
} from "../../../lib/errors/usage-errors.js";
import { progressAnswer } from "../../support/progress-answer.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

const built = progressAnswer({ aux: { ID: `sha256:${"ab".repeat(32)}` } });

let folder: string;
let context: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tsdc-build-"));
  context = join(folder, "context");
  await mkdir(join(context, "docker"), { recursive: true });
  await writeFile(join(context, "Dockerfile"), "FROM scratch\n");
  await writeFile(join(context, "docker", "Other"), "FROM other\n");
  await writeFile(join(context, "kept.txt"), "kept");
  await writeFile(join(context, "left-out.txt"), "left out");
  await writeFile(join(context, ".dockerignore"), "left-out.txt\n");
  await writeFile(join(folder, "Outside"), "FROM outside\n");
});
afterAll(() => rm(folder, { recursive: true }));

/** The request of a build: its query, its content type and the files of its archive. */
async function sentBy(options: BuildImageOptions) {
  const { client, requests } = await recordingDaemon(built);
  await client.buildImage(options);
  const [request] = requests;
  const files: Record<string, string> = {};
  for await (const entry of readArchive(Readable.from([request!.body]))) {
    if (entry.type === "file") files[entry.name] = (await entry.buffer()).toString();
  }
  return { query: new URLSearchParams(request!.line.split("?")[1]), files, type: request!.headers["content-type"] };
}

describe("the source of a build", () => {
  it("is a directory without its ignored files", async () => {
    const { query, files, type } = await sentBy({ contextDir: context });
    expect(Object.keys(files).sort()).toEqual([".dockerignore", "Dockerfile", "docker/Other", "kept.txt"]);
    expect(query.get("dockerfile")).toBe("Dockerfile");
    expect(type).toBe("application/x-tar");
  });

  it("is a directory with a named Dockerfile", async () => {
    const { query, files } = await sentBy({ contextDir: context, dockerfile: "docker/Other" });
    expect(query.get("dockerfile")).toBe("docker/Other");
    expect(files).toMatchObject({ "docker/Other": "FROM other\n", "kept.txt": "kept" });
  });

  it.each(["absolute", "relative"])("is a directory and a Dockerfile outside it, named by its %s path", async (kind) => {
    const dockerfile = kind === "absolute" ? join(folder, "Outside") : "../Outside";
    const { query, files } = await sentBy({ contextDir: context, dockerfile });
    expect(files[query.get("dockerfile") ?? ""]).toBe("FROM outside\n");
    expect(files).toMatchObject({ "kept.txt": "kept" });
  });

  it("is a directory and the content of a Dockerfile", async () => {
    const { query, files } = await sentBy({ contextDir: context, dockerfileContent: "FROM given\n" });
    expect(files[query.get("dockerfile") ?? ""]).toBe("FROM given\n");
    expect(files).toMatchObject({ "kept.txt": "kept" });
  });

  it.each(["FROM given\n", Buffer.from("FROM given\n")])("is a Dockerfile without a context", async (dockerfileContent) => {
    const { query, files, type } = await sentBy({ dockerfileContent });
    expect(files).toEqual({ Dockerfile: "FROM given\n" });
    expect(query.get("dockerfile")).toBeNull();
    expect(type).toBe("application/x-tar");
  });

  it("is the same archive for the same Dockerfile", async () => {
    const { client, requests } = await recordingDaemon(built);
    await client.buildImage({ dockerfileContent: "FROM given\n" });
    await client.buildImage({ dockerfileContent: "FROM given\n" });
    expect(requests[0]?.body.equals(requests[1]!.body)).toBe(true);
  });

  it("is an archive, sent unchanged", async () => {
    const { client, requests, lines } = await recordingDaemon(built);
    const inputStream = Readable.from([Buffer.from("any "), Buffer.from("bytes")]);
    await client.buildImage({ inputStream, dockerfile: "docker/Other" });
    expect(lines()).toEqual(["POST /v1.51/build?dockerfile=docker%2FOther"]);
    expect(requests[0]?.body.toString()).toBe("any bytes");
    expect(requests[0]?.headers["content-type"]).toBe("application/x-tar");
  });

  it("is a remote address, without an upload", async () => {
    const { client, requests, lines } = await recordingDaemon(built);
    await client.buildImage({ remote: "https://example.com/app.git#main:sub", dockerfile: "x" });
    expect(lines()).toEqual(["POST /v1.51/build?dockerfile=x&remote=https%3A%2F%2Fexample.com%2Fapp.git%23main%3Asub"]);
    expect(requests[0]?.body.length).toBe(0);
  });

  it.each<[BuildImageOptions]>([[{}], [{ name: "x" }], [{ remote: "" }], [{ contextDir: "", dockerfile: "x" }]])(
    "is missing in %j",
    async (options) => {
      const { client, lines } = await recordingDaemon();
      await expect(client.buildImage(options)).rejects.toBeInstanceOf(MissingRepoError);
      expect(lines()).toEqual([]);
    },
  );

  it.each<[BuildImageOptions, string]>([
    [{ contextDir: ".", remote: "x" }, '"contextDir" and "remote"'],
    [{ contextDir: ".", inputStream: Readable.from([]) }, '"contextDir" and "inputStream"'],
    [{ inputStream: Readable.from([]), remote: "x" }, '"inputStream" and "remote"'],
    [{ inputStream: Readable.from([]), dockerfileContent: "x" }, '"inputStream" and "dockerfileContent"'],
    [{ remote: "x", dockerfileContent: "" }, '"remote" and "dockerfileContent"'],
  ])("is rejected when it is ambiguous: case %#", async (options, names) => {
    const { client, lines } = await recordingDaemon();
    const error = await client.buildImage(options).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(MultipleContextsError);
    expect(error).toMatchObject({ message: `buildImage accepts one source: set only one of ${names}` });
    expect(lines()).toEqual([]);
  });

  it.each<[string, () => BuildImageOptions, string]>([
    ["missing directory", () => ({ contextDir: join(folder, "nowhere") }), "contextDir"],
    ["missing Dockerfile", () => ({ contextDir: context, dockerfile: "Nowhere" }), "dockerfile"],
    ["two Dockerfiles", () => ({ contextDir: context, dockerfile: "Dockerfile", dockerfileContent: "x" }), "dockerfileContent"],
    ["two Dockerfiles without a context", () => ({ dockerfile: "Dockerfile", dockerfileContent: "x" }), "dockerfileContent"],
  ])("is invalid: %s", async (_what, options, option) => {
    const { client, lines } = await recordingDaemon();
    const error = await client.buildImage(options()).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(error).toMatchObject({ option });
    expect(lines()).toEqual([]);
  });

  it("is not sent when an option is rejected", async () => {
    const { client, lines } = await recordingDaemon({}, { apiVersion: "1.24" });
    const error = await client.buildImage({ contextDir: context, target: "x" }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(UnsupportedVersionError);
    expect(lines()).toEqual([]);
  });

  it("is rejected with an error that names the unreadable file", async () => {
    const damaged = await mkdtemp(join(folder, "damaged-"));
    await writeFile(join(damaged, "Dockerfile"), "FROM scratch\n");
    await writeFile(Buffer.concat([Buffer.from(join(damaged, "name-")), Buffer.from([0xff])]), "");
    const { client } = await recordingDaemon(built);
    const error = await client.buildImage({ contextDir: damaged }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ArchiveError);
    expect(error).toMatchObject({ message: expect.stringContaining("name-\ufffd") });
  });

  it("is rejected when its stream fails at once", async () => {
    const { client } = await recordingDaemon({ handle: (request) => void request.resume() });
    const inputStream = new Readable({ read: () => undefined });
    const result = client.buildImage({ inputStream }).catch((e: unknown) => e);
    inputStream.destroy(new Error("no more"));
    const error = await result;
    expect(error).toBeInstanceOf(InputStreamError);
    expect(error).toMatchObject({ operation: "buildImage", cause: new Error("no more") });
  });
});
