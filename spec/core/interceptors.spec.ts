import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { inspect } from "node:util";
import axios, { type InternalAxiosRequestConfig } from "axios";
import { describe, expect, it, vi } from "vitest";
import { ConnectionError } from "../../lib/errors/connection-errors.js";
import { InterceptorError, InvalidOptionError } from "../../lib/errors/usage-errors.js";
import { failureOf, type Probe, probe, probeGet, probePost } from "../support/probe.js";
import { httpServer, ok } from "../support/servers.js";

const SECRET = "c2VzYW1l";

const onRequest = (client: Probe, see: (config: InternalAxiosRequestConfig) => unknown) =>
  client.axios.interceptors.request.use((config) => {
    see(config);
    return config;
  });

describe("a request interceptor", () => {
  it("receives method, path, query and plain headers, but neither credentials nor body", async () => {
    const { endpoint } = await httpServer((_request, response) => ok(response));
    const client = probe(endpoint);
    let seen: InternalAxiosRequestConfig | undefined;
    onRequest(client, (config) => (seen = config));
    await client.send(
      probePost,
      { id: "a b", q: "c", config: { Password: SECRET } },
      { headers: { "X-Trace": "7" } },
      {
        secretHeaders: { "X-Registry-Auth": SECRET },
      },
    );
    expect(seen).toMatchObject({
      method: "post",
      url: "/v1.51/probe/a%20b?q=c",
      headers: { "X-Trace": "7", "User-Agent": "ts-dockerclient" },
    });
    expect(seen?.data).toBeUndefined();
    expect(inspect(seen, { depth: null, showHidden: true, getters: true })).not.toContain(SECRET);
  });

  it("can add and change headers", async () => {
    let sent: unknown;
    const { endpoint } = await httpServer((request, response) => {
      sent = request.headers;
      ok(response);
    });
    const client = probe(endpoint, { headers: { "X-From": "client" } });
    onRequest(client, (config) => {
      config.headers.set("Authorization", "Bearer t");
      config.headers.set("x-from", "interceptor");
      config.headers.set("X-Number", 5);
      config.headers.set("X-List", ["a", "b"]);
      config.headers.set("X-Unset", false);
      config.headers.delete("user-agent");
    });
    await client.get();
    expect(sent).toMatchObject({ authorization: "Bearer t", "x-from": "interceptor", "x-number": "5", "x-list": "a, b" });
    expect(sent).not.toHaveProperty("x-unset");
    expect(sent).not.toHaveProperty("user-agent");
  });

  it("also receives the version request", async () => {
    const { endpoint } = await httpServer((_request, response) => {
      response.setHeader("Api-Version", "1.41");
      ok(response);
    });
    const client = probe(endpoint, { apiVersion: undefined });
    const urls: unknown[] = [];
    onRequest(client, ({ url }) => urls.push(url));
    await client.get();
    expect(urls).toEqual(["/_ping", "/v1.41/probe/x"]);
  });

  it("that throws fails the call with the same error", async () => {
    const { endpoint, accepted } = await httpServer((_request, response) => ok(response));
    const client = probe(endpoint);
    const own = new RangeError("not today");
    onRequest(client, () => {
      throw own;
    });
    expect(await failureOf(client.get())).toBe(own);
    const upload = Readable.from(["x"]);
    expect(await failureOf(client.post(undefined, { upload }))).toBe(own);
    expect(upload.destroyed).toBe(true);
    expect(accepted()).toBe(0);
  });

  it("that throws an axios error fails the call with one of this package's errors, without the request", async () => {
    const { endpoint } = await httpServer((_request, response) => ok(response));
    const client = probe(endpoint);
    onRequest(client, (config) => {
      config.headers.set("Authorization", SECRET);
      throw new axios.AxiosError("no route", "ECONNABORTED", config);
    });
    const error = await failureOf(client.get());
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).toMatchObject({ message: "probeGet failed: no route", operation: "probeGet", endpoint });
    expect((error as Error).cause).toBeUndefined();
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain(SECRET);
  });

  it("that is slow does not delay an abort, a timeout or close", async () => {
    const { endpoint, accepted } = await httpServer((_request, response) => ok(response));
    const client = probe(endpoint);
    let release: (value: unknown) => void = () => undefined;
    const held = new Promise((resolve) => (release = resolve));
    client.axios.interceptors.request.use(async (config) => {
      await held;
      return config;
    });
    const controller = new AbortController();
    const aborted = failureOf(client.get({ signal: controller.signal }));
    controller.abort();
    expect(await aborted).toMatchObject({ name: "AbortError" });
    expect(await failureOf(client.get({ timeout: 20 }))).toMatchObject({ name: "TimeoutError", kind: "total" });
    const closed = failureOf(client.get());
    await client.close();
    expect(await closed).toMatchObject({ name: "ClientClosedError" });
    release(undefined);
    await sleep(20);
    expect(accepted()).toBe(0);
  });

  it.each([
    ["a header value that HTTP does not allow", { headers: { "X-Bad": "a\r\nb" } }],
    ["a header value outside Latin-1", { headers: { "X-Bad": "\u20ac" } }],
    ["a header name that HTTP does not allow", { headers: { "X Bad": "a" } }],
    ["a custom length", { headers: { "content-length": "5" } }],
    ["a custom transfer encoding", { headers: { "Transfer-Encoding": "chunked" } }],
  ])("or call with %s is rejected", async (_what, call) => {
    const { endpoint, accepted } = await httpServer((_request, response) => ok(response));
    const error = await failureOf(probe(endpoint).get(call));
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(error).toMatchObject({ option: "headers", operation: "probeGet" });
    expect(accepted()).toBe(0);
  });

  it("that sets a path that HTTP does not allow is rejected", async () => {
    const { endpoint } = await httpServer((_request, response) => ok(response));
    const client = probe(endpoint);
    onRequest(client, (config) => (config.url = "/a b"));
    expect(await failureOf(client.get())).toBeInstanceOf(InvalidOptionError);
  });
});

