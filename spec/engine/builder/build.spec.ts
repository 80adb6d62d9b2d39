import { request } from "node:http";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { packEntries, type PackEntry } from "../../../lib/archive/index.js";
import { readArchive } from "../../../lib/archive/read-archive.js";
import { EmbeddedEngine } from "../../../lib/engine/embedded-engine.js";
import { EmbeddedRegistry } from "../../../lib/engine/registry/embedded-registry.js";
import { programFile } from "../../../lib/engine/runtime/program/registry.js";
import type { ImageInspect } from "../../../lib/types/image.js";
import type { ImageHistoryItem } from "../../../lib/types/image-results.js";

interface Message {
  readonly stream?: string;
  readonly errorDetail?: { readonly code?: number; readonly message: string };
  readonly aux?: { readonly ID: string };
}

let socketPath: string;

beforeEach(async () => {
  const engine = await EmbeddedEngine.start();
  onTestFinished(() => engine.close());
  socketPath = engine.endpoint.replace("unix://", "");
});

function send(method: string, path: string, body?: Buffer | object): Promise<{ status: number; bytes: Buffer }> {
  const isRaw = Buffer.isBuffer(body);
  const headers = body === undefined ? {} : { "content-type": isRaw ? "application/x-tar" : "application/json" };
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, method, path, headers, agent: false }, (response) => {
      buffer(response).then((bytes) => resolve({ status: response.statusCode ?? 0, bytes }), reject);
    });
    sent.on("error", reject).end(body === undefined || isRaw ? body : JSON.stringify(body));
  });
}

const context = (files: Readonly<Record<string, string | Buffer>>): Promise<Buffer> =>
  buffer(packEntries(Object.entries(files).map(([name, content]): PackEntry => ({ name, content, mode: 0o755 }))));

/** An image with the shell of the engine. */
const shell = { "bin/sh": programFile("sh") };

interface Built {
  readonly status: number;
  /** What is printed, with the IDs masked. */
  readonly text: string;
  readonly error: Message["errorDetail"];
  readonly image: string;
}

async function build(dockerfile: string, files: Readonly<Record<string, string | Buffer>> = {}, query = ""): Promise<Built> {
  const archive = await context({ Dockerfile: dockerfile, ...shell, ...files });
  const { status, bytes } = await send("POST", `/build?${query}`, gzipSync(archive));
  const lines = bytes.toString().trimEnd().split("\n");
  const messages = status === 200 ? lines.map((line) => JSON.parse(line) as Message) : [];
  return {
    status,
    text: messages.map(({ stream = "" }) => stream.replace(/\b[0-9a-f]{12}\b/g, "ID")).join(""),
    error: status === 200 ? messages.at(-1)?.errorDetail : (JSON.parse(bytes.toString()) as Message["errorDetail"]),
    image: messages.find(({ aux }) => aux)?.aux?.ID ?? "",
  };
}

async function inspect(image: string): Promise<ImageInspect> {
  return JSON.parse((await send("GET", `/images/${image}/json`)).bytes.toString()) as ImageInspect;
}

async function filesOf(image: string): Promise<Record<string, string>> {
  const created = await send("POST", "/containers/create", { Image: image, Cmd: ["x"] });
  const { Id } = JSON.parse(created.bytes.toString()) as { Id: string };
  const archive = (await send("GET", `/containers/${Id}/export`)).bytes;
  const files: Record<string, string> = {};
  for await (const entry of readArchive(Readable.from([archive]))) {
    if (entry.type === "file" && !/^(\.dockerenv|dev|etc)/.test(entry.name))
      files[entry.name] = `${entry.mode.toString(8)} ${entry.uid}:${entry.gid} ${(await buffer(entry.content)).toString()}`;
  }
  return files;
}

