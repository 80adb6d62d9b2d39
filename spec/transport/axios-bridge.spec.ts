import { execFile } from "node:child_process";
import { getEventListeners } from "node:events";
import { promisify } from "node:util";
import axios, { type Axios, type AxiosAdapter, type InternalAxiosRequestConfig } from "axios";
import { describe, expect, it, onTestFinished } from "vitest";
import { AbortError, ConnectionError, TimeoutError } from "../../lib/errors/connection-errors.js";
import { InterceptorError } from "../../lib/errors/usage-errors.js";
import { timersOfPackage } from "../support/leaks.js";
import { failureOf, type Probe, probe, probeGet } from "../support/probe.js";
import { httpServer, ok } from "../support/servers.js";

/** Adds a header to the request. */
const mark = (config: InternalAxiosRequestConfig) => {
  config.headers.set("X-Mark", "here");
  return config;
};

const marked = (config: { headers?: object }) => ({
  ...config,
  headers: Object.assign({}, config.headers, { "X-Mark": "here" }),
});

/** Each way to customize an instance; all of them add a header. */
const ways: Record<string, (instance: Axios) => void> = {
  "a request interceptor": (instance) => void instance.interceptors.request.use(mark),
  "default headers": (instance) => void (instance.defaults.headers.common["X-Mark"] = "here"),
  "default headers of one method": (instance) => void (instance.defaults.headers.get["X-Mark"] = "here"),
  "a request transformation": (instance) => {
    instance.defaults.transformRequest = (data: unknown, headers) => {
      expect(data).toBeUndefined();
      headers.set("X-Mark", "here");
      return data;
    };
  },
  "an adapter around the client's adapter": (instance) => {
    const adapter = instance.defaults.adapter as AxiosAdapter;
    instance.defaults.adapter = (config) => adapter(mark(config));
  },
  "a patched prototype": () => {
    const { request } = axios.Axios.prototype;
    onTestFinished(() => void (axios.Axios.prototype.request = request));
    axios.Axios.prototype.request = function (this: Axios, config: object) {
      return request.call(this, marked(config)) as never;
    };
  },
  "a replaced request method": (instance) => {
    const request = instance.request.bind(instance);
    instance.request = (config: object) => request(marked(config)) as never;
  },
  "a copied instance": (instance) => {
    const copy = axios.create(marked(instance.defaults));
    instance.request = (config: object) => copy.request(config) as never;
  },
};

/** Each way of rejecting a response. */
const rejections: Record<string, (instance: Axios) => void> = {
  "a response interceptor": (instance) => {
    instance.interceptors.response.use((response) => {
      throw new axios.AxiosError(`no ${response.status} today`, "ERR", response.config, undefined, response);
    });
  },
  "a response transformation": (instance) => {
    instance.defaults.transformResponse = function (data: unknown) {
      expect(data).toBeUndefined();
      throw new axios.AxiosError("no 200 today", "ERR", this, undefined, {} as never);
    };
  },
  "a custom validateStatus": (instance) => void (instance.defaults.validateStatus = (status) => status !== 200),
};

const moments = ["before", "after"] as const;
const table = (rows: object) => moments.flatMap((moment) => Object.keys(rows).map((way) => [way, moment] as const));

async function setUp(): Promise<{ client: Probe; sent: () => unknown[]; accepted: () => number }> {
  const marks: unknown[] = [];
  const { endpoint, accepted } = await httpServer((request, response) => {
    marks.push(request.headers["x-mark"]);
    ok(response);
  });
  return { client: probe(endpoint), sent: () => marks, accepted };
}

