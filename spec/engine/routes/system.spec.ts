import { expect, test } from "vitest";
import { EngineError } from "../../../lib/engine/engine-error.js";
import { type RegistryLogin, systemRoutes } from "../../../lib/engine/routes/system.js";
import type { EngineFacts } from "../../../lib/engine/system/engine-facts.js";
import type { SystemInfo } from "../../../lib/types/system-info.js";
import { type Send, served } from "./served.js";

const facts: EngineFacts = {
  version: "1.2.3",
  versions: { min: "1.24", max: "1.51" },
  id: "the-id",
  name: "the-name",
  insecureRegistries: ["registry.example.com:5000"],
  labels: ["a=b"],
  rootDirectory: "/data",
  runtimes: ["program", "runc"],
  enforcesLimits: false,
  executor: [["Executor", "program"]],
  cgroupVersion: undefined,
  warnings: [],
};

async function start(more: Partial<EngineFacts> = {}): Promise<{ send: Send; logins: RegistryLogin[] }> {
  const logins: RegistryLogin[] = [];
  const routes = systemRoutes({
    facts: { ...facts, ...more },
    counts: () => ({ running: 1, paused: 2, stopped: 3, images: 4, listeners: 5, now: 1_700_000_000_123_000_000n }),
    usage: {
      images: () => Promise.resolve([{ Id: "image" }]),
      layersSize: () => Promise.resolve(42),
      containers: () => Promise.resolve([{ Id: "container" }]),
      volumes: () => Promise.resolve([{ Name: "volume" }]),
      buildCache: () => Promise.resolve([]),
    },
    login: (login) => {
      logins.push(login);
      if (login.password !== "right") throw new EngineError(401, "unauthorized: incorrect username or password");
      return Promise.resolve({ Status: "Login Succeeded", IdentityToken: "" });
    },
  });
  return { send: await served(routes), logins };
}

test.each([
  ["GET", "OK"],
  ["HEAD", ""],
])("%s /_ping reports the engine in headers", async (method, text) => {
  const { send } = await start();
  const answer = await send(method, "/_ping");
  expect(answer).toMatchObject({ status: 200, text });
  expect(answer.headers).toMatchObject({
    "api-version": "1.51",
    "builder-version": "1",
    "cache-control": "no-cache, no-store, must-revalidate",
    "content-length": String(text.length),
    "content-type": "text/plain; charset=utf-8",
    "docker-experimental": "false",
    ostype: "linux",
    pragma: "no-cache",
    swarm: "inactive",
  });
});

test("the version names the API versions and the platform in Go's words", async () => {
  const { send } = await start();
  expect(await send("GET", "/v1.30/version")).toMatchObject({
    status: 200,
    json: {
      Version: "1.2.3",
      ApiVersion: "1.51",
      MinAPIVersion: "1.24",
      Os: "linux",
      Arch: expect.not.stringMatching(/x64/) as string,
      Components: [{ Name: "Engine", Version: "1.2.3", Details: { MinAPIVersion: "1.24", Os: "linux" } }],
    },
  });
});

test("the information has counts, runtimes and pools", async () => {
  const { send } = await start({ warnings: ["careful"] });
  const info = (await send("GET", "/info")).json as SystemInfo;
  expect(info).toMatchObject({
    ID: "the-id",
    Containers: 6,
    ContainersRunning: 1,
    ContainersPaused: 2,
    ContainersStopped: 3,
    Images: 4,
    NEventsListener: 5,
    SystemTime: "2023-11-14T22:13:20.123Z",
    DockerRootDir: "/data",
    Runtimes: { program: { path: "program" }, runc: { path: "runc" } },
    DefaultRuntime: "program",
    Swarm: { LocalNodeState: "inactive", RemoteManagers: null },
    MemoryLimit: false,
    ServerVersion: "1.2.3",
    Name: "the-name",
    Labels: ["a=b"],
    Warnings: ["careful"],
  });
  expect(info.DefaultAddressPools?.at(-1)).toEqual({ Base: "192.168.0.0/16", Size: 20 });
  expect(info.NCPU).toBeGreaterThan(0);
  expect(info.MemTotal).toBeGreaterThan(0);
});

test("limits are reported when they are enforced, and no warnings are null", async () => {
  const { send } = await start({ enforcesLimits: true });
  expect((await send("GET", "/info")).json).toMatchObject({ MemoryLimit: true, PidsLimit: true, Warnings: null });
});

test("disk usage counts the types that are asked for", async () => {
  const { send } = await start();
  const all = {
    LayersSize: 42,
    Images: [{ Id: "image" }],
    Containers: [{ Id: "container" }],
    Volumes: [{ Name: "volume" }],
    BuildCache: [],
  };
  expect((await send("GET", "/system/df")).json).toEqual(all);
  expect((await send("GET", "/v1.41/system/df?type=volume")).json).toEqual({ ...all, BuilderSize: 0 });
  expect((await send("GET", "/system/df?type=volume&type=build-cache")).json).toEqual({
    LayersSize: 0,
    Images: null,
    Containers: null,
    Volumes: [{ Name: "volume" }],
    BuildCache: [],
  });
  expect(await send("GET", "/system/df?type=foo")).toMatchObject({
    status: 400,
    json: { message: "unknown object type: foo" },
  });
});

test("credentials are checked by the registry", async () => {
  const { send, logins } = await start();
  const login = { username: "me", password: "right", serveraddress: "registry.example" };
  expect(await send("POST", "/auth", login)).toMatchObject({
    status: 200,
    json: { Status: "Login Succeeded", IdentityToken: "" },
  });
  expect(logins).toEqual([{ username: "me", password: "right", identityToken: "", serverAddress: "registry.example" }]);
  expect(await send("POST", "/auth", { ...login, password: "wrong" })).toMatchObject({
    status: 401,
    json: { message: "unauthorized: incorrect username or password" },
  });
  expect((await send("POST", "/auth")).status).toBe(400);
});