test("builds stages, and takes the same steps from the cache", async () => {
  const dockerfile = [
    "ARG BASE=scratch",
    "FROM $BASE AS base",
    "COPY bin /bin",
    "ARG X=1",
    "RUN echo out $X && \\",
    "  # comment",
    "  echo err >&2; echo $X > /made",
    "FROM scratch",
    "COPY --from=base /made /b/",
    "COPY --from=0 --chown=3:4 /made /c",
    'CMD ["y"]',
  ].join("\n");
  const first = await build(dockerfile, {}, "t=tool:1&buildargs=%7B%22X%22:%225%22%7D&labels=%7B%22l%22:%221%22%7D");
  expect(first.error).toBeUndefined();
  expect(first.text).toContain("Step 5/10 : RUN echo out $X &&   echo err >&2; echo $X > /made\n ---> Running in ID\n");
  expect(first.text).toContain("out 5\n");
  expect(first.text).toContain("\u001b[91merr\n\u001b[0m");
  expect(first.text).toContain(" ---> Removed intermediate container ID\n ---> ID\nStep 6/10 : FROM scratch\n ---> \n");
  expect(first.text).toMatch(
    /Step 10\/10 : LABEL l=1\n ---> Running in ID\n ---> Removed intermediate container ID\n ---> ID\nSuccessfully built ID\nSuccessfully tagged tool:1\n$/,
  );
  expect(await filesOf(first.image)).toEqual({ "b/made": "644 0:0 5\n", c: "644 3:4 5\n" });
  expect(await inspect("tool:1")).toMatchObject({ Id: first.image, Config: { Cmd: ["y"], Labels: { l: "1" } } });

  const again = await build(dockerfile, {}, "buildargs=%7B%22X%22:%225%22%7D&labels=%7B%22l%22:%221%22%7D");
  expect(again.image).toBe(first.image);
  expect(again.text.match(/Using cache/g)).toHaveLength(7);
  const other = await build(dockerfile, {}, "buildargs=%7B%22X%22:%226%22%7D");
  expect(other.text).toContain("out 6\n");
});

test("describes steps in the history as Docker does", async () => {
  const steps = [
    "COPY --chown=5 bin /q",
    'CMD ["a", "b c"]',
    "ENTRYPOINT x",
    "WORKDIR /w",
    "EXPOSE 99/udp 80",
    "VOLUME /a /b",
    'HEALTHCHECK --interval=1m30s --timeout=500ms --retries=3 CMD ["a b","c"]',
    "ONBUILD RUN echo",
    'SHELL ["s", "t"]',
    "HEALTHCHECK NONE",
  ];
  const { image } = await build(`FROM scratch\n${steps.join("\n")}`);
  const history = JSON.parse((await send("GET", `/images/${image}/history`)).bytes.toString()) as ImageHistoryItem[];
  expect(history.map(({ CreatedBy }) => CreatedBy.replace(/[0-9a-f]{64}/, "ID")).reverse()).toEqual([
    "/bin/sh -c #(nop) COPY --chown=5 dir:ID in /q ",
    '/bin/sh -c #(nop)  CMD ["a" "b c"]',
    '/bin/sh -c #(nop)  ENTRYPOINT ["/bin/sh" "-c" "x"]',
    "/bin/sh -c #(nop) WORKDIR /w",
    "/bin/sh -c #(nop)  EXPOSE 80 99/udp",
    "/bin/sh -c #(nop)  VOLUME [/a /b]",
    "/bin/sh -c #(nop)  HEALTHCHECK &{[CMD a b c] 1m30s 500ms 0s 0s 3}",
    "/bin/sh -c #(nop)  ONBUILD RUN echo",
    "s t #(nop)  SHELL [s t]",
    "s t #(nop)  HEALTHCHECK &{[NONE] 0s 0s 0s 0s 0}",
  ]);
});

test("makes a container for each step without a command, and leaves none", async () => {
  const dockerfile = "FROM scratch\nCOPY bin /bin\nWORKDIR /w\nLABEL a=1";
  const ran = " ---> Running in ID\n ---> Removed intermediate container ID\n ---> ID\n";
  expect((await build(dockerfile)).text).toContain(`WORKDIR /w\n${ran}Step 4/4 : LABEL a=1\n${ran}`);
  expect((await send("GET", "/containers/json?all=1")).bytes.toString().trim()).toBe("[]");
  await build(dockerfile, {}, "nocache=1&rm=0");
  expect(JSON.parse((await send("GET", "/containers/json?all=1")).bytes.toString())).toMatchObject([
    { Command: "/bin/sh -c '#(nop)  LABEL a=1'", State: "created", Labels: { a: "1" } },
    { Command: "/bin/sh -c '#(nop) WORKDIR /w'", State: "created" },
  ]);
});

test("does not take changed files from the cache", async () => {
  const dockerfile = "FROM scratch\nCOPY a /a";
  const { image } = await build(dockerfile, { a: "1" });
  expect((await build(dockerfile, { a: "1" })).image).toBe(image);
  expect((await build(dockerfile, { a: "2" })).image).not.toBe(image);
  expect((await build(dockerfile, { a: "1" }, "nocache=1")).text).not.toContain("Using cache");
});

