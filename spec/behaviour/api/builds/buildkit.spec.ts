import { chmod, link, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished, type TestContext } from "vitest";
import { packContext } from "../../../../lib/archive/pack-context.js";
import { readArchive } from "../../../../lib/archive/read-archive.js";
import { AbortError } from "../../../../lib/errors/connection-errors.js";
import { BuildError } from "../../../../lib/errors/stream-errors.js";
import type { ProgressMessage } from "../../../../lib/types/progress.js";
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
import { namedImage, needsRegistry, refusalOf, right, wrong } from "../../../support/registry.js";

useEngine();
leftoversRemovedAtEnd();

async function needsSession(context: TestContext): Promise<void> {
  needsApi(context, "1.39", "a session");
  notOnPodman(context, "has no BuildKit");
  await needsBuildKit(context);
}

/** Creates a folder that is removed when the test finishes. */
async function folder(files: Record<string, string> = {}): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "tsdc-buildkit-"));
  onTestFinished(() => rm(path, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(path, name, ".."), { recursive: true });
    await writeFile(join(path, name), content);
  }
  return path;
}

/** Builds, and returns what the builder prints, with the result. */
async function printed(options: Parameters<typeof client.buildImage>[0]) {
  const outputStream = new PassThrough();
  const output = text(outputStream);
  const result = await client.buildImage({ version: "2", ...options, outputStream }).finally(() => outputStream.end());
  return { ...result, output: await output };
}

