import { type IncomingHttpHeaders, performServerHandshake, type ServerHttp2Stream } from "node:http2";
import type { Socket } from "node:net";
import { PassThrough } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { runningBuilds } from "../../../lib/api/builds/running-builds.js";
import { frameOf, MessageReader } from "../../../lib/buildkit/grpc/message-reader.js";
import { SolveRequest, SolveResponse, StatusResponse } from "../../../lib/buildkit/messages/control.js";
import { Status } from "../../../lib/buildkit/messages/session.js";
import { Client } from "../../../lib/client.js";
import { AbortError } from "../../../lib/errors/connection-errors.js";
import { BuildError } from "../../../lib/errors/stream-errors.js";
import { InvalidOptionError, UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import type { ProgressMessage } from "../../../lib/types/progress.js";
import { netServer, onRequest } from "../../support/servers.js";

type Answer = (request: Buffer, stream: ServerHttp2Stream) => void;

const HEADERS = { ":status": 200, "content-type": "application/grpc" };

/** Answers a call with messages and a status. */
const answer =
  (messages: readonly Buffer[], trailers: Record<string, string> = { "grpc-status": "0" }): Answer =>
  (_request, stream) => {
    stream.respond(HEADERS, { waitForTrailers: true });
    for (const message of messages) stream.write(frameOf(message));
    stream.once("wantTrailers", () => stream.sendTrailers(trailers));
    stream.end();
  };

/** Starts an engine whose BuildKit answers as told, and returns a client of it, with the headers of the requests. */
async function engine(methods: Record<string, Answer>, version = "1.51") {
  const heads: string[] = [];
  const serve = (socket: Socket): void => {
    const h2 = performServerHandshake(socket);
    h2.on("error", () => undefined);
    h2.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
      const reader = new MessageReader();
      stream.on("error", () => undefined);
      stream.on("data", (chunk: Buffer) => {
        for (const message of reader.read(chunk)) methods[String(headers[":path"]).replace(/^.*\//, "")]?.(message, stream);
      });
    });
  };
  const { endpoint } = await netServer((socket) => {
    socket.on("error", () => undefined);
    onRequest(socket, (head) => {
      heads.push(head);
      if (!/^upgrade: h2c/im.test(head)) {
        socket.end(`HTTP/1.1 200 OK\r\nApi-Version: ${version}\r\nContent-Length: 2\r\n\r\nOK`);
        return;
      }
      socket.removeAllListeners("data");
      socket.write("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
      // of a session, the engine is the client, and says nothing here
      if (head.startsWith("POST") && head.includes("/grpc ")) serve(socket);
    });
  });
  const client = new Client({ endpoint, auth: false });
  onTestFinished(() => client.close());
  return { client, heads };
}

const time = { seconds: 1_700_000_000, nanos: 0 };
const vertex = {
  digest: "sha256:1",
  inputs: [],
  name: "[2/2] RUN make",
  cached: false,
  started: time,
  completed: time,
  error: "",
};
const trace = (more: Partial<StatusResponse>): Buffer =>
  StatusResponse.encode({ vertexes: [], statuses: [], logs: [], warnings: [], ...more });
const log = (text: string) => ({ vertex: "sha256:1", timestamp: time, stream: 1, msg: Buffer.from(text) });
const dockerfileContent = "FROM busybox\nRUN make\n";

test("a build sends its options as attributes, and gives traces and a result", async () => {
  let request: SolveRequest | undefined;
  const warning = { vertex: "sha256:1", level: 1, short: Buffer.from("bad case"), detail: [], url: "https://docs", info: { filename: "Dockerfile", data: Buffer.alloc(0) }, ranges: [{ start: { line: 2, character: 0 }, end: undefined }] }; // prettier-ignore
  const { client, heads } = await engine({
    Solve: (message, stream) => {
      request = SolveRequest.decode(message);
      const exporterResponse = { "containerimage.digest": "sha256:abc", "image.name": "docker.io/library/app:1" };
      answer([SolveResponse.encode({ exporterResponse })])(message, stream);
    },
    Status: answer([trace({ vertexes: [vertex] }), trace({ logs: [log("hello\n")], warnings: [warning] })]),
  });
  const outputStream = new PassThrough();
  let text = "";
  outputStream.on("data", (data: Buffer) => (text += data.toString()));
  const messages: ProgressMessage[] = [];
  const result = await client.buildImage({
    dockerfileContent,
    version: "2",
    name: "app:1",
    buildArgs: { A: "1", B: null },
    labels: { l: "v" },
    target: "t",
    platforms: ["linux/amd64", { os: "linux", architecture: "arm64", variant: "v8" }],
    noCache: true,
    pull: true,
    networkMode: "host",
    extraHosts: ["a:1.2.3.4", "b:[::1]"],
    shmSize: 64,
    ulimits: [{ Name: "nofile", Soft: 1, Hard: 2 }],
    cacheFrom: ["app:cache", { type: "local", attrs: { src: "/x" } }],
    cacheTo: [{ type: "inline" }],
    provenance: "max",
    contexts: { other: "docker-image://alpine" },
    entitlements: ["security.insecure"],
    proxies: false,
    outputStream,
    onProgress: (message) => messages.push(message),
  });
  expect(result).toEqual({
    imageId: "sha256:abc",
    tags: ["docker.io/library/app:1"],
    digest: "sha256:abc",
    warnings: [{ vertex: "sha256:1", message: "bad case", detail: [], url: "https://docs", file: "Dockerfile", line: 2 }],
  });
  expect(request).toMatchObject({
    frontend: "dockerfile.v0",
    exporters: [{ type: "moby", attrs: { name: "app:1" } }],
    exporterDeprecated: "moby",
    exporterAttrsDeprecated: { name: "app:1" },
    entitlements: ["network.host", "security.insecure"],
    cache: { imports: [{ type: "registry", attrs: { ref: "app:cache" } }, { type: "local", attrs: { src: "/x" } }], exports: [{ type: "inline", attrs: {} }] }, // prettier-ignore
  });
  expect(request?.frontendAttrs).toEqual({
    filename: "Dockerfile",
    target: "t",
    platform: "linux/amd64,linux/arm64/v8",
    "multi-platform": "true",
    "image-resolve-mode": "pull",
    "add-hosts": "a=1.2.3.4,b=::1",
    "force-network-mode": "host",
    "shm-size": "64",
    ulimit: "nofile=1:2",
    "attest:provenance": "mode=max",
    "cache-imports": '[{"Type":"registry","Attrs":{"ref":"app:cache"}},{"Type":"local","Attrs":{"src":"/x"}}]',
    "no-cache": "",
    "build-arg:A": "1",
    "label:l": "v",
    "context:other": "docker-image://alpine",
  });
  expect(text).toBe("#1 [2/2] RUN make\n#1 DONE 0.0s\n");
  expect(messages.map(({ id }) => id)).toEqual(["moby.buildkit.trace", "moby.buildkit.trace", "moby.image.id"]);
  expect(messages[0]?.trace?.vertexes[0]).toMatchObject({ name: "[2/2] RUN make", started: new Date(1_700_000_000_000) });
  expect(JSON.parse(JSON.stringify(messages[0]))).toEqual({ id: "moby.buildkit.trace", aux: expect.any(String) as string });
  const session = heads.find((head) => head.includes("/session "));
  expect(session).toMatch(/X-Docker-Expose-Session-Uuid: \S+/);
  expect(session).toMatch(/X-Docker-Expose-Session-Grpc-Method: \/moby\.filesync\.v1\.FileSync\/DiffCopy/);
  expect(request?.session).toBe(/Session-Uuid: (\S+)/.exec(session ?? "")?.[1]);
});

test("a failed step is told with its status, log and place, and without secrets", async () => {
  const json = (type: string, value: object) => ({
    typeUrl: `github.com/x/${type}+json`,
    value: Buffer.from(JSON.stringify(value)),
  });
  const details = Status.encode({
    code: 2,
    message: "x",
    details: [
      json("errdefs.Vertex", { digest: "sha256:1" }),
      json("ExitMessage", { Code: 7 }),
      json("errdefs.Source", { info: { filename: "Dockerfile", data: Buffer.from(dockerfileContent).toString("base64") }, ranges: [{ start: { line: 2 }, end: { line: 2 } }] }), // prettier-ignore
      json("stack.Stack", { cmdline: ["dockerd", "--secret-flag"] }),
    ],
  });
  const { client } = await engine({
    Solve: answer([], { "grpc-status": "2", "grpc-message": "process hunter2 failed: 100%25", "grpc-status-details-bin": details.toString("base64") }), // prettier-ignore
    Status: answer([trace({ vertexes: [vertex] }), trace({ logs: [log("one\ntw"), log("o hunter2\n")] }), trace({ vertexes: [{ ...vertex, error: "exit code: 7" }] })]), // prettier-ignore
  });
  const error = (await client
    .buildImage({ dockerfileContent, version: "2", buildArgs: { MY_TOKEN: "hunter2" } })
    .catch((failure: unknown) => failure)) as BuildError;
  expect(error).toBeInstanceOf(BuildError);
  expect(error).toMatchObject({
    message: "build failed: process *** failed: 100%",
    errorCode: 7,
    step: "[2/2] RUN make",
    log: ["one", "two ***"],
    source: { file: "Dockerfile", line: 2, endLine: 2 },
  });
  expect(error.source?.excerpt).toContain("   2 | >>> RUN make");
  expect(JSON.stringify(error)).not.toContain("secret-flag");
});

test.each([
  ["without details", undefined],
  ["with details that are no message", "////"],
])("a failure %s is told by the engine's words", async (_name, details) => {
  const { client } = await engine({
    Solve: answer([], { "grpc-status": "2", "grpc-message": "executor failed running [/bin/sh -c make]: exit code: 3", ...(details === undefined ? {} : { "grpc-status-details-bin": details }) }), // prettier-ignore
    Status: answer([trace({ vertexes: [{ ...vertex, error: "exit code: 3" }] })]),
  });
  await expect(client.buildImage({ dockerfileContent, version: "2" })).rejects.toMatchObject({
    name: "BuildError",
    errorCode: 3,
    step: "[2/2] RUN make",
    source: undefined,
  });
});

test("a failed import of a cache does not fail the build", async () => {
  const { client } = await engine({
    Solve: answer([SolveResponse.encode({ exporterResponse: { "containerimage.digest": "sha256:a" } })]),
    Status: answer([trace({ vertexes: [{ ...vertex, error: "no such cache" }] })]),
  });
  expect(await client.buildImage({ dockerfileContent, version: "2" })).toMatchObject({ imageId: "sha256:a", tags: [] });
});

test("an abort, and the end of a loop, end all connections at once", async () => {
  const { client } = await engine({
    Status: (_request, stream) => {
      stream.respond(HEADERS, { waitForTrailers: true });
      stream.write(frameOf(trace({ vertexes: [vertex] })));
    },
  });
  const abort = new AbortController();
  const build = client.buildImage({ dockerfileContent, version: "2", onProgress: () => abort.abort() }, { signal: abort.signal });
  await expect(build).rejects.toBeInstanceOf(AbortError);
  await expect.poll(() => client.connections()).toBeLessThanOrEqual(1);
  for await (const { trace: change } of client.buildImage({ dockerfileContent, version: "2" })) if (change) break;
  await expect.poll(() => client.connections()).toBeLessThanOrEqual(1);
});

test("cancelBuild ends a build of the client by its ID", async () => {
  const { client } = await engine({
    Status: (_request, stream) => {
      stream.respond(HEADERS, { waitForTrailers: true });
      stream.write(frameOf(trace({ vertexes: [vertex] })));
      stream.once("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
      setTimeout(() => stream.end(), 50);
    },
  });
  const build = client.buildImage({
    dockerfileContent,
    version: "2",
    buildId: "b1",
    onProgress: () => void client.cancelBuild({ id: "b1" }),
  });
  await expect(build).rejects.toMatchObject({ name: "BuildError", message: "build failed: context canceled" });
});

test("cancelBuild ends a build that has not begun", async () => {
  const { client } = await engine({});
  const build = client.buildImage({ dockerfileContent, version: "2", buildId: "b2" });
  const cancelled = expect(build).rejects.toMatchObject({ name: "BuildError", message: "build failed: context canceled" });
  await client.negotiate();
  while (!runningBuilds(client).has("b2")) await new Promise((resolve) => setImmediate(resolve));
  runningBuilds(client).get("b2")?.();
  await cancelled;
});

test.each([
  [{ memory: 1 }, "memory"],
  [{ networkMode: "container:x" }, "networkMode"],
  [{ platform: "linux", platforms: ["linux"] }, "platforms"],
  [{ outputs: [{ Type: "local" }] }, "outputs"],
  [{ outputs: [{ Type: "tar" }] }, "outputs"],
  [{ outputs: [{ Type: "moby", directory: "x" }] }, "outputs"],
  [{ secrets: { a: { file: "/no/such/file" } } }, "secrets"],
  [{ secrets: { a: { env: "NO_SUCH_VARIABLE" } } }, "secrets"],
  [{ secrets: { a: { value: "x".repeat(500 * 1024 + 1) } } }, "secrets"],
  [{ noCache: true, noCacheFilter: ["a"] }, "noCacheFilter"],
])("%o is refused before anything is built", async (options, option) => {
  const { client, heads } = await engine({});
  const failure = await client.buildImage({ dockerfileContent, version: "2", ...options }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(InvalidOptionError);
  expect(failure).toMatchObject({ option });
  expect(heads.filter((head) => head.includes("/session "))).toEqual([]);
});

test.each([
  [{ secrets: {} }, "secrets"],
  [{ ssh: true as const }, "ssh"],
  [{ cacheFrom: [{ type: "local" }] }, "cacheFrom"],
  [{ outputs: [{ Type: "local", directory: "x" }] }, "outputs"],
])("the classic builder, and a session of the caller's, refuse %o", async (options, option) => {
  const { client } = await engine({});
  await expect(client.buildImage({ dockerfileContent, ...options })).rejects.toMatchObject({ option });
  await expect(client.buildImage({ dockerfileContent, version: "2", session: "s", ...options })).rejects.toMatchObject({
    option,
  });
});

test.each([
  [{ contexts: { a: "." } }, "1.41"],
  [{ provenance: true }, "1.42"],
  [{ outputs: [{ Type: "moby" }, { Type: "moby" }] }, "1.44"],
  [{}, "1.38"],
])("%o is refused on engines of API %s, which would ignore it", async (options, version) => {
  const { client } = await engine({}, version);
  await expect(client.buildImage({ dockerfileContent, version: "2", ...options })).rejects.toBeInstanceOf(
    UnsupportedVersionError,
  );
});