test("copies directories and wildcards, and unpacks archives", async () => {
  const packed = gzipSync(await context({ inner: "i" }));
  const dockerfile = "FROM scratch\nWORKDIR /w\nCOPY *.txt d sub/\nADD p.tgz p.tgz2 /p/\nCOPY p.tgz /q\nADD d/x .";
  const built = await build(dockerfile, { "1.txt": "1", "2.txt": "2", "d/x": "x", "p.tgz": packed, "p.tgz2": "plain" });
  expect(built.error).toBeUndefined();
  const files = await filesOf(built.image);
  expect(Object.keys(files).sort()).toEqual(["p/inner", "p/p.tgz2", "q", "w/sub/1.txt", "w/sub/2.txt", "w/sub/x", "w/x"]);
});

test("runs the triggers of the base image", async () => {
  await build("FROM scratch\nCOPY bin /bin\nONBUILD RUN echo triggered", {}, "t=base");
  const built = await build("FROM base\nUSER me");
  expect(built.text).toContain("# Executing 1 build trigger\n ---> Running in ID\ntriggered\n");
  expect((await inspect(built.image)).Config).toMatchObject({ User: "me", OnBuild: null });
});

test("pulls the base image when it is missing", async () => {
  const registry = await EmbeddedRegistry.start();
  onTestFinished(() => registry.close());
  const name = `${registry.address}/base`;
  await build("FROM scratch\nLABEL pulled=1", {}, `t=${name}`);
  expect((await send("POST", `/images/${name}/push`)).bytes.toString()).not.toContain("errorDetail");
  expect((await send("DELETE", `/images/${name}`)).status).toBe(200);
  const built = await build(`FROM ${name}\nLABEL more=2`);
  expect(built.text).toContain(" ---> ID\nStep 2/2 : LABEL more=2\n");
  expect((await inspect(built.image)).Config?.Labels).toEqual({ pulled: "1", more: "2" });
  expect((await build(`FROM ${registry.address}/none`)).error?.message).toContain("none");
});

test("stops at the target, and names unused arguments", async () => {
  const { text } = await build(
    "FROM scratch AS a\nLABEL a=1\nFROM scratch\nLABEL b=1",
    {},
    "target=a&buildargs=%7B%22U%22:%22%22%7D",
  );
  expect(text).toContain("Step 2/2 : LABEL a=1\n");
  expect(text).toContain("[Warning] One or more build-args [U] were not consumed\n");
});

test("leaves the Dockerfile out when the ignore file names it", async () => {
  const ignored = { ".dockerignore": "Dockerfile\n.dockerignore", a: "1" };
  expect(Object.keys(await filesOf((await build("FROM scratch\nCOPY . /", ignored)).image))).toEqual(["a", "bin/sh"]);
});

test.each([
  ["RUN exit 3", 3, "The command '/bin/sh -c exit 3' returned a non-zero code: 3"],
  [
    "COPY nope /",
    undefined,
    "COPY failed: file not found in build context or excluded by .dockerignore: stat nope: file does not exist",
  ],
  ["COPY no* /", undefined, "COPY failed: no source files were specified"],
  ["COPY ../x /", undefined, "COPY failed: forbidden path outside the build context: ../x ()"],
  [
    "COPY bin Dockerfile /q",
    undefined,
    "When using COPY with more than one source file, the destination must be a directory and end with a /",
  ],
  ["COPY --from=9 a b", undefined, "invalid from flag value 9: index out of bounds"],
  ["COPY http://host/file /", undefined, "COPY failed: source can't be a URL for COPY"],
  ["ADD git@host:x /", undefined, "ADD failed: a repository requires BuildKit: git@host:x"],
  [
    "RUN --mount=type=cache,target=/x a",
    undefined,
    "the --mount option requires BuildKit. Refer to https://docs.docker.com/go/buildkit/ to learn how to build images with BuildKit enabled",
  ],
  [
    "COPY --chmod=600 bin /q",
    undefined,
    "the --chmod option requires BuildKit. Refer to https://docs.docker.com/go/buildkit/ to learn how to build images with BuildKit enabled",
  ],
  [
    "COPY --chown=nonesuch bin /q",
    undefined,
    "unable to convert uid/gid chown string to host mapping: can't find uid for user nonesuch: no such user: nonesuch",
  ],
  [
    "COPY --chown=0:nonesuch bin /q",
    undefined,
    "unable to convert uid/gid chown string to host mapping: can't find gid for group nonesuch: no such group: nonesuch",
  ],
  [
    "COPY --from=Bad bin /q",
    undefined,
    "invalid from flag value Bad: invalid reference format: repository name (library/Bad) must be lowercase",
  ],
  ["RUN <<EOF", undefined, "RUN with a here-document needs BuildKit"],
])("reports the failure of %s in the stream", async (step, code, message) => {
  const { status, error } = await build(`FROM scratch\nCOPY bin /bin\n${step}`);
  expect({ status, error }).toEqual({ status: 200, error: { ...(code !== undefined && { code }), message } });
});