describe("a response interceptor", () => {
  it("receives status and headers, but neither the response body nor the credentials of the request", async () => {
    const { endpoint } = await httpServer((_request, response) => {
      response.writeHead(200, { "X-Server": "spec" });
      response.end(JSON.stringify({ Token: SECRET }));
    });
    const client = probe(endpoint);
    const seen: unknown[] = [];
    client.axios.interceptors.response.use((response) => {
      seen.push(response);
      return response;
    });
    const extras = { secretHeaders: { "X-Registry-Auth": SECRET } };
    expect(await client.json(probeGet, { id: "x" }, undefined, extras)).toEqual({ Token: SECRET });
    expect(seen).toMatchObject([{ status: 200, headers: { "x-server": "spec" } }]);
    expect(inspect(seen, { depth: null, showHidden: true, getters: true })).not.toContain(SECRET);
  });

  it("that returns another value changes nothing", async () => {
    const { endpoint } = await httpServer((_request, response) => ok(response, '{"a":1}'));
    const client = probe(endpoint);
    const interceptors = client.axios.interceptors;
    interceptors.response.use((response) => response.data as never);
    expect(await client.json(probeGet, { id: "x" })).toEqual({ a: 1 });
  });

  it("that throws fails the call and releases the connection", async () => {
    const { endpoint, open } = await httpServer((_request, response) => {
      response.write("the beginning of a long answer");
    });
    const client = probe(endpoint);
    const own = new Error("I do not like it");
    client.axios.interceptors.response.use(() => {
      throw own;
    });
    for (let i = 0; i < 3; i++) expect(await failureOf(client.get())).toBe(own);
    await vi.waitFor(() => expect(open.size).toBe(0));
    expect(await client.connections()).toBe(0);
  });

  it("that is slow while the engine disconnects fails only the call", async () => {
    const { endpoint } = await httpServer((_request, response) => {
      response.writeHead(200, { "Content-Length": "100" });
      response.write("x");
      setTimeout(() => response.destroy(), 10);
    });
    const client = probe(endpoint);
    client.axios.interceptors.response.use(async (response) => {
      await sleep(60);
      return response;
    });
    expect(await failureOf(client.get())).toMatchObject({ operation: "probeGet", endpoint });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 5);
    expect(await failureOf(client.get({ signal: controller.signal }))).toMatchObject({ name: "AbortError" });
  });
});

describe("the axios instance", () => {
  it("carries only the requests of its client", async () => {
    const { endpoint, accepted } = await httpServer((_request, response) => ok(response));
    const client = probe(endpoint);
    expect(await failureOf(client.axios.get("/v1.51/info"))).toBeInstanceOf(InterceptorError);
    expect(accepted()).toBe(0);
  });

  it("sends a request once", async () => {
    const { endpoint, accepted } = await httpServer((_request, response) => ok(response));
    const client = probe(endpoint);
    const instance = client.axios;
    instance.interceptors.response.use((response) => instance.request(response.config));
    const error = await failureOf(client.get());
    expect(error).toBeInstanceOf(InterceptorError);
    expect((error as Error).message).toContain("already has a response");
    expect(accepted()).toBe(1);
  });

  it("rejects a response that did not come from the engine", async () => {
    const { endpoint } = await httpServer((_request, response) => ok(response));
    const client = probe(endpoint);
    onRequest(client, (config) => {
      config.adapter = () => Promise.resolve({ data: {}, status: 200, statusText: "", headers: {}, config });
    });
    expect(await failureOf(client.get())).toBeInstanceOf(InterceptorError);
  });

  it("has no defaults that change requests, and no secrets", () => {
    const client = probe("tcp://127.0.0.1:1", {
      tls: { cert: "certificate", key: SECRET, passphrase: SECRET },
      headers: { "X-Plain": "yes" },
      env: { A: SECRET },
    });
    expect(client.axios.defaults).toMatchObject({ transformRequest: [], transformResponse: [], validateStatus: null });
    expect(client.axios.defaults.headers.common).toMatchObject({});
    expect(inspect(client.axios, { depth: null, showHidden: true, getters: true })).not.toContain(SECRET);
  });
});
