import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { stat, writeFile } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { HttpServer, type ServerHooks } from "../../../lib/engine/server/http-server.js";
import { type Route, Router } from "../../../lib/engine/server/router.js";
import { temporaryDirectory } from "../../support/archive.js";

const routes = (more: readonly Route[] = []): Route[] => [
  { method: "GET", path: "/version", handle: (exchange) => exchange.json({ version: exchange.version }) },
  { method: "HEAD", path: "/version", handle: (exchange) => exchange.text("OK") },
  { method: "POST", path: "/echo", handle: async (exchange) => exchange.json((await exchange.body()) ?? null) },
  { method: "GET", path: "/images/**:name/json", handle: (exchange) => exchange.json(exchange.params) },
  { method: "GET", path: "/new", since: "1.40", removed: "1.50", handle: (exchange) => exchange.empty() },
  {
    method: "GET",
    path: "/fault",
    handle: () => {
      throw new Error("broken");
    },
  },
  {
    method: "POST",
    path: "/hijack",
    handle: async (exchange) => {
      exchange.isInputInBody = true;
      const body = await exchange.requiredBody();
      const connection = exchange.hijack("application/vnd.docker.raw-stream");
      connection.write(`${JSON.stringify(body)}|`);
      for await (const chunk of connection.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) connection.write(chunk);
      connection.end();
    },
  },
  ...more,
];

/** Starts a server on a socket for the rest of the test. */
async function serving(more: readonly Route[] = [], hooks: ServerHooks = {}): Promise<string> {
  const path = join(await temporaryDirectory(), "engine.sock");
  const server = new HttpServer(new Router(routes(more)), { min: "1.24", max: "1.51" }, { "Api-Version": "1.51" }, hooks);
  onTestFinished(() => server.close());
  expect(await server.listen({ path })).toBe(`unix://${path}`);
  return path;
}

async function connected(path: string): Promise<{ socket: Socket; received: () => string }> {
  const socket = connect({ path, allowHalfOpen: true });
  let text = "";
  socket.on("data", (chunk: Buffer) => (text += chunk.toString()));
  await once(socket, "connect");
  onTestFinished(() => void socket.destroy());
  return { socket, received: () => text };
}

