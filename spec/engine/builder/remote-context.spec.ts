import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { packEntries } from "../../../lib/archive/index.js";
import { EmbeddedEngine } from "../../../lib/engine/embedded-engine.js";
import type { ImageInspect } from "../../../lib/types/image.js";
import { fileServer } from "../../support/file-server.js";
import { gitIsMissing } from "./git-is-missing.js";

let socketPath: string;

beforeEach(async () => {
  const engine = await EmbeddedEngine.start();
  onTestFinished(() => engine.close());
  socketPath = engine.endpoint.replace("unix://", "");
});

function send(method: string, path: string, body?: Buffer): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, method, path, agent: false }, (response) => {
      buffer(response).then((bytes) => resolve({ status: response.statusCode ?? 0, text: bytes.toString() }), reject);
    });
    sent.on("error", reject).end(body);
  });
}

const labelsOf = async (name: string): Promise<unknown> =>
  (JSON.parse((await send("GET", `/images/${name}/json`)).text) as ImageInspect).Config?.Labels;

/** Serves content for the rest of the test. Returns the address. */
async function serve(answer: (path: string, request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer((incoming, response) => answer(incoming.url ?? "/", incoming, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const archive = await buffer(packEntries([{ name: "sub/Here", content: "FROM scratch\nLABEL from=archive\n" }]));

test.each([
  ["an archive", { type: "application/x-tar", content: archive }, "dockerfile=sub/Here", "archive"],
  ["a compressed archive", { type: "application/gzip", content: gzipSync(archive) }, "dockerfile=sub/Here", "archive"],
  ["an archive of unknown type", { content: gzipSync(archive) }, "dockerfile=sub/Here", "archive"],
  ["a Dockerfile", { type: "text/plain; charset=utf-8", content: "FROM scratch\nLABEL from=text" }, "dockerfile=x", "text"],
  ["a Dockerfile of unknown type", { content: "FROM scratch\nLABEL from=text" }, "", "text"],
])("builds from the URL of %s", async (_what, content, query, from) => {
  const address = await fileServer({ "/here": content });
  const { status, text } = await send("POST", `/build?remote=${address}/here&t=made&${query}`);
  expect(status).toBe(200);
  expect(text).toContain(`"status":"${address}/here"`);
  expect(text).toContain('"id":"Downloading context"');
  expect(await labelsOf("made")).toEqual({ from });
});

test("reports what is wrong with a URL", async () => {
  const address = await fileServer({ "/page": { type: "text/html", content: "<p>" } });
  const message = async (path: string) => {
    const { status, text } = await send("POST", `/build?remote=${path}`);
    return [status, (JSON.parse(text) as { message: string }).message];
  };
  expect(await message(`${address}/page`)).toEqual([
    500,
    `error detecting content type for remote ${address}/page: unsupported Content-Type "text/html"`,
  ]);
  expect(await message(`${address}/none`)).toEqual([
    404,
    `error downloading remote context ${address}/none: failed to GET ${address}/none with status 404 Not Found: gone`,
  ]);
  const [status, refused] = await message("http://127.0.0.1:1/x");
  expect(status).toBe(500);
  expect(refused).toMatch(
    /^error downloading remote context http:\/\/127.0.0.1:1\/x: Get "http:\/\/127.0.0.1:1\/x": .*ECONNREFUSED/,
  );
});

test("no message contains the credentials of a URL", async () => {
  const served = await fileServer({ "/page": { type: "text/html", content: "<p>" }, "/here": { content: archive } });
  const address = served.replace("http://", "http://ann:pa55word@");
  for (const remote of [`${address}/page`, `${address}/none`, `${address}/here`, "http://ann:pa55word@127.0.0.1:1/x"]) {
    const { text } = await send("POST", `/build?dockerfile=sub/Here&remote=${encodeURIComponent(remote)}`);
    expect(text, remote).toMatch(/127\.0\.0\.1/);
    expect(text, remote).not.toMatch(/pa55word|ann:/);
  }
  const context = await buffer(packEntries([{ name: "Dockerfile", content: `FROM scratch\nADD ${address}/none /d/` }]));
  const { text } = await send("POST", "/build", context);
  expect(text).toMatch(/failed to GET http:\/\/xxxxx@127/);
});

test("adds files from URLs, and does not unpack them", async () => {
  const address = await fileServer({ "/a.txt": { content: "text" }, "/b.tar": { content: archive }, "/": { content: "" } });
  const built = async (...lines: string[]) => {
    const context = await buffer(packEntries([{ name: "Dockerfile", content: ["FROM scratch", ...lines].join("\n") }]));
    return (await send("POST", "/build?t=made", context)).text;
  };
  const text = await built(`ADD ${address}/a.txt ${address}/b.tar /d/`, `ADD ${address}/ /named`);
  expect(text).toContain('{"status":"Downloading","progressDetail":{"current":4');
  const saved = await send("GET", "/images/made/history");
  expect(saved.text).toMatch(/#\(nop\) ADD multi:[0-9a-f]{64} in \/d\/ /);
  expect(saved.text).toMatch(/#\(nop\) ADD [0-9a-f]{64} in \/named /);
  expect(await built(`ADD ${address}/a.txt ${address}/b.tar /d/`)).toContain("Using cache");
  expect(await built(`ADD ${address}/ /d/`)).toContain(`ADD failed: cannot determine filename for source ${address}/`);
  expect(await built(`ADD ${address}/none /d/`)).toContain(`ADD failed: failed to GET ${address}/none with status 404`);
});

const run = promisify(execFile);

/** Serves a repository, as a plain file server does. Returns its address. */
async function serveRepository(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "served-repository-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const identity = ["-c", "user.name=me", "-c", "user.email=me@example.com"];
  const git = (...args: string[]) => run("git", [...identity, ...args], { cwd: join(folder, "work") });
  await mkdir(join(folder, "work/sub"), { recursive: true });
  await git("init", "-q", "-b", "main");
  await writeFile(join(folder, "work/Dockerfile"), "FROM scratch\nLABEL from=main\n");
  await writeFile(join(folder, "work/sub/Dockerfile"), "FROM scratch\nLABEL from=folder\n");
  await git("add", ".");
  await git("commit", "-qm", "first");
  await git("checkout", "-q", "-b", "other");
  await writeFile(join(folder, "work/Dockerfile"), "FROM scratch\nLABEL from=other\n");
  await git("commit", "-qam", "second");
  await git("checkout", "-q", "main");
  await run("git", ["clone", "-q", "--bare", "work", "repository.git"], { cwd: folder });
  await run("git", ["update-server-info"], { cwd: join(folder, "repository.git") });
  const address = await serve((path, _request, response) => {
    const [file = ""] = path.split("?", 1);
    readFile(join(folder, file)).then(
      (content) => response.end(content),
      () => response.writeHead(404).end(),
    );
  });
  return `${address}/repository.git`;
}

// git starts many processes, which takes long on a busy machine
test("builds from a repository, its branches and folders", { timeout: 120_000 }, async (context) => {
  context.skip(gitIsMissing, "this machine has no git");
  const address = await serveRepository();
  for (const [fragment, from] of [
    ["#other", "other"],
    ["#:sub", "folder"],
  ] as const) {
    const { status, text } = await send("POST", `/build?t=made&remote=${encodeURIComponent(address + fragment)}`);
    expect([status, text.includes("errorDetail")]).toEqual([200, false]);
    expect(await labelsOf("made")).toEqual({ from });
  }
  const wrong = async (fragment: string) => (await send("POST", `/build?remote=${encodeURIComponent(address + fragment)}`)).text;
  expect(await wrong("#none")).toContain("error checking out none");
  expect(await wrong("#:..")).toContain("not within git root");
  const secret = address.replace("http://", "http://ann:pa55word@");
  for (const remote of [`${secret}#none`, `${secret}.git`]) {
    const { text } = await send("POST", `/build?remote=${encodeURIComponent(remote)}`);
    expect(text).toMatch(/error (checking out none|fetching)/);
    expect(text).not.toMatch(/pa55word|ann:/);
  }
  expect(await wrong("#--upload-pack=x")).toContain("invalid refspec: --upload-pack=x");
});