describe("the axios instance of a client", () => {
  it("comes from the axios package that users import", async () => {
    const { client } = await setUp();
    expect(client.axios).toBeInstanceOf(axios.Axios);
    expect(client.axios).toBe(client.axios);
  });

  it.each(table(ways))("sends a header added by %s, installed %s the first request", async (way, moment) => {
    const { client, sent } = await setUp();
    if (moment === "after") await client.get();
    ways[way]?.(client.axios);
    await client.get();
    expect(sent().at(-1)).toBe("here");
  });

  it.each(table(rejections))("fails a call rejected by %s, installed %s the first request", async (way, moment) => {
    const { client } = await setUp();
    if (moment === "after") await client.get();
    rejections[way]?.(client.axios);
    const error = await failureOf(client.get());
    expect(error).toBeInstanceOf(InterceptorError);
    expect(error).toMatchObject({ code: "ERR_INTERCEPTOR", operation: "probeGet" });
    expect((error as Error).message).toMatch(/^the axios instance rejected the response to probeGet: .*200/);
    expect((error as Error).cause).toBeUndefined();
  });

  it("lets an interceptor accept a response that validateStatus rejects", async () => {
    const { client } = await setUp();
    client.axios.defaults.validateStatus = () => false;
    client.axios.interceptors.response.use(undefined, () => undefined);
    expect(await client.get()).toBe(200);
  });

  it.each([
    [499, "ERR_BAD_REQUEST"],
    [500, "ERR_BAD_RESPONSE"],
  ])("passes status %i to interceptors with the code %s if validateStatus rejects it", async (status, code) => {
    const { endpoint } = await httpServer((_request, response) => void response.writeHead(status).end());
    const client = probe(endpoint);
    client.axios.defaults.validateStatus = (found) => found < 400;
    const seen: unknown[] = [];
    client.axios.interceptors.response.use(undefined, (error: { code?: string; response?: { status: number } }) => {
      seen.push(error.code, error.response?.status);
      throw error;
    });
    expect(await failureOf(client.get())).toBeInstanceOf(InterceptorError);
    expect(seen).toEqual([code, status]);
  });

  it("sends headers that are numbers, booleans or lists, but none that is null", async () => {
    let sent: string[] = [];
    const { endpoint } = await httpServer((request, response) => {
      sent = request.rawHeaders.filter((_item, at, all) => /^X-/.test(all[at - (at % 2)] ?? ""));
      ok(response);
    });
    const client = probe(endpoint);
    client.axios.interceptors.request.use((config) => {
      Object.assign(config.headers, { "X-Number": 7, "X-List": ["a", "b"], "X-Flag": true, "X-Null": null });
      return config;
    });
    expect(await client.get()).toBe(200);
    expect(sent).toEqual(["X-Number", "7", "X-List", "a", "X-List", "b", "X-Flag", "true"]);
  });

  it("leaves no timer and no listener behind", async () => {
    const timers = timersOfPackage();
    const { client } = await setUp();
    const { signal } = new AbortController();
    Object.assign(client.axios.defaults, { timeout: 60_000, signal });
    expect(await client.get()).toBe(200);
    await expect.poll(timers).toEqual([]);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("has a timeout from one millisecond on", async () => {
    const { endpoint } = await httpServer(() => undefined);
    const client = probe(endpoint);
    client.axios.defaults.timeout = 1;
    expect(await failureOf(client.get())).toMatchObject({ name: "TimeoutError", kind: "headers", timeout: 1 });
  });

  it("supports upgrades", async () => {
    const { client, sent } = await setUp();
    client.axios.interceptors.request.use(mark);
    (await client.hijack(probeGet, { id: "x" })).source.destroy();
    expect(sent()).toEqual(["here"]);
  });

  it("adds its params to the query", async () => {
    let url: string | undefined;
    const { endpoint } = await httpServer((request, response) => {
      url = request.url;
      ok(response);
    });
    const client = probe(endpoint);
    client.axios.defaults.params = { trace: 7 };
    await client.send(probeGet, { id: "x", q: "c" });
    expect(url).toBe("/v1.51/probe/x?q=c&trace=7");
  });

  it("ends calls at its timeout and its signal", async () => {
    const { endpoint } = await httpServer(() => undefined);
    const timed = probe(endpoint);
    timed.axios.defaults.timeout = 20;
    expect(await failureOf(timed.get())).toBeInstanceOf(TimeoutError);
    const aborted = probe(endpoint);
    const controller = new AbortController();
    aborted.axios.defaults.signal = controller.signal;
    setTimeout(() => controller.abort(), 20);
    expect(await failureOf(aborted.get())).toBeInstanceOf(AbortError);
    expect(await failureOf(aborted.get())).toBeInstanceOf(ConnectionError);
  });

  it.each([
    ["baseURL", { baseURL: "http://example.com" }],
    ["auth", { auth: { username: "a", password: "b" } }],
    ["proxy", { proxy: { host: "example.com", port: 1 } }],
    ["socketPath", { socketPath: "/nowhere" }],
  ])("rejects %s", async (name, defaults) => {
    const { client, accepted } = await setUp();
    Object.assign(client.axios.defaults, defaults);
    const error = await failureOf(client.get());
    expect(error).toBeInstanceOf(InterceptorError);
    expect((error as Error).message).toContain(name);
    expect(accepted()).toBe(0);
  });

  it("rejects a body", async () => {
    const { client, accepted } = await setUp();
    client.axios.interceptors.request.use((config) => ({ ...config, data: { a: 1 } }));
    expect(await failureOf(client.post())).toBeInstanceOf(InterceptorError);
    expect(accepted()).toBe(0);
  });

  it("rejects calls on a copied instance without a client", async () => {
    const { client, accepted } = await setUp();
    const copy = axios.create(client.axios.defaults as object);
    expect(await failureOf(copy.get("/v1.51/info"))).toBeInstanceOf(InterceptorError);
    expect(accepted()).toBe(0);
  });

  it("validates headers like a client without axios", async () => {
    const { client, accepted } = await setUp();
    const call = { headers: { "X-Registry-Auth": "a\nb" } };
    const extras = { secretHeaders: { "X-Registry-Auth": "c" } };
    const before = await failureOf(client.get(call, extras));
    expect(client.axios).toBeDefined();
    const after = await failureOf(client.get(call, extras));
    expect(before).toMatchObject({ code: "ERR_INVALID_OPTION", message: (after as Error).message });
    expect(accepted()).toBe(0);
  });
});

const script = `
  import { Session } from "node:inspector";
  const urls = [];
  const session = new Session();
  session.connect();
  session.on("Debugger.scriptParsed", ({ params }) => urls.push(params.url));
  session.post("Debugger.enable");
  const loaded = (name) => urls.some((url) => url.includes(name));
  const { Client } = await import(${JSON.stringify(new URL("../../lib/index.ts", import.meta.url).href)});
  const client = new Client({ endpoint: process.env.ENDPOINT, apiVersion: "1.44" });
  await client.ping();
  const before = [loaded("lib/transport/axios-bridge"), loaded("node_modules/axios/")];
  const instance = client.axios;
  console.log(JSON.stringify({ before, after: loaded("node_modules/axios/") }));
  await client.close();
`;

it("a client does not load axios until its axios property is read", async () => {
  const { endpoint } = await httpServer((_request, response) => ok(response));
  const argv = ["--import", "tsx", "--input-type=module", "--eval", script];
  const { stdout } = await promisify(execFile)(process.execPath, argv, { env: { ...process.env, ENDPOINT: endpoint } });
  expect(JSON.parse(stdout)).toEqual({ before: [true, false], after: true });
}, 20_000);