test.each([
  ["FROM scratch\nFOO x", "", 400, "dockerfile parse error on line 2: unknown instruction: FOO"],
  ["FROM scratch\nENV a", "", 400, "failed to parse Dockerfile: ENV must have two arguments"],
  ["FROM a b", "", 400, "dockerfile parse error on line 1: FROM requires either one or three arguments"],
  ["RUN x", "", 400, "no build stage in current context"],
  ["", "", 400, "the Dockerfile (Dockerfile) cannot be empty"],
  ["# x", "", 400, "failed to parse Dockerfile: file with no instructions"],
  ["FROM scratch", "dockerfile=No", 500, "Cannot locate specified Dockerfile: No"],
  ["FROM scratch", "target=z", 400, 'target stage "z" could not be found'],
  ["FROM scratch", "remote=nonsense", 500, "remoteURL (nonsense) could not be recognized as URL"],
  [
    "FROM scratch",
    "remote=client-session",
    400,
    "experimental session with v1 builder is no longer supported, use builder version v2 (BuildKit) instead",
  ],
  ["FROM scratch", "version=3", 400, 'invalid version "3"'],
  ["FROM scratch", "squash=1", 400, "squash is only supported with experimental mode"],
  ["FROM scratch", "buildargs=[]", 400, "error reading build args: not a map of strings"],
  ["FROM scratch", "cachefrom={}", 400, "error reading cache-from: not a list of strings"],
  ["FROM scratch", "t=A", 400, "invalid reference format: repository name (library/A) must be lowercase"],
])("refuses %j with %s before it begins", async (dockerfile, query, status, message) => {
  expect(await build(dockerfile, {}, query)).toMatchObject({ status, error: { message } });
});

test.each([
  ["remote=client-session", "a context from the session of the client requires BuildKit"],
  ["session=x", "the session of a build requires BuildKit"],
  [`outputs=${encodeURIComponent('[{"Type":"local"}]')}`, "an output other than an image requires BuildKit"],
])("refuses what needs BuildKit by name: %s", async (query, message) => {
  const { status, error } = await build("FROM scratch", {}, `version=2&${query}`);
  expect(status).toBe(501);
  expect(error?.message).toContain(message);
});

test("builds as the classic builder does when the request asks for BuildKit", async () => {
  const { text, image } = await build("FROM scratch\nLABEL a=b", {}, "version=2&t=asked");
  expect(text).toMatch(/^Step 1\/2 : FROM scratch\n/);
  expect((await inspect("asked")).Id).toBe(image);
});

test("takes steps only from the images that the request names", async () => {
  const dockerfile = (last: string): string =>
    `FROM scratch\nCOPY bin /bin\nRUN read x </proc/sys/kernel/random/uuid; echo $x > /r\nLABEL l=${last}`;
  const from = (...names: string[]): string => `cachefrom=${encodeURIComponent(JSON.stringify(names))}`;
  const { image } = await build(dockerfile("1"), {}, "t=source");
  expect((await build(dockerfile("1"), {}, from("source", "none"))).image).toBe(image);
  expect((await build(dockerfile("1"), {}, from("none"))).text).not.toContain("Using cache");

  // an image from elsewhere has no parents on this engine
  const archive = (await send("GET", "/images/source/get")).bytes;
  await send("POST", "/images/prune?filters=%7B%22dangling%22:%5B%22false%22%5D%7D");
  await send("POST", "/images/load", archive);
  expect((await build(dockerfile("1"))).text).not.toContain("Using cache");
  await send("POST", "/images/prune?filters=%7B%22dangling%22:%5B%22false%22%5D%7D");
  await send("POST", "/images/load", archive);
  const again = await build(dockerfile("2"), {}, `${from("source")}&t=again`);
  expect(again.text.match(/Using cache/g)).toHaveLength(2);
  expect((await filesOf(again.image))["r"]).toBe((await filesOf(image))["r"]);
  expect((await inspect("again")).Config?.Labels).toEqual({ l: "2" });
});

