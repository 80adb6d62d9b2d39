import { once } from "node:events";
import { join } from "node:path";
import { inspect } from "node:util";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { encodeRegistryConfig } from "../../lib/auth/auth-headers.js";
import {
  type CredentialsProvider,
  RegistryCredentials,
  type RegistryCredentialsOptions,
} from "../../lib/auth/registry-credentials.js";
import { registryOf } from "../../lib/auth/registry-name.js";
import { AbortError } from "../../lib/errors/connection-errors.js";
import { ConfigurationError, type CredentialsError, InvalidOptionError } from "../../lib/errors/usage-errors.js";
import { answering, base64, temporaryHome } from "../support/home.js";

const hub = "https://index.docker.io/v1/";

describe("RegistryCredentials.resolve", () => {
  it("returns the credentials that docker login stores in config.json", async () => {
    const home = temporaryHome();
    home.write(".docker/config.json", {
      auths: {
        [hub]: { auth: base64("hub:pw") },
        "https://quay.io/v1/": { auth: base64("quay:p:w") },
        "token.example": { auth: base64("00:"), identitytoken: "it" },
        "empty.example": {},
      },
    });
    const credentials = new RegistryCredentials({ env: home.env });
    const hubs = { username: "hub", password: "pw", serveraddress: hub };
    for (const name of ["docker.io", "busybox", "org/app:1", "index.docker.io", hub])
      expect(await credentials.resolve(name)).toEqual(hubs);
    expect(await credentials.resolve(registryOf("postgres:16"))).toEqual(hubs);
    expect(await credentials.resolve("quay.io/org/app")).toEqual({ username: "quay", password: "p:w", serveraddress: "quay.io" });
    expect(await credentials.resolve("token.example")).toMatchObject({ identitytoken: "it", serveraddress: "token.example" });
    expect(await credentials.resolve("empty.example")).toBeUndefined();
    expect(await credentials.resolve("none.example")).toBeUndefined();
  });

  it("does not apply an entry with an empty key to every registry", async () => {
    const home = temporaryHome();
    home.write(".docker/config.json", { auths: { "": { auth: base64("me:pw") } } });
    expect(await new RegistryCredentials({ env: home.env }).resolve("quay.io")).toBeUndefined();
  });

  it("returns undefined on a machine without docker", async () => {
    const credentials = new RegistryCredentials({ env: temporaryHome().env });
    expect(await credentials.resolve("busybox")).toBeUndefined();
    expect(await credentials.all()).toEqual({});
  });

  it("prefers explicit credentials, and reads no other source", async () => {
    const home = temporaryHome();
    home.write(".docker/config.json", "malformed");
    const configurations = {
      "docker.io": { username: "me", password: "pw", serveraddress: "docker.io" },
      "https://quay.io/v1/": { auth: base64("quay:pw") },
      "public.example": {},
    };
    const credentials = new RegistryCredentials({ configurations, env: home.env });
    expect(await credentials.resolve("busybox")).toEqual({ username: "me", password: "pw", serveraddress: hub });
    expect(await credentials.resolve("quay.io")).toEqual({ username: "quay", password: "pw", serveraddress: "quay.io" });
    expect(await credentials.resolve("public.example")).toEqual({ serveraddress: "public.example" });
    await expect(credentials.resolve("other.example")).rejects.toThrow(ConfigurationError);
  });

  it("uses only explicit credentials when the source is false", async () => {
    const home = temporaryHome();
    home.write(".docker/config.json", { auths: { "quay.io": { auth: base64("me:pw") } } });
    const credentials = new RegistryCredentials({ config: false, env: home.env });
    expect(await credentials.resolve("quay.io")).toBeUndefined();
  });

  it("prefers the helper of a registry to the store, and helpers to inline credentials", async () => {
    const home = temporaryHome();
    const written = { auth: base64("written:pw") };
    home.write(".docker/config.json", {
      auths: { "helper.example": written, "store.example": written, "file.example": written, "none.example": written },
      credsStore: "store",
      credHelpers: { "helper.example": "own", "file.example": "", [hub]: "own" },
    });
    home.helper("own", answering("own", "pw"));
    home.helper(
      "store",
      `test "$input" = none.example && echo 'credentials not found in native keychain' && exit 1\n${answering("store", "pw")}`,
    );
    const credentials = new RegistryCredentials({ env: home.env });
    const names = async (...registries: string[]): Promise<unknown[]> =>
      Promise.all(registries.map(async (registry) => (await credentials.resolve(registry))?.username));
    expect(await names("helper.example", "busybox", "store.example", "other.example", "file.example", "none.example")).toEqual([
      "own",
      "own",
      "store",
      "store",
      "written",
      "written",
    ]);
    expect(home.calls().sort()).toEqual([
      "own get helper.example",
      `own get ${hub}`,
      "store get none.example",
      "store get other.example",
      "store get store.example",
    ]);
  });

  it("prefers DOCKER_AUTH_CONFIG to the file", async () => {
    const home = temporaryHome();
    home.write(".docker/config.json", {
      auths: { "quay.io": { auth: base64("file:pw") }, "gcr.io": { auth: base64("file:pw") } },
    });
    const DOCKER_AUTH_CONFIG = JSON.stringify({ auths: { "quay.io": { auth: base64("env:pw") } } });
    const credentials = new RegistryCredentials({ env: { ...home.env, DOCKER_AUTH_CONFIG } });
    expect(await credentials.resolve("quay.io")).toMatchObject({ username: "env" });
    expect(await credentials.resolve("gcr.io")).toMatchObject({ username: "file" });
    expect(await credentials.all()).toMatchObject({ "quay.io": { username: "env" }, "gcr.io": { username: "file" } });
  });

  it("picks up a new login and logout", async () => {
    const home = temporaryHome();
    const credentials = new RegistryCredentials({ env: home.env });
    expect(await credentials.resolve("quay.io")).toBeUndefined();
    home.write(".docker/config.json", { auths: { "quay.io": { auth: base64("me:one") } } });
    expect(await credentials.resolve("quay.io")).toMatchObject({ password: "one" });
    home.write(".docker/config.json", { auths: { "quay.io": { auth: base64("me:two") } } });
    expect(await credentials.resolve("quay.io")).toMatchObject({ password: "two" });
    home.write(".docker/config.json", {});
    expect(await credentials.resolve("quay.io")).toBeUndefined();
  });

  it("shares one helper run between callers, and returns a separate object to each", async () => {
    const home = temporaryHome();
    home.helper("store", answering("me", "pw"));
    const credentials = new RegistryCredentials({ env: { ...home.env, DOCKER_AUTH_CONFIG: '{"credsStore":"store"}' } });
    const [one, two] = await Promise.all([credentials.resolve("quay.io"), credentials.resolve("quay.io/org/app")]);
    expect(one).toEqual({ username: "me", password: "pw", serveraddress: "quay.io" });
    expect(two).toEqual(one);
    expect(two).not.toBe(one);
    expect(home.calls()).toEqual(["store get quay.io"]);
  });

  it("is unaffected by later changes to its options and results", async () => {
    const configurations = { "quay.io": { username: "me", password: "pw" } };
    const credentials = new RegistryCredentials({ configurations, config: false });
    configurations["quay.io"].password = "other";
    const first = await credentials.resolve("quay.io");
    Object.assign(first ?? {}, { password: "another" });
    expect(await credentials.resolve("quay.io")).toEqual({ username: "me", password: "pw", serveraddress: "quay.io" });
  });

  it("reads the environment of the process by default", async () => {
    const home = temporaryHome();
    home.write(".docker/config.json", { auths: { "quay.io": { auth: base64("me:pw") } } });
    const credentials = new RegistryCredentials();
    vi.stubEnv("DOCKER_CONFIG", `${home.path}/.docker`);
    try {
      expect(await credentials.resolve("quay.io")).toMatchObject({ username: "me" });
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it.each([
    ["is not installed", undefined, "docker-credential-broken, needed for docker.io, is not installed: it is not in the PATH"],
    ["fails", "exit 1", "docker-credential-broken failed for docker.io (exit status 1)"],
    ["does not respond", "exec sleep 1000", "docker-credential-broken did not respond within 500 ms to a request for docker.io"],
    ["returns something else", "echo S3CRET", "docker-credential-broken returned malformed JSON for docker.io"],
  ])("continues without a helper that %s, and reports it", async (_how, script, message) => {
    const home = temporaryHome();
    home.write(".docker/config.json", { credsStore: "broken", credHelpers: { "own.example": "own" } });
    if (script !== undefined) home.helper("broken", script);
    home.helper("own", answering("own", "pw"));
    const failures: string[] = [];
    const onHelperError = (error: CredentialsError) => failures.push(error.message);
    const credentials = new RegistryCredentials({ env: home.env, helperTimeout: 500, onHelperError });
    expect(await credentials.resolve("own.example")).toMatchObject({ username: "own" });
    expect(failures).toEqual([]);
    const { credentials: found, places } = await credentials.search("busybox");
    expect(found).toBeUndefined();
    expect(failures).toEqual([expect.stringContaining(message)]);
    expect(places).toEqual([failures[0], join(home.path, ".docker/config.json")]);
    expect(places.join()).not.toContain("S3CRET");
  });

  it("rejects with an error that onHelperError throws", async () => {
    const home = temporaryHome();
    home.write(".docker/config.json", { credsStore: "gone" });
    const onHelperError = (error: CredentialsError) => {
      throw error;
    };
    await expect(new RegistryCredentials({ env: home.env, onHelperError }).resolve("busybox")).rejects.toMatchObject({
      code: "ERR_CREDENTIALS",
    });
  });

  it("warns once about the same failure", async () => {
    const home = temporaryHome();
    home.write(".docker/config.json", { credsStore: "gone" });
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    onTestFinished(() => warn.mockRestore());
    const credentials = new RegistryCredentials({ env: home.env });
    for (const image of ["busybox", "alpine", "quay.io/x"]) await credentials.resolve(image);
    expect(warn.mock.calls.map(([message]) => message)).toEqual([
      expect.stringContaining("needed for docker.io"),
      expect.stringContaining("needed for quay.io"),
    ]);
  });

  it.each([
    ["an auth that is not base64", { auth: "!!!" }],
    ["an auth without a colon", { auth: base64("S3CRET") }],
    ["a string", "S3CRET"],
    ["a numeric user name", { username: 5 }],
  ])("rejects only for the registry with an invalid entry: %s", async (_what, entry) => {
    const home = temporaryHome();
    home.write(".docker/config.json", { auths: { "odd.example": entry, "good.example": { auth: base64("me:pw") } } });
    const failures: string[] = [];
    const onHelperError = (error: CredentialsError) => failures.push(error.message);
    const credentials = new RegistryCredentials({ env: home.env, onHelperError });
    expect(await credentials.resolve("good.example")).toMatchObject({ username: "me" });
    expect(await credentials.resolve("busybox")).toBeUndefined();
    await expect(credentials.resolve("odd.example")).rejects.toThrow(/config\.json is malformed: entry 1 of "auths" (is|has)/);
    expect(failures).toEqual([]);
    expect(Object.keys(await credentials.all())).toEqual(["good.example"]);
    expect(failures).toEqual([expect.stringContaining('is malformed: entry 1 of "auths"')]);
    expect(failures.join()).not.toContain("S3CRET");
  });

  it("rejects only for registries whose helper or store is malformed", async () => {
    const home = temporaryHome();
    home.helper("own", answering("own", "pw"));
    home.write(".docker/config.json", { credsStore: 5, credHelpers: { "own.example": "own", "odd.example": 5 } });
    const credentials = new RegistryCredentials({ env: home.env, onHelperError: () => undefined });
    expect(await credentials.resolve("own.example")).toMatchObject({ username: "own" });
    await expect(credentials.resolve("odd.example")).rejects.toThrow('entry 2 of "credHelpers" is not a string');
    await expect(credentials.resolve("busybox")).rejects.toThrow('has a "credsStore" that is not a string');
    expect(Object.keys(await credentials.all())).toEqual(["own.example"]);
  });

  it("reports where it searched", async () => {
    const home = temporaryHome();
    const configurations = { "given.example": { username: "me", password: "pw" } };
    const credentials = new RegistryCredentials({ configurations, env: home.env });
    expect((await credentials.search("given.example")).places).toEqual(["the credentials in the options"]);
    expect(await credentials.search("quay.io")).toEqual({
      credentials: undefined,
      places: ["the credentials in the options", `${join(home.path, ".docker/config.json")}, which does not exist`],
    });
    home.helper("own", answering("", ""));
    home.write(".docker/config.json", { credsStore: "own" });
    const env = { ...home.env, DOCKER_AUTH_CONFIG: "{}" };
    expect((await new RegistryCredentials({ env }).search("quay.io")).places).toEqual([
      "the environment variable DOCKER_AUTH_CONFIG",
      "the credential helper docker-credential-own",
      join(home.path, ".docker/config.json"),
    ]);
  });

  it("rejects an aborted signal and an empty name", async () => {
    const credentials = new RegistryCredentials({ config: false });
    await expect(credentials.resolve("quay.io", AbortSignal.abort())).rejects.toThrow(AbortError);
    await expect(credentials.all(AbortSignal.abort())).rejects.toThrow(AbortError);
    await expect(credentials.resolve("")).rejects.toThrow(InvalidOptionError);
  });
});

describe("RegistryCredentials.all", () => {
  it("collects credentials from inline entries, helpers and the store", async () => {
    const home = temporaryHome();
    home.write(".docker/config.json", {
      auths: {
        "https://written.example/v1/": { auth: base64("written:pw") },
        "known.example": {},
        "none.example": {},
        "given.example": { auth: base64("written:pw") },
      },
      credsStore: "store",
      credHelpers: { "helper.example": "own", "https://written.example": "" },
    });
    home.helper("own", answering("own", "pw"));
    home.helper(
      "store",
      `case "$1 $input" in
       list*) echo '{"${hub}":"","${hub}access-token":"","${hub}refresh-token":"","https://listed.example/v2/":"","none.example":""}';;
       *none.example) echo 'credentials not found in native keychain'; exit 1;;
       *) ${answering("store", "pw")};;
       esac`,
    );
    const configurations = {
      "https://given.example": { username: "given" },
      "registry-1.docker.io": { username: "given" },
      "anonymous.example": {},
    };
    const credentials = new RegistryCredentials({ configurations, env: home.env });
    const all = await credentials.all();
    expect(all).toEqual({
      "given.example": { username: "given", serveraddress: "given.example" },
      [hub]: { username: "given", serveraddress: hub },
      "helper.example": { username: "own", password: "pw", serveraddress: "helper.example" },
      "written.example": { username: "written", password: "pw", serveraddress: "written.example" },
      "listed.example": { username: "store", password: "pw", serveraddress: "listed.example" },
      "known.example": { username: "store", password: "pw", serveraddress: "known.example" },
    });
    expect(home.calls().sort()).toEqual([
      "own get helper.example",
      "store get https://listed.example/v2/",
      "store get known.example",
      "store get none.example",
      "store list unused",
    ]);
    expect(JSON.parse(Buffer.from(encodeRegistryConfig(all), "base64url").toString())).toEqual(all);
  });

  it("continues without a helper that fails, and reports it", async () => {
    const home = temporaryHome();
    home.write(".docker/config.json", {
      auths: { "written.example": { auth: base64("written:pw") } },
      credsStore: "broken",
      credHelpers: { "gone.example": "gone", "own.example": "own" },
    });
    home.helper("own", answering("own", "pw"));
    home.helper("broken", "exit 1");
    const onHelperError = vi.fn<(error: CredentialsError) => void>();
    const all = await new RegistryCredentials({ env: home.env, onHelperError }).all();
    expect(Object.keys(all).sort()).toEqual(["own.example", "written.example"]);
    expect(onHelperError.mock.calls.map(([error]) => error.message).sort()).toEqual([
      expect.stringContaining("docker-credential-broken failed for a list of registries"),
      expect.stringContaining("docker-credential-broken failed for written.example"),
      expect.stringContaining("docker-credential-gone, needed for gone.example, is not installed"),
    ]);
  });

  it("warns by default about a helper that fails", async () => {
    const home = temporaryHome();
    home.write(".docker/config.json", { credHelpers: { "gone.example": "gone" } });
    const warned = once(process, "warning");
    expect(await new RegistryCredentials({ env: home.env }).all()).toEqual({});
    expect(await warned).toMatchObject([{ name: "CredentialsWarning", code: "ERR_CREDENTIALS" }]);
  });

  it("collects the credentials of many registries", async () => {
    const home = temporaryHome();
    const registries = Array.from({ length: 15 }, (_, index) => `r${index}.example`);
    home.write(".docker/config.json", { credHelpers: Object.fromEntries(registries.map((registry) => [registry, "own"])) });
    home.helper("own", answering("own", "pw"));
    expect(Object.keys(await new RegistryCredentials({ env: home.env }).all())).toEqual(registries);
    expect(home.calls()).toHaveLength(registries.length);
  });

  it("rejects when a configuration is malformed, and when it is aborted", async () => {
    const home = temporaryHome();
    const credentials = new RegistryCredentials({ env: home.env });
    home.write(".docker/config.json", "malformed");
    await expect(credentials.all()).rejects.toThrow(ConfigurationError);
    home.write(".docker/config.json", { credHelpers: { "slow.example": "slow" } });
    home.helper("slow", "exec sleep 1000");
    const controller = new AbortController();
    const all = credentials.all(controller.signal);
    void vi.waitUntil(() => home.calls().length > 0, { timeout: 20_000 }).finally(() => controller.abort());
    await expect(all).rejects.toThrow(AbortError);
  }, 30_000);
});

describe("new RegistryCredentials", () => {
  it.each([-1, Number.NaN, 2 ** 31, Number.POSITIVE_INFINITY])("rejects a timeout of %s", (helperTimeout) => {
    expect(() => new RegistryCredentials({ helperTimeout })).toThrow(InvalidOptionError);
  });

  it.each([
    [{ "quay.io": null }, 'entry 1 of option "configurations" is not an object'],
    [{ "quay.io": {}, "gcr.io": { password: 5 } }, 'entry 2 of option "configurations" has a "password" that is not a string'],
    [{ "quay.io": { auth: "S3CRET" } }, 'has an "auth" that is not a base64-encoded'],
    [{ "": {} }, "has a key that is not a registry"],
  ])("rejects the configurations %j", (configurations, message) => {
    const options = { configurations } as unknown as RegistryCredentialsOptions; // possible in JavaScript
    expect(() => new RegistryCredentials(options)).toThrow(InvalidOptionError);
    expect(() => new RegistryCredentials(options)).toThrow(message);
    expect(() => new RegistryCredentials(options)).not.toThrow(/S3CRET/);
  });

  it("is a provider, and reveals no secret", async () => {
    const configurations = { "quay.io": { username: "me", password: "S3CRET", identitytoken: "S3CRET" } };
    const env = {
      ...temporaryHome().env,
      DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { "gcr.io": { auth: base64("me:S3CRET") } } }),
    };
    const credentials: CredentialsProvider = new RegistryCredentials({ configurations, env });
    await credentials.resolve("gcr.io");
    await credentials.all?.();
    const shown = [inspect(credentials, { showHidden: true, depth: 20, getters: true }), JSON.stringify(credentials)];
    expect(shown.join()).not.toMatch(/S3CRET|quay|gcr/);
    expect(shown.join()).not.toContain(base64("me:S3CRET"));
    expect(Object.keys(structuredClone(credentials))).toEqual([]);
  });
});
