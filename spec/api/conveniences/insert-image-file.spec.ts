import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { inspect } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import type { InsertImageFileOptions } from "../../../lib/api/conveniences/insert-image-file.js";
import { readArchive } from "../../../lib/archive/read-archive.js";
import { ServerError } from "../../../lib/errors/api-error.js";
import { AbortError, TimeoutError } from "../../../lib/errors/connection-errors.js";
import { NoSuchImageError } from "../../../lib/errors/image-errors.js";
import { InputStreamError, InvalidOptionError } from "../../../lib/errors/usage-errors.js";
import { type Answer, type RecordedRequest, recordingDaemon } from "../../support/recording-daemon.js";

const image = { Id: "sha256:aa", Comment: "old comment", Author: "Ada", Config: { Cmd: ["sh"], Volumes: { "/data": {} } } };

const directory = Buffer.from(JSON.stringify({ name: "etc", size: 0, mode: 0x800001ed, mtime: "", linkTarget: "" })).toString(
  "base64",
);

const engine =
  (overrides: Record<string, Answer> = {}) =>
  ({ line }: RecordedRequest): Answer => {
    const [method = "", path = ""] = line.split(/[ ?]/);
    const own = Object.entries(overrides).find(([start]) => `${method} ${path.replace("/v1.51", "")}`.startsWith(start));
    if (own) return own[1];
    if (path.startsWith("/v1.51/images/")) return { body: image };
    if (path === "/v1.51/containers/create") return { status: 201, body: { Id: "c1", Warnings: [] } };
    if (path === "/v1.51/commit") return { status: 201, body: { Id: "sha256:bb" } };
    // the directory exists
    return method === "HEAD"
      ? { headers: { "X-Docker-Container-Path-Stat": directory } }
      : { status: method === "DELETE" ? 204 : 200 };
  };

const app = (more: Partial<InsertImageFileOptions> = {}): InsertImageFileOptions => ({
  name: "app:1",
  path: "/etc/motd",
  content: "hello\n",
  ...more,
});

/** The files of the sent archive. */
async function filesOf(requests: RecordedRequest[]) {
  const upload = requests.find(({ line }) => line.startsWith("PUT "));
  const files: Record<string, unknown> = {};
  for await (const entry of readArchive(Readable.from([upload!.body]))) {
    if (entry.type === "file") files[entry.name] = [(await entry.buffer()).toString(), entry.mode, entry.uid];
  }
  return files;
}

