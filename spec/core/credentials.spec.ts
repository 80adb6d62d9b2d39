import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { Credentials } from "../../lib/core/credentials.js";
import { decodeHeader } from "../support/auth-header.js";
import { temporaryFolder } from "../support/servers.js";

const me = { username: "me", password: "sesame" };
const stored = { "registry.example": me, "other.example": { username: "you", password: "swordfish" } };
const authOf = async (credentials: Credentials, ...args: Parameters<Credentials["header"]>) =>
  decodeHeader((await credentials.header(...args))["X-Registry-Auth"]);
const configOf = async (credentials: Credentials, ...args: Parameters<Credentials["buildHeader"]>) =>
  decodeHeader((await credentials.buildHeader(...args))["X-Registry-Config"]);

describe("the credentials header for one registry", () => {
  it.each([
    ["registry.example/app:1", { ...me, serveraddress: "registry.example" }],
    ["https://other.example/v1/", { username: "you", password: "swordfish", serveraddress: "other.example" }],
    ["stranger.example/app", {}],
    ["busybox", {}],
  ])("for %s contains its registry's credentials: %j", async (reference, expected) => {
    expect(await authOf(new Credentials(stored, {}), reference, undefined, undefined)).toEqual(expected);
  });

  it("prefers the credentials of the call", async () => {
    const own = { username: "call", password: "open" };
    expect(await authOf(new Credentials(stored, {}), "registry.example/app", own, undefined)).toEqual({
      ...own,
      serveraddress: "registry.example",
    });
    expect(await authOf(new Credentials(stored, {}), "registry.example/app", false, undefined)).toEqual({});
  });

  it("is empty, without a lookup, for a client without credentials", async () => {
    const home = await temporaryFolder();
    mkdirSync(join(home, ".docker"));
    writeFileSync(join(home, ".docker", "config.json"), "this would be refused");
    expect(await authOf(new Credentials(false, { HOME: home }), "registry.example/app", undefined, undefined)).toEqual({});
    expect(await configOf(new Credentials(false, { HOME: home }), undefined, undefined)).toBeUndefined();
  });

  it("contains the credentials from docker login by default", async () => {
    const home = await temporaryFolder();
    mkdirSync(join(home, ".docker"));
    const auth = Buffer.from("me:sesame").toString("base64");
    writeFileSync(join(home, ".docker", "config.json"), JSON.stringify({ auths: { "registry.example": { auth } } }));
    const credentials = new Credentials(undefined, { HOME: home });
    expect(await authOf(credentials, "registry.example/app", undefined, undefined)).toMatchObject(me);
    expect(await configOf(credentials, undefined, undefined)).toMatchObject({ "registry.example": me });
  });

  it("calls a custom provider with the signal of the call", async () => {
    const resolve = vi.fn(() => Promise.resolve(me));
    const { signal } = new AbortController();
    expect(await authOf(new Credentials({ resolve }, undefined), "registry.example/app", undefined, signal)).toMatchObject(me);
    expect(resolve).toHaveBeenCalledWith("registry.example", signal);
  });
});

describe("the credentials header that a swarm stores", () => {
  const known = async (...args: Parameters<Credentials["headerIfAny"]>) => {
    const { "X-Registry-Auth": header, ...others } = await new Credentials(stored, {}).headerIfAny(...args);
    expect(others).toEqual({});
    return decodeHeader(header);
  };

  it("is the same when there are credentials", async () => {
    expect(await known("registry.example/app", undefined, undefined)).toEqual({ ...me, serveraddress: "registry.example" });
    expect(await known("stranger.example/app", me, undefined)).toEqual({ ...me, serveraddress: "stranger.example" });
  });

  it.each([
    ["stranger.example/app", undefined],
    ["registry.example/app", false],
    ["", undefined],
    [undefined, me],
  ] as const)("is undefined for %s without credentials", async (reference, own) => {
    expect(await known(reference, own, undefined)).toBeUndefined();
  });
});

describe("the credentials header of a build", () => {
  it("contains all explicit credentials", async () => {
    expect(await configOf(new Credentials(stored, {}), undefined, undefined)).toMatchObject(stored);
  });

  it("prefers the credentials of the call", async () => {
    expect(await configOf(new Credentials(stored, {}), { "call.example": me }, undefined)).toEqual({
      "call.example": { ...me, serveraddress: "call.example" },
    });
    expect(await new Credentials(stored, {}).buildHeader(false, undefined)).toEqual({});
  });

  it("is omitted when a provider cannot list all credentials", async () => {
    const provider = { resolve: () => Promise.resolve(me) };
    expect(await new Credentials(provider, undefined).buildHeader(undefined, undefined)).toEqual({});
    const all = { ...provider, all: () => Promise.resolve(stored) };
    expect(await configOf(new Credentials(all, undefined), undefined, undefined)).toMatchObject(stored);
  });
});
