import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { Client } from "../../lib/client.js";
import type { ClientOptions } from "../../lib/core/client-options.js";
import { DockerSettings } from "../../lib/core/docker-settings.js";
import type { ContainerConfig } from "../../lib/types/container-config.js";
import { temporaryHome } from "../support/home.js";
import { type RecordedRequest, recordingDaemon } from "../support/recording-daemon.js";

const common = { httpProxy: "http://d:1", noProxy: "a,b", allProxy: "socks5://d", ftpProxy: "" };
const commonVariables = [
  "HTTP_PROXY=http://d:1",
  "http_proxy=http://d:1",
  "NO_PROXY=a,b",
  "no_proxy=a,b",
  "ALL_PROXY=socks5://d",
  "all_proxy=socks5://d",
];

const answer = ({ line }: RecordedRequest) =>
  line.includes("/build") ? { body: '{"aux":{"ID":"sha256:abc"}}\n' } : { body: { Id: "x" }, headers: { "Api-Version": "1.47" } };

/** Starts a daemon, and a client with a `config.json` in its home directory that may depend on the endpoint. */
async function configured(config: (endpoint: string) => unknown, options: ClientOptions = {}) {
  const home = temporaryHome();
  const daemon = await recordingDaemon(answer, { env: home.env, ...options });
  home.write(".docker/config.json", config(daemon.endpoint));
  return { ...daemon, home };
}

const created = (requests: readonly RecordedRequest[]): ContainerConfig =>
  JSON.parse(requests.find(({ line }) => line.includes("/containers/create"))?.body.toString() ?? "{}") as ContainerConfig; // as sent

function buildArgsOf(requests: readonly RecordedRequest[]): unknown {
  const { line = "" } = requests.find((request) => request.line.includes("/build?")) ?? {};
  const text = new URL(line.replace(/^POST /, ""), "http://x").searchParams.get("buildargs");
  return text === null ? undefined : JSON.parse(text);
}

describe("proxies in config.json", () => {
  it("become environment variables of a new container", async () => {
    const { client, requests } = await configured(() => ({ proxies: { default: common } }));
    await client.createContainer({ config: { Image: "x" } });
    expect(created(requests).Env).toEqual(commonVariables);
  });

  it("add only the variables that the caller has not set", async () => {
    const { client, requests } = await configured(() => ({ proxies: { default: { httpProxy: "p", httpsProxy: "q" } } }));
    await client.createContainer({ config: { Image: "x", Env: ["HTTP_PROXY=mine", "https_proxy", "A=b"] } });
    expect(created(requests).Env).toEqual(["HTTP_PROXY=mine", "https_proxy", "A=b", "http_proxy=p", "HTTPS_PROXY=q"]);
  });

  it("become build arguments, unless the caller has set them", async () => {
    const { client, requests } = await configured(() => ({ proxies: { default: { httpProxy: "p", httpsProxy: "q" } } }));
    await client.buildImage({ dockerfileContent: "FROM x", buildArgs: { https_proxy: "mine", HTTPS_PROXY: null } });
    expect(buildArgsOf(requests)).toEqual({ HTTP_PROXY: "p", http_proxy: "p", https_proxy: "mine", HTTPS_PROXY: null });
  });

  it("come from the endpoint's entry if there is one, and not from the default entry", async () => {
    const { client, requests } = await configured((endpoint) => ({
      proxies: { default: common, [endpoint]: { httpsProxy: "http://own" }, "not an endpoint": common },
    }));
    await client.createContainer({ config: { Image: "x" } });
    expect(created(requests).Env).toEqual(["HTTPS_PROXY=http://own", "https_proxy=http://own"]);
  });

  it.each([
    ["tcp://127.0.0.1:1", "http://127.0.0.1:1"],
    ["tcp://engine", "https://engine:2376"],
    ["https://engine:1/base/", "https://engine:1/base"],
    ["ssh://me@engine", "ssh://me@engine"],
  ])("are found under the key %s for the endpoint %s", (key, endpoint) => {
    const home = temporaryHome();
    home.write(".docker/config.json", { proxies: { default: common, [key]: { httpProxy: "p" } } });
    expect(new DockerSettings(home.env).withProxies({}, endpoint).Env).toEqual(["HTTP_PROXY=p", "http_proxy=p"]);
  });

  it("are not added when the caller opts out", async () => {
    const { client, requests } = await configured(() => ({ proxies: { default: common } }));
    await client.createContainer({ config: { Image: "x" }, proxies: false });
    await client.buildImage({ dockerfileContent: "FROM x", proxies: false });
    expect(created(requests).Env).toBeUndefined();
    expect(buildArgsOf(requests)).toBeUndefined();
  });

  it("are not added to an image by insertImageFile", async () => {
    const { client, requests } = await configured(() => ({ proxies: { default: common } }));
    // the daemon's answers do not match the requests that follow the creation
    await expect(client.insertImageFile({ name: "x", path: "/f", content: "x" })).rejects.toThrow("does not describe the path");
    expect(created(requests).Env).toBeUndefined();
  });

  it.each(["{}", '{"proxies":"x"}', '{"proxies":{"default":["x"]}}', '{"proxies":{"default":{"httpProxy":5}}}'])(
    "are ignored when the file is %s",
    async (text) => {
      const { client, requests } = await configured(() => text);
      await client.createContainer({ config: { Image: "x" } });
      expect(created(requests).Env).toBeUndefined();
    },
  );

  it("are read for each call", async () => {
    const { client, requests, home } = await configured(() => ({}));
    await client.createContainer({ config: { Image: "x" } });
    home.write(".docker/config.json", { proxies: { default: { httpProxy: "p" } } });
    requests.length = 0;
    await client.createContainer({ config: { Image: "x" } });
    expect(created(requests).Env).toEqual(["HTTP_PROXY=p", "http_proxy=p"]);
  });
});

