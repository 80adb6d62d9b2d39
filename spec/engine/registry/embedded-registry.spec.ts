import { once } from "node:events";
import { connect } from "node:net";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { parseChallenge } from "../../../lib/engine/registry/authorization.js";
import { parseCredentials, parseRegistryConfig } from "../../../lib/engine/registry/credentials.js";
import { EmbeddedRegistry } from "../../../lib/engine/registry/embedded-registry.js";
import { loginToRegistry } from "../../../lib/engine/registry/login.js";
import { digestOf } from "../../../lib/engine/store/blobs.js";

let base: string;
let registry: EmbeddedRegistry;
beforeEach(async () => {
  registry = await EmbeddedRegistry.start();
  base = `http://${registry.address}/v2`;
  onTestFinished(() => registry.close());
});

const upload = (repository: string, content: string): Promise<Response> =>
  fetch(`${base}/${repository}/blobs/uploads/?digest=${digestOf(content)}`, { method: "POST", body: content });

const manifest = (config: string): string =>
  JSON.stringify({ schemaVersion: 2, config: { mediaType: "x", digest: digestOf(config), size: config.length }, layers: [] });

const put = (repository: string, reference: string, body: string): Promise<Response> =>
  fetch(`${base}/${repository}/manifests/${reference}`, {
    method: "PUT",
    body,
    headers: { "content-type": "application/vnd.x" },
  });

const code = async (response: Response): Promise<string> => {
  const { errors } = (await response.json()) as { errors: { code: string }[] };
  return `${response.status} ${errors[0]?.code ?? ""}`;
};

test("blobs are uploaded, read in part and deleted", async () => {
  const created = await upload("team/x", "hello");
  expect(created.status).toBe(201);
  expect(created.headers.get("docker-content-digest")).toBe(digestOf("hello"));
  const url = `${base}/team/x/blobs/${digestOf("hello")}`;
  expect(await (await fetch(url)).text()).toBe("hello");
  const part = await fetch(url, { headers: { range: "bytes=1-3" } });
  expect([part.status, await part.text(), part.headers.get("content-range")]).toEqual([206, "ell", "bytes 1-3/5"]);
  expect(await code(await fetch(url, { headers: { range: "bytes=9-" } }))).toBe("416 RANGE_INVALID");
  expect((await fetch(url, { method: "HEAD" })).headers.get("content-length")).toBe("5");
  expect((await fetch(url, { method: "DELETE" })).status).toBe(202);
  expect(await code(await fetch(url))).toBe("404 BLOB_UNKNOWN");
  expect(await code(await fetch(`${base}/other/blobs/${digestOf("hello")}`))).toBe("404 NAME_UNKNOWN");
});

test("an upload in pieces", async () => {
  const begun = await fetch(`${base}/x/blobs/uploads/`, { method: "POST" });
  expect(begun.status).toBe(202);
  const url = new URL(begun.headers.get("location")!, base).href;
  const piece = (body: string, range: string) => fetch(url, { method: "PATCH", body, headers: { "content-range": range } });
  expect((await piece("abc", "0-2")).headers.get("range")).toBe("0-2");
  expect(await code(await piece("x", "7-7"))).toBe("416 RANGE_INVALID");
  expect((await piece("abc", "3-5")).status).toBe(202);
  expect((await fetch(url)).headers.get("range")).toBe("0-5");
  expect(await code(await fetch(`${url}?digest=${digestOf("other")}`, { method: "PUT" }))).toBe("400 DIGEST_INVALID");
  expect((await fetch(`${url}?digest=${digestOf("abcabcd")}`, { method: "PUT", body: "d" })).status).toBe(201);
  expect(await (await fetch(`${base}/x/blobs/${digestOf("abcabcd")}`)).text()).toBe("abcabcd");
  expect(await code(await fetch(url))).toBe("404 BLOB_UPLOAD_UNKNOWN");
});

test("an upload is cancelled", async () => {
  const begun = await fetch(`${base}/x/blobs/uploads/`, { method: "POST" });
  const url = new URL(begun.headers.get("location")!, base).href;
  expect((await fetch(url, { method: "DELETE" })).status).toBe(204);
  expect(await code(await fetch(url, { method: "PATCH", body: "a" }))).toBe("404 BLOB_UPLOAD_UNKNOWN");
});