describe("buildImage over a session", () => {
  it("sends a directory with modes and links, and only what has changed", async (context) => {
    await needsSession(context);
    const contextDir = await folder({
      Dockerfile: dockerfile("COPY . /context/"),
      "kept.txt": uniqueName(),
      "sub/ü\u{1f600}": "1",
      "sub/\uffee": "2",
      "left-out.txt": "x",
      ".dockerignore": "left-*\n",
      large: "x".repeat(1_000_000),
    });
    await symlink("kept.txt", join(contextDir, "link"));
    await link(join(contextDir, "kept.txt"), join(contextDir, "hard"));
    await chmod(join(contextDir, "sub/\uffee"), 0o4751);
    const name = removedAtEnd(`${repositoryName()}:1`);
    const first = await client.buildImage({ contextDir, name, version: "2" });
    const image = await client.inspectImage({ name });
    expect(image.Id).toBe(first.imageId);
    expect(first.tags.join()).toContain(name);
    const id = await container({ Image: name, Cmd: ["true"] });
    const archive = await client.downloadFromContainer({ container: id, path: "/context" });
    const entries: Record<string, string> = {};
    for await (const entry of readArchive(archive)) {
      entries[entry.name] = `${entry.type} ${entry.mode.toString(8)} ${entry.linkname ?? ""}`.trim();
    }
    expect(entries).toMatchObject({
      "context/link": "symlink 777 kept.txt",
      "context/sub/\uffee": "file 4751",
      "context/sub/ü\u{1f600}": "file 644",
    });
    expect(entries).not.toHaveProperty("context/left-out.txt");
    const again = await printed({ contextDir, name });
    expect(again.imageId).toBe(first.imageId);
    expect(again.output).toMatch(/ CACHED$/m);
    const sent = /transferring context: (\d+)B/.exec(/load build context[\s\S]*/.exec(again.output)?.[0] ?? "")?.[1];
    expect(Number(sent)).toBeLessThan(1_000);
  });

  it("builds from a Dockerfile outside the directory, from an archive and from content", async (context) => {
    await needsSession(context);
    const files = await folder({ "context/file": "inside", "outer.Dockerfile": dockerfile("COPY file /file") });
    const outside = await client.buildImage({
      contextDir: join(files, "context"),
      dockerfile: "../outer.Dockerfile",
      version: "2",
    });
    expect(await fileIn(outside.imageId, "/file")).toBe("inside");
    const packed = await packContext({
      contextDir: join(files, "context"),
      dockerfileContent: dockerfile("COPY file /packed"),
    });
    const { imageId } = await client.buildImage({ inputStream: packed.stream, dockerfile: packed.dockerfile, version: "2" });
    expect(await fileIn(imageId, "/packed")).toBe("inside");
    const content = await client.buildImage({ dockerfileContent: dockerfile("RUN echo $A > /a"), version: "2" });
    expect(content.imageId).toMatch(/^sha256:/);
  });

  it.for([1_000, 20_000])("obeys an ignore file of %i lines, with commas and beyond ASCII", async (lines, context) => {
    await needsSession(context);
    const patterns = Array.from({ length: lines }, (_, index) => `pattern,${index}ü`);
    const contextDir = await folder({
      Dockerfile: dockerfile("COPY . /context/"),
      ".dockerignore": [...patterns, "left*"].join("\n"),
      "left,out": "1",
      [`pattern,${lines - 1}ü`]: "1",
      kept: "1",
    });
    const { imageId } = await client.buildImage({ contextDir, version: "2" });
    const { stdout } = await client.output({ image: imageId, command: ["ls", "/context"], pull: "never" });
    expect(stdout.toString().split("\n").sort()).toEqual(["", "Dockerfile", "kept"]);
  });

  it("gives secrets only to the steps that mount them", async (context) => {
    await needsSession(context);
    const files = await folder({ secret: "from a file" });
    const script = "RUN --mount=type=secret,id=a --mount=type=secret,id=b cat /run/secrets/a /run/secrets/b | tr a-z A-Z > /seen";
    const messages: ProgressMessage[] = [];
    const { imageId } = await client.buildImage({
      dockerfileContent: dockerfile(script),
      noCache: true,
      version: "2",
      secrets: { a: { value: "the value " }, b: { file: join(files, "secret") } },
      onProgress: (message) => messages.push(message),
    });
    expect(await fileIn(imageId, "/seen")).toBe("THE VALUE FROM A FILE");
    const history = JSON.stringify(await client.imageHistory({ name: imageId }));
    expect(JSON.stringify(messages) + history).not.toMatch(/the value|from a file/);
    const missing = dockerfile("RUN --mount=type=secret,id=gone,required=true true");
    const error = await client.buildImage({ dockerfileContent: missing, version: "2" }).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(BuildError);
    expect(error).toMatchObject({ reason: expect.stringMatching(/gone:? not found/) as string });
  });

  it("mounts caches and other stages, and stops at a target", async (context) => {
    await needsSession(context);
    const mounts = [
      "RUN --mount=type=cache,id=spec,target=/cache date >> /cache/dates && cp /cache/dates /dates",
      "RUN --mount=type=bind,from=first,source=/etc,target=/mnt --mount=type=tmpfs,target=/scratch ls /mnt/passwd > /scratch/x && cp /scratch/x /listed",
    ];
    const content = [`FROM ${IMAGE} AS first`, "FROM busybox AS wanted", ...mounts, "FROM busybox", "RUN exit 3", ""].join("\n");
    const { imageId } = await client.buildImage({ dockerfileContent: content, target: "wanted", version: "2", noCache: true });
    expect(await fileIn(imageId, "/listed")).toBe("/mnt/passwd\n");
  });

  it("understands heredocs and links of layers", async (context) => {
    await needsSession(context);
    needsApi(context, "1.42", "the Dockerfile frontend of heredocs");
    const content = [
      dockerfile("RUN <<END").trimEnd(),
      "echo one > /file",
      "echo two >> /file",
      "END",
      "COPY --link <<END /other",
      "three",
      "END",
      "",
    ];
    const { imageId } = await client.buildImage({ dockerfileContent: content.join("\n"), version: "2" });
    expect([await fileIn(imageId, "/file"), await fileIn(imageId, "/other")]).toEqual(["one\ntwo\n", "three\n"]);
  });

  it("gives the engine only the credentials of the registry that it asks for", async (context) => {
    await needsSession(context);
    const host = needsRegistry(context);
    const repository = await namedImage(host);
    await client.pushImage({ name: repository, tag: "1", auth: right });
    await client.removeImage({ name: `${repository}:1` });
    const build = { dockerfileContent: `FROM ${repository}:1\nRUN echo built > /file\n`, version: "2", noCache: true } as const;
    const authConfigs = { [host]: right, "other.example": { username: "never", password: "asked-for" } };
    const { imageId } = await client.buildImage({ ...build, authConfigs });
    expect(await fileIn(imageId, "/file")).toBe("built\n");
    const refused = await refusalOf(client.buildImage({ ...build, authConfigs: { [host]: wrong }, pull: true }));
    expect(refused).toBeInstanceOf(BuildError);
  });

  it("tells a failed step, its status and its last lines", async (context) => {
    await needsSession(context);
    const error = (await client
      .buildImage({ dockerfileContent: dockerfile("RUN echo one; echo two >&2; exit 7"), noCache: true, version: "2" })
      .catch((failure: unknown) => failure)) as BuildError;
    expect(error).toBeInstanceOf(BuildError);
    expect([error.errorCode, [...error.log].sort()]).toEqual([7, ["one", "two"]]);
    expect(error.step).toContain("RUN echo one");
  });

  it("ends when a large Dockerfile fails", async (context) => {
    await needsSession(context);
    const padding = "# a comment of some length in a large Dockerfile\n".repeat(1_600);
    const build = client.buildImage({ dockerfileContent: `${padding}${dockerfile("RUN exit 9")}`, noCache: true, version: "2" });
    await expect(build).rejects.toMatchObject({ name: "BuildError", errorCode: 9 });
  });

  it("writes files into a directory, and an archive to a stream", async (context) => {
    await needsSession(context);
    const dockerfileContent = [
      dockerfile("RUN mkdir -p /o/d && echo hi > /o/d/f && chmod 751 /o/d/f && ln -s f /o/d/l && ln /o/d/f /o/h"),
      "FROM scratch",
      "COPY --from=0 /o /",
      "",
    ].join("\n");
    const directory = await folder({ "d/old": "stays" });
    await client.buildImage({ dockerfileContent, version: "2", outputs: [{ Type: "local", directory }] });
    const read = (name: string) => readFile(join(directory, name), "utf8");
    expect([await read("d/l"), await read("h"), await read("d/old")]).toEqual(["hi\n", "hi\n", "stays"]);
    expect((await stat(join(directory, "d/f"))).mode & 0o777).toBe(0o751);
    const outputStream = new PassThrough();
    const names: string[] = [];
    const reading = (async () => {
      for await (const { name } of readArchive(outputStream)) names.push(name);
    })();
    await client.buildImage({ dockerfileContent, version: "2", outputs: [{ Type: "tar", outputStream }] });
    outputStream.end();
    await reading;
    expect(names).toEqual(expect.arrayContaining(["d/f", "d/l", "h"]));
  });

  it("builds from named contexts, and makes several outputs at once", async (context) => {
    await needsSession(context);
    needsApi(context, "1.45", "several outputs");
    const other = await folder({ file: "of another context" });
    const directory = await folder();
    const name = removedAtEnd(`${repositoryName()}:1`);
    const { imageId } = await client.buildImage({
      dockerfileContent: dockerfile("COPY --from=other file /file"),
      version: "2",
      name,
      contexts: { other },
      outputs: [{ Type: "local", directory }, { Type: "moby" }],
    });
    expect(await fileIn(imageId, "/file")).toBe("of another context");
    expect(await readFile(join(directory, "file"), "utf8")).toBe("of another context");
  });

  it("can be left to a session of the caller's, which is served", async (context) => {
    await needsSession(context);
    const path = await folder({
      Dockerfile: dockerfile("COPY file /file", "RUN --mount=type=secret,id=s wc -c < /run/secrets/s > /length"),
      file: uniqueName(),
    });
    const directories = { context: path, dockerfile: path };
    const session = await client.buildSession({ directories, secrets: { s: { value: "12345" } } });
    try {
      const build = { remote: "client-session", session: session.id, version: "2" } as const;
      const { imageId } = await client.buildImage(build);
      expect(await fileIn(imageId, "/length")).toBe("5\n");
      expect(session.failure).toBeUndefined();
    } finally {
      await session.close();
    }
    await expect.poll(() => client.connections()).toBeLessThanOrEqual(1);
  });

  it("ends its step when the call is aborted, or the build is cancelled", async (context) => {
    await needsSession(context);
    const content = dockerfile("RUN echo be''gun; sleep 60");
    const whenBegun = (act: () => void) => (message: ProgressMessage) => {
      if (message.trace?.logs.some(({ data }) => data.includes("begun"))) act();
    };
    const abort = new AbortController();
    const aborted = client.buildImage(
      { dockerfileContent: content, noCache: true, version: "2", onProgress: whenBegun(() => abort.abort()) },
      { signal: abort.signal },
    );
    await expect(aborted).rejects.toBeInstanceOf(AbortError);
    await expect.poll(() => client.connections()).toBeLessThanOrEqual(1);
    const buildId = uniqueName("build");
    const cancel = whenBegun(() => void client.cancelBuild({ id: buildId }));
    const cancelled = client.buildImage({ dockerfileContent: content, noCache: true, version: "2", buildId, onProgress: cancel });
    await expect(cancelled).rejects.toBeInstanceOf(BuildError);
  });
});