test("cancels a build by its ID", async () => {
  const running = build("FROM scratch\nCOPY bin /bin\nRUN while :; do :; done", {}, "buildid=mine");
  await expect
    .poll(async () => (JSON.parse((await send("GET", "/containers/json")).bytes.toString()) as unknown[]).length)
    .toBe(1);
  expect((await send("POST", "/build/cancel?id=mine")).status).toBe(200);
  expect((await running).error?.message).toBe("build canceled: context canceled");
  expect((await send("POST", "/build/cancel?id=mine")).status).toBe(200);
  expect((await send("POST", "/build/cancel")).status).toBe(400);
});

test("has an empty build cache", async () => {
  const { status, bytes } = await send("POST", "/build/prune?all=1");
  expect([status, JSON.parse(bytes.toString())]).toEqual([200, { CachesDeleted: null, SpaceReclaimed: 0 }]);
  const wrong = await send("POST", `/build/prune?filters=${encodeURIComponent('{"nope":["x"]}')}`);
  expect([wrong.status, wrong.bytes.toString()]).toEqual([
    400,
    `${JSON.stringify({ message: "failed to prune build cache: invalid filter 'nope'" })}\n`,
  ]);
});

test("commits what a container changed", async () => {
  await build("FROM scratch\nCOPY bin /bin\nENV A=1\nLABEL b=c", {}, "t=base");
  const created = await send("POST", "/containers/create", { Image: "base", Cmd: ["/bin/sh", "-c", "echo hi > /f"] });
  const { Id } = JSON.parse(created.bytes.toString()) as { Id: string };
  await send("POST", `/containers/${Id}/start`);
  await send("POST", `/containers/${Id}/wait`);
  const query = `container=${Id}&repo=made&tag=1&author=me&comment=why&changes=${encodeURIComponent('CMD ["z"]')}`;
  const { status, bytes } = await send("POST", `/commit?${query}`);
  expect(status).toBe(201);
  const image = await inspect("made:1");
  expect(image).toMatchObject({ ...(JSON.parse(bytes.toString()) as object), Author: "me", Comment: "why" });
  expect(image.Config).toMatchObject({ Cmd: ["z"], Labels: { b: "c" } });
  expect(image.Config?.Env).toContain("A=1");
  expect(await filesOf(image.Id)).toMatchObject({ f: "644 0:0 hi\n" });
  const history = JSON.parse((await send("GET", "/images/made:1/history")).bytes.toString()) as ImageHistoryItem[];
  expect(history[0]).toMatchObject({ CreatedBy: "/bin/sh -c echo hi > /f", Comment: "why" });
  expect((await send("POST", "/commit?container=none")).status).toBe(404);
  expect((await send("POST", `/commit?container=${Id}&changes=RUN+x`)).status).toBe(400);
});

test("passes hosts and limits on to commands, and says which have no effect", async () => {
  const ulimits = encodeURIComponent(JSON.stringify([{ Name: "nofile", Soft: 128, Hard: 256 }]));
  const query = `extrahosts=there:10.1.2.3&memory=100000000&ulimits=${ulimits}`;
  const built = await build(
    'FROM scratch\nCOPY bin /bin\nRUN ulimit -n; while read line; do echo "$line"; done </etc/hosts',
    {},
    query,
  );
  expect(built.error).toBeUndefined();
  expect(built.text).toMatch(/^128\n127\.0\.0\.1\tlocalhost\n/m);
  expect(built.text).toContain("10.1.2.3\tthere\n");
  expect(built.text).toContain(
    " ---> [Warning] The executor program does not limit memory and processors. Memory is discarded.\n",
  );
});

test("takes only images of the platform that a stage or the request names", async () => {
  const base = await build("FROM scratch\nCOPY bin /bin", {}, "t=base:latest");
  expect(base.error).toBeUndefined();
  const own = process.arch === "arm64" ? "arm64" : "amd64";
  expect((await build(`FROM --platform=linux/${own} base\nLABEL a=b`)).error).toBeUndefined();
  expect((await build("FROM base\nLABEL a=b", {}, `platform=${own}`)).error).toBeUndefined();
  expect((await build("FROM base", {}, "platform=a/b/c/d")).status).toBe(400);
});
