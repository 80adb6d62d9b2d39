import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";
import { packEntries } from "../../../../lib/archive/pack-entries.js";
import { AbortError } from "../../../../lib/errors/connection-errors.js";
import { BuildError } from "../../../../lib/errors/stream-errors.js";
import { InputStreamError, InvalidOptionError } from "../../../../lib/errors/usage-errors.js";
import { client, container, IMAGE, needsApi, uniqueName, useEngine } from "../../../support/engine.js";
import {
  dockerfile,
  fileIn,
  leftoversRemovedAtEnd,
  needsBuildKit,
  notOnPodman,
  removedAtEnd,
  repositoryName,
} from "../../../support/images.js";

useEngine();
leftoversRemovedAtEnd();

const bare = (id: string) => id.replace("sha256:", "");

/** Creates a build context that is removed when the test finishes. */
async function contextDir(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tsdc-context-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(folder, name, ".."), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

describe("buildImage", () => {
  it("builds from a directory and applies all names", async () => {
    const folder = await contextDir({
      Dockerfile: dockerfile("COPY . /context/"),
      "kept.txt": "kept",
      "sub/kept.txt": "kept too",
      "left-out.txt": "left out",
      ".dockerignore": "left-*\n",
    });
    await symlink("kept.txt", join(folder, "link"));
    const repository = repositoryName();
    const name = [removedAtEnd(`${repository}:1`), removedAtEnd(`${repository}:2`)];
    const { imageId, tags } = await client.buildImage({ contextDir: folder, name });
    expect([...tags].sort()).toEqual(name);
    const image = await client.inspectImage({ name: imageId });
    expect([...image.RepoTags].sort()).toEqual(name);
    expect(bare(image.Id)).toBe(bare(imageId));
    expect(await fileIn(imageId, "/context/link")).toBe("kept");
    expect(await fileIn(imageId, "/context/sub/kept.txt")).toBe("kept too");
    expect(await fileIn(imageId, "/context/left-out.txt")).toBe("");
  });

  it.each(["inside", "outside"])("uses a Dockerfile %s the directory", async (where) => {
    const folder = await contextDir({
      "context/file": "content",
      "context/docker/Here": dockerfile("COPY file /file", "ENV PLACE=inside"),
    });
    const outside = join(folder, "There");
    await writeFile(outside, dockerfile("COPY file /file", "ENV PLACE=outside"));
    const name = removedAtEnd(`${repositoryName()}:1`);
    const path = where === "inside" ? "docker/Here" : outside;
    await client.buildImage({ contextDir: join(folder, "context"), dockerfile: path, name });
    expect((await client.inspectImage({ name })).Config?.Env).toContain(`PLACE=${where}`);
    expect(await fileIn(name, "/file")).toBe("content");
  });

  it("builds from an archive", async () => {
    const name = removedAtEnd(`${repositoryName()}:1`);
    const inputStream = packEntries([
      { name: "docker/Other", content: dockerfile("COPY file /file") },
      { name: "file", content: "content" },
    ]);
    await client.buildImage({ inputStream, dockerfile: "docker/Other", name });
    expect(await fileIn(name, "/file")).toBe("content");
  });

  it("applies arguments, labels, a target and limits", async () => {
    const content = [
      `FROM ${IMAGE} AS first`,
      "ARG GIVEN=default",
      "ARG ABSENT=default",
      'RUN echo "$GIVEN,$ABSENT" > /args',
      "FROM first",
      "ENV STAGE=second",
      "",
    ].join("\n");
    const name = removedAtEnd(`${repositoryName()}:1`);
    await client.buildImage({
      dockerfileContent: content,
      name,
      buildArgs: { GIVEN: uniqueName("given") },
      labels: { "spec.build": "yes" },
      target: "first",
      noCache: true,
      rmTmpContainer: true,
      forceRmTmpContainer: true,
      memory: 64 * 1024 * 1024,
      cpuShares: 512,
      shmSize: 1024 * 1024,
      networkMode: "none",
    });
    const { Config } = await client.inspectImage({ name });
    expect(Config?.Labels).toMatchObject({ "spec.build": "yes" });
    expect(Config?.Env ?? []).not.toContain("STAGE=second");
    expect(await fileIn(name, "/args")).toMatch(/^tsdc-given-\w+,default\n$/);
  });

  it("applies extra hosts and limits to the steps", async (context) => {
    notOnPodman(context, "expects extraHosts and ulimits of a build in a custom format");
    const name = removedAtEnd(`${repositoryName()}:1`);
    await client.buildImage({
      dockerfileContent: dockerfile("RUN cat /etc/hosts > /steps; ulimit -n >> /steps"),
      name,
      extraHosts: ["db:10.1.2.3", "web:10.1.2.4"],
      ulimits: [{ Name: "nofile", Soft: 128, Hard: 256 }],
    });
    const told = await fileIn(name, "/steps");
    expect(told).toMatch(/^10\.1\.2\.3\s+db$/m);
    expect(told).toMatch(/^10\.1\.2\.4\s+web$/m);
    expect(told).toMatch(/^128$/m);
  });

  it("reports progress while it runs", async () => {
    const outputStream = new PassThrough();
    const printed = text(outputStream);
    const build = client.buildImage({ dockerfileContent: dockerfile("RUN echo hello from the build && sleep 1"), outputStream });
    let streamed = "";
    for await (const { stream = "" } of build) streamed += stream;
    const { imageId } = await build;
    removedAtEnd(imageId);
    outputStream.end();
    expect(streamed).toMatch(/^hello from the build$/m);
    expect(await printed).toMatch(/^hello from the build$/m);
    expect((await client.inspectImage({ name: imageId })).Os).toBe("linux");
  });

  it("reports only the ID with suppressOutput", async () => {
    const messages: unknown[] = [];
    const { imageId } = await client.buildImage({
      dockerfileContent: dockerfile("RUN echo hello from the build"),
      suppressOutput: true,
      onProgress: (message) => messages.push(message),
    });
    removedAtEnd(imageId);
    expect(JSON.stringify(messages)).not.toContain("hello");
    expect(bare((await client.inspectImage({ name: imageId })).Id)).toBe(bare(imageId));
  });

  it("reuses the build cache", async () => {
    const dockerfileContent = dockerfile("RUN head -c 16 /dev/urandom > /random");
    const [one, two] = [await client.buildImage({ dockerfileContent }), await client.buildImage({ dockerfileContent })];
    removedAtEnd(one.imageId);
    expect(two.imageId).toBe(one.imageId);
    const anew = await client.buildImage({ dockerfileContent, noCache: true });
    removedAtEnd(anew.imageId);
    expect(anew.imageId).not.toBe(one.imageId);
  });

  it("rejects with the exit status and the log when a step fails", async () => {
    const error = await client
      .buildImage({ dockerfileContent: dockerfile("RUN seq 1 150; echo goodbye; exit 7"), forceRmTmpContainer: true })
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(BuildError);
    const { errorCode, log } = error as BuildError;
    expect(errorCode).toBe(7);
    expect(log).toHaveLength(100);
    expect(log).toEqual(expect.arrayContaining(["goodbye", "150", "100"]));
    expect(log).not.toContain("10");
  });

  it.each([
    ["an unknown instruction", { dockerfileContent: `FROM ${IMAGE}\nNONSENSE x\n` }],
    ["a missing base image", { dockerfileContent: `FROM localhost/${uniqueName("nosuch")}:1\n` }],
    ["a missing Dockerfile", { inputStream: packEntries([{ name: "x", content: "" }]) }],
    ["an unreachable remote source", { remote: "http://127.0.0.1:1/context.tar" }],
  ])("rejects %s", async (_what, options) => {
    const error = await client.buildImage(options).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(BuildError);
    expect((error as BuildError).reason).not.toBe("");
  });

  it("rejects an invalid name", async () => {
    const build = client.buildImage({ dockerfileContent: dockerfile(), name: "localhost/UPPER" });
    await expect(build).rejects.toBeInstanceOf(InvalidOptionError);
  });

  it("rejects when the archive fails", async () => {
    const inputStream = new Readable({ read: () => undefined });
    inputStream.push(Buffer.alloc(512));
    const build = client.buildImage({ inputStream });
    setTimeout(() => inputStream.destroy(new Error("no more")), 50);
    await expect(build).rejects.toBeInstanceOf(InputStreamError);
  });

  it("ends when the call is aborted", async () => {
    const abort = new AbortController();
    const label = uniqueName();
    const build = client.buildImage(
      { dockerfileContent: dockerfile("RUN echo begun; sleep 60"), labels: { "spec.abort": label }, forceRmTmpContainer: true },
      { signal: abort.signal },
    );
    const error = await (async () => {
      for await (const { stream } of build) if (stream?.startsWith("begun")) abort.abort();
    })().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(AbortError);
  });
});

describe("buildImage with BuildKit", () => {
  it("builds from an archive", async (context) => {
    needsApi(context, "1.39", "version of buildImage");
    const name = removedAtEnd(`${repositoryName()}:1`);
    const { imageId } = await client.buildImage({
      dockerfileContent: dockerfile("RUN echo content > /file"),
      name,
      version: "2",
    });
    expect(bare((await client.inspectImage({ name })).Id)).toBe(bare(imageId));
    const id = await container({ Image: name, Cmd: ["true"] });
    expect(await text(await client.downloadFromContainer({ container: id, path: "/file" }))).toContain("content\n");
  });

  it("can be cancelled, and its cache can be pruned", async (context) => {
    needsApi(context, "1.39", "cancelBuild");
    notOnPodman(context, "has no BuildKit, so it cannot cancel builds or prune their cache");
    await needsBuildKit(context);
    const buildId = uniqueName("build");
    // the quotes make the output differ from the command, which BuildKit reports before the step starts
    const content = dockerfile("RUN echo be''gun; sleep 60");
    const build = client.buildImage({ dockerfileContent: content, version: "2", buildId });
    let messages = 0;
    const ended = (async () => {
      for await (const message of build) {
        messages += message.id === "moby.buildkit.trace" ? 1 : 0;
        const trace = typeof message.aux === "string" ? Buffer.from(message.aux, "base64").toString("latin1") : "";
        if (trace.includes("begun")) await client.cancelBuild({ id: buildId });
      }
    })();
    await expect(ended).rejects.toBeInstanceOf(BuildError);
    expect(messages).toBeGreaterThan(0);
    const { SpaceReclaimed } = await client.pruneBuilds({ filters: { id: uniqueName("nosuch") } });
    expect(SpaceReclaimed).toBe(0);
  });
});