describe("HttpHeaders in config.json", () => {
  const HttpHeaders = {
    "X-Meta": "yes",
    "user-agent": "somebody",
    "content-type": "text/odd",
    Host: "elsewhere",
    "Content-Length": "5",
    "Transfer-Encoding": "chunked",
    "X-Number": 5,
    "X-Empty": "",
  };

  it("are sent with every request, except those that the client sets itself", async () => {
    const { client, requests } = await configured(() => ({ HttpHeaders }));
    await client.ping();
    await client.createContainer({ config: { Image: "x" } });
    await client.startContainer({ id: "x" });
    for (const { headers } of requests) {
      expect(headers).toMatchObject({ "x-meta": "yes", "user-agent": "ts-dockerclient", host: "docker" });
      expect(headers).not.toHaveProperty("x-number");
      expect(headers).not.toHaveProperty("x-empty");
      expect(headers).not.toHaveProperty("transfer-encoding");
    }
    expect(requests.map(({ headers }) => headers["content-type"])).toEqual(["text/odd", "application/json", "text/plain"]);
  });

  it("are sent with the request that negotiates the version", async () => {
    const home = temporaryHome();
    home.write(".docker/config.json", { HttpHeaders: { "X-Meta": "yes" } });
    const seen: unknown[] = [];
    const daemon = await recordingDaemon((request) => {
      seen.push(request.headers["x-meta"]);
      return answer(request);
    });
    const client = new Client({ endpoint: daemon.endpoint, env: home.env });
    onTestFinished(() => client.close());
    await client.listContainers();
    expect(seen).toEqual(["yes", "yes"]);
  });

  it("do not override the headers of the client or the call", async () => {
    const { client, requests } = await configured(() => ({ HttpHeaders: { "X-A": "file", "X-B": "file", "X-C": "file" } }), {
      headers: { "x-a": "client", "x-b": "client" },
    });
    await client.ping({}, { headers: { "X-b": "call" } });
    expect(requests[0]?.headers).toMatchObject({ "x-a": "client", "x-b": "call", "x-c": "file" });
  });
});

describe("config.json", () => {
  it("is not used by a client that opts out", async () => {
    const config = { HttpHeaders: { "X-Meta": "yes" }, proxies: { default: common } };
    const { client, requests } = await configured(() => config, { dockerConfig: false });
    await client.createContainer({ config: { Image: "x" } });
    expect(created(requests).Env).toBeUndefined();
    expect(requests[0]?.headers).not.toHaveProperty("x-meta");
  });

  it("causes one warning and no error when it is malformed", async () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    onTestFinished(() => warn.mockRestore());
    const { client, home } = await configured(() => '{"proxies": S3CRET');
    await client.createContainer({ config: { Image: "x" } });
    await client.createContainer({ config: { Image: "x" } });
    expect(warn.mock.calls).toEqual([
      [`${join(home.path, ".docker/config.json")} is not JSON`, { type: "ConfigurationWarning", code: "ERR_CONFIGURATION" }],
    ]);
  });

  it("is found through the environment of the client", async () => {
    const { endpoint, requests } = await recordingDaemon(answer);
    const home = temporaryHome();
    home.write("config.json", { HttpHeaders: { "X-Meta": "yes" } });
    const client = Client.fromEnv({}, { DOCKER_HOST: endpoint, DOCKER_CONFIG: home.path, DOCKER_API_VERSION: "1.47" });
    onTestFinished(() => client.close());
    await client.listContainers();
    expect(requests[0]?.headers).toMatchObject({ "x-meta": "yes" });
  });
});