test("manifests, tags and the catalogue", async () => {
  expect(await code(await put("x", "1", manifest("{}")))).toBe("400 MANIFEST_BLOB_UNKNOWN");
  expect(await code(await put("x", "1", "{}"))).toBe("400 MANIFEST_INVALID");
  await upload("x", "{}");
  const bytes = manifest("{}");
  const digest = digestOf(bytes);
  expect((await put("x", "1", bytes)).headers.get("docker-content-digest")).toBe(digest);
  expect((await put("x", "2", bytes)).status).toBe(201);
  expect(await code(await put("x", digestOf("other"), bytes))).toBe("400 DIGEST_INVALID");
  const got = await fetch(`${base}/x/manifests/1`);
  expect([got.headers.get("content-type"), await got.text()]).toEqual(["application/vnd.x", bytes]);
  expect(await (await fetch(`${base}/x/tags/list`)).json()).toEqual({ name: "x", tags: ["1", "2"] });
  expect(await (await fetch(`${base}/x/tags/list?n=1&last=1`)).json()).toEqual({ name: "x", tags: ["2"] });
  expect(await (await fetch(`${base}/_catalog`)).json()).toEqual({ repositories: ["x"] });
  const index = JSON.stringify({ schemaVersion: 2, manifests: [{ mediaType: "y", digest, size: bytes.length }] });
  expect((await put("x", "all", index)).status).toBe(201);
  expect((await fetch(`${base}/x/manifests/2`, { method: "DELETE" })).status).toBe(202);
  expect(registry.tags("x")).toEqual({ 1: digest, all: digestOf(index) });
  expect((await fetch(`${base}/x/manifests/${digest}`, { method: "DELETE" })).status).toBe(202);
  expect(await code(await fetch(`${base}/x/manifests/1`))).toBe("404 MANIFEST_UNKNOWN");
});

test("unknown operations and names are refused", async () => {
  expect(await (await fetch(`${base}/`)).json()).toEqual({});
  expect(await code(await fetch(`${base}/x/nothing`))).toBe("404 UNSUPPORTED");
  expect(await code(await fetch(`${base}/UP/tags/list`))).toBe("400 NAME_INVALID");
});

test.each([
  [
    'Bearer realm="https://a/t",service="s, x",scope="repository:a:pull"',
    "bearer",
    { realm: "https://a/t", service: "s, x", scope: "repository:a:pull" },
  ],
  ["basic realm=x", "basic", { realm: "x" }],
  ['Basic realm="a\\"b"', "basic", { realm: 'a"b' }],
])("the challenge %s", (header, scheme, parameters) => {
  expect(parseChallenge(header)).toEqual({ scheme, parameters });
});

test("other challenges are not understood", () => {
  expect(parseChallenge(undefined)).toBeUndefined();
  expect(parseChallenge("Digest realm=x")).toBeUndefined();
});

test("credentials in the header of a request", () => {
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  expect(parseCredentials("")).toEqual({});
  expect(parseCredentials(encode({ username: "a", password: "b", email: 5 }))).toEqual({ username: "a", password: "b" });
  for (const malformed of [encode(1), encode(null), "secret"]) expect(parseCredentials(malformed)).toEqual({});
});

test("reads the credentials of builds by registry", () => {
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const header = encode({
    "https://index.docker.io/v1/": { username: "hub" },
    "localhost:5000": { username: "a", password: "b", email: 5 },
    odd: "text",
  });
  expect(Object.fromEntries(parseRegistryConfig(header))).toEqual({
    "docker.io": { username: "hub" },
    "localhost:5000": { username: "a", password: "b" },
  });
  expect(parseRegistryConfig("").size).toBe(0);
  expect(parseRegistryConfig("not base64").size).toBe(0);
});

test.each(["basic", "token"] as const)("a login with %s authentication is checked", async (authentication) => {
  const guarded = await EmbeddedRegistry.start({ users: { me: "pw" }, authentication });
  onTestFinished(() => guarded.close());
  const serveraddress = `http://${guarded.address}/v2/`;
  const login = (password: string) => loginToRegistry({ username: "me", password, serveraddress });
  expect(await login("pw")).toEqual({ Status: "Login Succeeded", IdentityToken: "" });
  await expect(login("a-wrong-secret")).rejects.toMatchObject({ status: 401, message: "unauthorized: authentication required" });
});

test.each(["//[", "/v2/team/x/blobs/%zz", "/v2/%ff/tags/list"])(
  "the target %j is answered, and the registry goes on",
  async (target) => {
    const [host = "", port = ""] = registry.address.split(":");
    const socket = connect({ host, port: Number(port) });
    onTestFinished(() => void socket.destroy());
    socket.write(`GET ${target} HTTP/1.1\r\nHost: registry\r\n\r\n`);
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 40[04] /);
    expect((await fetch(`${base}/`)).status).toBe(200);
  },
);