async function fileServer(status: number, content: string): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(status).end(content));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("Client.insertImageFile", () => {
  it("creates a container, copies the file, and commits and removes the container", async () => {
    const { client, requests, lines } = await recordingDaemon(engine());
    expect(await client.insertImageFile(app({ repository: "app", tag: "2", mode: 0o600, uid: 7 }))).toEqual({ Id: "sha256:bb" });
    expect(lines()).toEqual([
      "GET /v1.51/images/app:1/json",
      "POST /v1.51/containers/create",
      expect.stringMatching(/^HEAD|^PUT /),
      ...lines().slice(3, -2),
      "POST /v1.51/commit?author=Ada&comment=old+comment&container=c1&repo=app&tag=2",
      "DELETE /v1.51/containers/c1?force=1&v=1",
    ]);
    expect(JSON.parse(requests[1]!.body.toString())).toEqual({ Image: "sha256:aa" });
    const files = Object.entries(await filesOf(requests));
    expect(files).toEqual([[expect.stringMatching(/motd$/), ["hello\n", 0o600, 7]]]);
  });

  it("sets name, comment and author of the new image", async () => {
    const { client, lines } = await recordingDaemon(engine());
    await client.insertImageFile(app({ comment: "new", author: "Bob" }));
    expect(lines().at(-2)).toBe("POST /v1.51/commit?author=Bob&comment=new&container=c1");
  });

  it.each([
    ["no command", { Cmd: null, OnBuild: ["RUN x"], Shell: ["sh"] }, { OnBuild: ["RUN x"], Shell: ["sh"] }],
    ["an empty command", { Cmd: [], Entrypoint: [] }, {}],
    ["no settings", null, {}],
  ])("keeps the settings of an image with %s", async (_what, settings, kept) => {
    const { client, requests, lines } = await recordingDaemon(
      engine({ "GET /images": { body: { Id: "sha256:aa", Config: settings } } }),
    );
    await client.insertImageFile(app());
    expect(JSON.parse(requests[1]!.body.toString())).toEqual({ Image: "sha256:aa", Entrypoint: ["-"] });
    expect(lines().at(-2)).toBe("POST /v1.51/commit?author=&comment=&container=c1");
    expect(JSON.parse(requests.at(-2)!.body.toString())).toEqual({ Entrypoint: [], ...kept });
  });

  it("accepts a stream and destroys it", async () => {
    const { client, requests } = await recordingDaemon(engine());
    const content = Readable.from([Buffer.from("hel"), Buffer.from("lo")]);
    await client.insertImageFile(app({ content, size: 5 }));
    expect(Object.values(await filesOf(requests))).toEqual([["hello", 0o644, 0]]);
    expect(content.destroyed).toBe(true);
  });

  it("downloads the content", async () => {
    const { client, requests } = await recordingDaemon(engine());
    await client.insertImageFile(app({ content: undefined, url: `${await fileServer(200, "from afar")}/motd` }));
    expect(Object.values(await filesOf(requests))).toEqual([["from afar", 0o644, 0]]);
  });

  it.each(["refused", "not found"])("rejects when the content cannot be downloaded: %s", async (why) => {
    const { client, lines } = await recordingDaemon(engine());
    const server = why === "refused" ? "http://127.0.0.1:1" : await fileServer(404, "nothing");
    const error = await client
      .insertImageFile(app({ content: undefined, url: `${server}/motd?token=very-secret` }))
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InputStreamError);
    expect(error).toMatchObject({
      message: expect.stringContaining(`cannot download ${server}/motd`),
      operation: "insertImageFile",
    });
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain("very-secret");
    // no container was created
    expect(lines()).toEqual(["GET /v1.51/images/app:1/json"]);
  });

  it.each<[Partial<InsertImageFileOptions>, string]>([
    [{ path: "etc/motd" }, "path"],
    [{ path: "/etc/" }, "path"],
    [{ path: "/etc/.." }, "path"],
    [{ path: "/" }, "path"],
    [{ path: "" }, "path"],
    [{ content: undefined }, "content"],
    [{ url: "http://example.com/x" }, "content"],
  ])("rejects %j", async (more, option) => {
    const { client, lines } = await recordingDaemon(engine());
    const error = await client.insertImageFile(app(more)).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(error).toMatchObject({ option, operation: "insertImageFile" });
    expect(lines()).toEqual([]);
  });

  it.each<[Partial<InsertImageFileOptions>, string]>([
    [{ path: "/data/x" }, "path"],
    [{ content: undefined, url: "ftp://example.com/x" }, "url"],
    [{ content: undefined, url: "http://" }, "url"],
    [{ content: undefined, url: "http://user:very-secret@example.com/x" }, "url"],
  ])("rejects volume paths and invalid URLs: %j", async (more, option) => {
    const { client, lines } = await recordingDaemon(engine());
    const error = await client.insertImageFile(app(more)).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(error).toMatchObject({ option });
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain("very-secret");
    expect(lines()).toEqual(["GET /v1.51/images/app:1/json"]);
  });

  it.each(["nosuch", ""])("rejects a missing image: %j", async (name) => {
    const { client } = await recordingDaemon(
      engine({ "GET /images": { status: 404, body: { message: "No such image: nosuch" } } }),
    );
    await expect(client.insertImageFile(app({ name }))).rejects.toBeInstanceOf(NoSuchImageError);
  });

  it("removes the container after a failure", async () => {
    const { client, lines } = await recordingDaemon(
      engine({ "POST /commit": { status: 500, body: { message: "disk on fire" } } }),
    );
    await expect(client.insertImageFile(app())).rejects.toBeInstanceOf(ServerError);
    expect(lines().at(-1)).toBe("DELETE /v1.51/containers/c1?force=1&v=1");
  });

  it("accepts that the container was already removed", async () => {
    const gone = { status: 404, body: { message: "No such container: c1" } };
    const { client } = await recordingDaemon(engine({ "DELETE /containers": gone }));
    expect(await client.insertImageFile(app())).toEqual({ Id: "sha256:bb" });
  });

  it("rejects when the container cannot be removed", async () => {
    const { client } = await recordingDaemon(
      engine({ "DELETE /containers": { status: 500, body: { message: "disk on fire" } } }),
    );
    await expect(client.insertImageFile(app())).rejects.toBeInstanceOf(ServerError);
  });

  it("removes the container when the call is aborted", async () => {
    const abort = new AbortController();
    const { client, lines } = await recordingDaemon(
      engine({ "POST /commit": { handle: () => abort.abort(new Error("enough")) } }),
    );
    await expect(client.insertImageFile(app(), { signal: abort.signal })).rejects.toBeInstanceOf(AbortError);
    expect(lines().at(-1)).toBe("DELETE /v1.51/containers/c1?force=1&v=1");
  });

  it("rejects when the download fails while the container is being created", async () => {
    const server = createServer((_request, response) => {
      response.writeHead(200, { "Content-Length": "100000" }).write("x".repeat(1_000), () => response.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const broken = new Promise((resolve) => server.once("connection", (socket) => socket.once("close", resolve)));
    const create: Answer = { handle: (_request, response) => void broken.then(() => response.writeHead(201).end('{"Id":"c1"}')) };
    const { client, lines } = await recordingDaemon(engine({ "POST /containers": create }));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const error = await client.insertImageFile(app({ content: undefined, url, size: 100_000 })).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InputStreamError);
    expect(lines().at(-1)).toMatch(/^(?:DELETE|GET) /);
  });

  it.each(["signal", "timeout"])("aborts a download because of the %s", async (what) => {
    const abort = new AbortController();
    const server = createServer(() => what === "signal" && abort.abort());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => server.closeAllConnections());
    onTestFinished(() => void server.close());
    const { client } = await recordingDaemon(engine());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const call = what === "signal" ? { signal: abort.signal } : { timeout: 300 };
    const error = await client.insertImageFile(app({ content: undefined, url }), call).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(what === "signal" ? AbortError : TimeoutError);
  });
});