/** Sends bytes in packets, each once the earlier ones have been taken, and waits for a text in the response. */
async function exchanged(path: string, packets: readonly string[], end: string): Promise<string> {
  const { socket, received } = await connected(path);
  for (const packet of packets) {
    await new Promise((resolve) => socket.write(packet, resolve));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await vi.waitFor(() => expect(received()).toContain(end));
  return received();
}

const get = (path: string, target: string, method = "GET"): Promise<string> =>
  exchanged(path, [`${method} ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`], "\r\n\r\n").then(
    async (head) => head,
  );

test.each([
  ["GET", "/version", "200 OK", '{"version":"1.51"}'],
  ["GET", "/v1.30/version", "200 OK", '{"version":"1.30"}'],
  ["GET", "//v1.30///version", "200 OK", '{"version":"1.30"}'],
  ["GET", "/v1.23/version", "400 Bad Request", "client version 1.23 is too old. Minimum supported API version is 1.24"],
  ["GET", "/v1.52/version", "400 Bad Request", "client version 1.52 is too new. Maximum supported API version is 1.51"],
  ["GET", "/nothing", "404 Not Found", '{"message":"page not found"}'],
  ["PUT", "/version", "404 Not Found", '{"message":"page not found"}'],
  ["GET", "/v1.39/new", "404 Not Found", '{"message":"page not found"}'],
  ["GET", "/v1.50/new", "404 Not Found", '{"message":"page not found"}'],
  ["GET", "/v1.40/new", "204 No Content", "Api-Version: 1.51"],
  ["GET", "/images/a%2Fb/c:1/json", "200 OK", '{"name":"a/b/c:1"}'],
  ["GET", "http://[", "400 Bad Request", '{"message":"malformed request target \\"http://[\\""}'],
  ["GET", "/images/%zz/json", "404 Not Found", '{"message":"page not found"}'],
])("%s %s is answered with %s", async (method, target, status, text) => {
  const answer = await get(await serving(), target, method);
  expect(answer).toContain(`HTTP/1.1 ${status}\r\n`);
  expect(answer).toContain(text);
});

test("a request may have 1 MiB before its body, as with Docker", async () => {
  const path = await serving();
  const target = (length: number): string => `/version?names=${"a".repeat(length)}`;
  expect(await get(path, target(1_000_000))).toContain("HTTP/1.1 200 OK");
  const { socket, received } = await connected(path);
  socket.on("error", () => undefined); // the server closes before it has read everything
  socket.write(`GET ${target(1_100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`);
  await vi.waitFor(() => expect(received()).toContain("HTTP/1.1 431 "));
});

test("HEAD has headers and no body", async () => {
  const answer = await get(await serving(), "/version", "HEAD");
  expect(answer).toMatch(/content-length: 2\r\n/);
  expect(answer).toMatch(/\r\n\r\n$/);
});

test("a fault is reported and answered with 500", async () => {
  const onFault = vi.fn();
  const answer = await get(await serving([], { onFault }), "/fault");
  expect(answer).toContain("500 Internal Server Error");
  expect(answer).toContain('{"message":"broken"}');
  expect(onFault).toHaveBeenCalledOnce();
});

test("a connection serves several requests", async () => {
  const request = "GET /version HTTP/1.1\r\nHost: x\r\n\r\n";
  const answer = await exchanged(
    await serving(),
    [request, request, "GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n"],
    "page not found",
  );
  expect(answer.match(/HTTP\/1\.1 200/g)).toHaveLength(2);
});

test.each([
  ['{"a":', "invalid JSON"],
  ["5", "cannot unmarshal number"],
  [`{"a":${"[".repeat(50_000)}${"]".repeat(50_000)}}`, "invalid JSON: exceeded max depth"],
  ["null", "null"],
  ['{"a":"ü"}', '{"a":"ü"}'],
])("the body %j is answered with %j", async (body, text) => {
  const head = `POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
  expect(await exchanged(await serving(), [head, body], text)).toContain(text);
});

test("a client can send the rest of a body that was refused, for half a second", async () => {
  const path = await serving();
  const head = "POST /nonesuch HTTP/1.1\r\nHost: engine\r\n";
  const { socket, received } = await connected(path);
  const ended = once(socket, "end");
  socket.write(`${head}Content-Length: 2000000\r\n\r\n`);
  await vi.waitFor(() => expect(received()).toContain("page not found"));
  expect(socket.readableEnded).toBe(false);
  // without a reader, it would not be taken
  await new Promise((resolve) => socket.write(Buffer.alloc(2_000_000), resolve));
  await ended;
  expect(received()).toMatch(/^HTTP\/1.1 404 [^]*\r\nConnection: close\r\n/);
  const silent = await connected(path);
  silent.socket.write(`${head}Content-Length: 9\r\n\r\n`);
  await once(silent.socket, "end");
  expect(silent.received()).toContain("page not found");
});

test("other content types are refused", async () => {
  const head = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}";
  expect(await exchanged(await serving(), [head], "must be")).toContain("unsupported Content-Type header (text/plain)");
});

const upgrade = `POST /hijack HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 9\r\n\r\n`;

test.each([
  ["one packet", [`${upgrade}{"a":"b"}`, "input"]],
  ["one packet with the input", [`${upgrade}{"a":"b"}input`]],
  ["two packets", [upgrade, '{"a":"b"}', "input"]],
  ["two packets with the input", [upgrade, '{"a":"b"}input']],
  ["three packets", [upgrade, '{"a":', '"b"}', "inp", "ut"]],
])("a connection is upgraded after a body in %s", async (_, packets) => {
  const answer = await exchanged(await serving(), packets, "input");
  expect(answer).toMatch(/^HTTP\/1\.1 101 UPGRADED\r\n/);
  expect(answer).toContain("Upgrade: tcp\r\n");
  expect(answer.split("\r\n\r\n")[1]).toBe('{"a":"b"}|input');
});

test("input follows the JSON in a chunked body that stays open", async () => {
  const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;
  const head = "POST /hijack HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
  const answer = await exchanged(await serving(), [head, chunk('{"a":"b"}'), chunk("inp"), chunk("ut")], "ut");
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(answer.split("\r\n\r\n")[1]).toBe('{"a":"b"}|input');
});

test("an offer of h2c is an ordinary request", async () => {
  const head = (method: string, target: string): string =>
    `${method} ${target} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n`;
  const path = await serving();
  expect(await exchanged(path, [`${head("GET", "/version")}\r\n`], "version")).toMatch(
    /^HTTP\/1\.1 200 OK[^]*\{"version":"1\.51"\}/,
  );
  const post = `${head("POST", "/echo")}Content-Type: application/json\r\nContent-Length: 7\r\n\r\n`;
  expect(await exchanged(path, [post, '{"a":1}'], '{"a":1}')).toMatch(/^HTTP\/1\.1 200 OK/);
});

test("an error after an upgrade request is an ordinary response", async () => {
  const answer = await exchanged(await serving(), [`${upgrade}{"a" "b"}`], "invalid JSON");
  expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request/);
});

test("a route learns that its client is gone", async () => {
  const gone = vi.fn();
  const wait: Route = {
    method: "GET",
    path: "/wait",
    handle: (exchange) =>
      new Promise((resolve) => {
        exchange.stream("text/plain");
        exchange.signal.addEventListener("abort", () => {
          gone();
          resolve();
        });
      }),
  };
  const path = await serving([wait]);
  const { socket, received } = await connected(path);
  socket.write("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
  await vi.waitFor(() => expect(received()).toContain("200 OK"));
  socket.destroy();
  await vi.waitFor(() => expect(gone).toHaveBeenCalledOnce());
  expect(await get(path, "/version")).toContain("200 OK");
});

test("a socket is private, replaces a stale one, and leaves one in use alone", async () => {
  const path = join(await temporaryDirectory(), "engine.sock");
  const newServer = (): HttpServer => new HttpServer(new Router(routes()), { min: "1.24", max: "1.51" }, {});
  // a process that is killed leaves its socket behind
  const script = `require("net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, "SIGKILL"))`;
  spawnSync(process.execPath, ["-e", script]);
  expect((await stat(path)).isSocket()).toBe(true);
  const first = newServer();
  await first.listen({ path });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await expect(newServer().listen({ path })).rejects.toThrow("is in use");
  expect(await get(path, "/version")).toContain("200 OK");
  await first.close();
  await expect(stat(path)).rejects.toThrow("ENOENT");
  await writeFile(path, "");
  await expect(newServer().listen({ path })).rejects.toThrow("EADDRINUSE");
});

test("a port in use is refused", async () => {
  const holder = createServer().listen(0, "127.0.0.1");
  await once(holder, "listening");
  onTestFinished(() => void holder.close());
  const { port } = holder.address() as { port: number };
  const server = new HttpServer(new Router([]), { min: "1.24", max: "1.51" }, {});
  await expect(server.listen({ host: "127.0.0.1", port })).rejects.toThrow("EADDRINUSE");
});

test("writing to a slow client leaves no listeners behind", async () => {
  const counts: number[] = [];
  const handle: Route["handle"] = async (exchange) => {
    const { response } = exchange;
    exchange.stream("application/octet-stream");
    const count = (): number => ["close", "drain", "error"].reduce((sum, name) => sum + response.listenerCount(name), 0);
    const before = count();
    for (let part = 0; part < 50; part += 1) await exchange.write(Buffer.alloc(256 * 1024));
    counts.push(count() - before);
    response.end();
  };
  const path = await serving([{ method: "GET", path: "/large", handle }]);
  const { socket } = await connected(path);
  socket.write("GET /large HTTP/1.1\r\nHost: engine\r\nConnection: close\r\n\r\n");
  await once(socket, "end");
  expect(counts).toEqual([0]);
});
