import { mkdirSync, rmSync, utimesSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import type { CredentialsFile } from "../../lib/auth/docker-config.js";
import { dockerConfigs, type DockerConfigSource } from "../../lib/auth/docker-config-source.js";
import { AbortError } from "../../lib/errors/connection-errors.js";
import { ConfigurationError } from "../../lib/errors/usage-errors.js";
import type { Environment } from "../../lib/wire/environment.js";
import { temporaryHome } from "../support/home.js";

vi.mock("node:os", async (original) => ({ ...(await original<typeof import("node:os")>()), homedir: vi.fn() }));

/** Returns the credential stores of the configurations, in order. */
async function stores(env: Environment, source: DockerConfigSource = "environment", signal?: AbortSignal): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const config of dockerConfigs(source, env, signal)) found.push(config.credsStore ?? config.written);
  return found;
}

describe("dockerConfigs", () => {
  it("yields nothing without configurations", async () => {
    expect(await stores(temporaryHome().env)).toEqual([]);
  });

  it("yields nothing when the source is false", async () => {
    const home = temporaryHome();
    home.write(".docker/config.json", { credsStore: "home" });
    expect(await stores({ ...home.env, DOCKER_AUTH_CONFIG: "{" }, false)).toEqual([]);
  });

  it("reads ~/.docker/config.json, and .dockercfg only if it is missing", async () => {
    const home = temporaryHome();
    home.write(".dockercfg", { "old.example": {} });
    expect(await stores(home.env)).toEqual([["old.example"]]);
    home.write(".docker/config.json", { credsStore: "home" });
    expect(await stores(home.env)).toEqual(["home"]);
  });

  it("reads DOCKER_CONFIG instead of the home directory", async () => {
    const home = temporaryHome();
    home.write(".docker/config.json", { credsStore: "home" });
    home.write(".dockercfg", { "old.example": {} });
    mkdirSync(join(home.path, "ci"));
    const env = { ...home.env, DOCKER_CONFIG: join(home.path, "ci") };
    expect(await stores(env)).toEqual([]);
    home.write("ci/config.json", { credsStore: "ci" });
    expect(await stores(env)).toEqual(["ci"]);
    expect(await stores({ ...env, DOCKER_CONFIG: "" })).toEqual(["home"]);
  });

  it("reads DOCKER_AUTH_CONFIG before the file", async () => {
    const home = temporaryHome();
    home.write(".docker/config.json", { credsStore: "home" });
    expect(await stores({ ...home.env, DOCKER_AUTH_CONFIG: '{"credsStore":"env"}' })).toEqual(["env", "home"]);
    expect(await stores({ ...home.env, DOCKER_AUTH_CONFIG: "" })).toEqual(["home"]);
  });

  it("reads only the explicit directory", async () => {
    const home = temporaryHome();
    home.write(".docker/config.json", { credsStore: "home" });
    home.write(".dockercfg", { "old.example": {} });
    const env = { ...home.env, DOCKER_AUTH_CONFIG: '{"credsStore":"env"}' };
    expect(await stores(env, { directory: join(home.path, ".docker") })).toEqual(["home"]);
    expect(await stores(env, { directory: home.path })).toEqual([]);
  });

  it("uses the operating system's home directory if no environment variable is set", async () => {
    const home = temporaryHome();
    home.write(".docker/config.json", { credsStore: "home" });
    vi.mocked(homedir).mockReturnValue(home.path);
    expect(await stores({})).toEqual(["home"]);
    expect(await stores({ HOME: "" })).toEqual(["home"]);
  });

  it.each([
    ["win32", "USERPROFILE", "HOME"],
    ["linux", "HOME", "USERPROFILE"],
  ] as const)("finds the home directory on %s in %s, not in %s", async (platform, used, unused) => {
    const [home, other] = [temporaryHome(), temporaryHome()];
    home.write(".docker/config.json", "{}");
    other.write(".dockercfg", { "other.example": {} });
    const env = { [used]: home.path, [unused]: other.path };
    const read = async () =>
      (await dockerConfigs("environment", env, undefined, platform).next()).value as CredentialsFile | undefined;
    expect((await read())?.written).toEqual([]);
    rmSync(join(home.path, ".docker/config.json"));
    home.write(".dockercfg", { "old.example": {} });
    expect((await read())?.written).toEqual(["old.example"]);
  });

  it("does not read the file when the environment has the credentials", async () => {
    const home = temporaryHome();
    home.write(".docker/config.json", "malformed");
    const configs = dockerConfigs("environment", { ...home.env, DOCKER_AUTH_CONFIG: '{"credsStore":"env"}' });
    expect(await configs.next()).toMatchObject({ value: { credsStore: "env" } });
    await expect(configs.next()).rejects.toThrow(ConfigurationError);
  });

  it("reads a new login regardless of the modification time of the file", async () => {
    const home = temporaryHome();
    const file = join(home.path, ".docker/config.json");
    const write = (credsStore: string): void => {
      home.write(".docker/config.json", { credsStore });
      utimesSync(file, 1, 1);
    };
    write("one");
    expect(await stores(home.env)).toEqual(["one"]);
    write("two");
    expect(await stores(home.env)).toEqual(["two"]);
    rmSync(file);
    expect(await stores(home.env)).toEqual([]);
  });

  it("reports a file that is malformed or cannot be read", async () => {
    const home = temporaryHome();
    home.write(".docker/config.json", '{"auths": S3CRET');
    const malformed = await stores(home.env).catch((error: unknown) => error);
    expect(malformed).toBeInstanceOf(ConfigurationError);
    expect(malformed).toMatchObject({ message: `${home.path}/.docker/config.json is not JSON` });
    expect(malformed).not.toHaveProperty("cause");
    rmSync(join(home.path, ".docker/config.json"));
    mkdirSync(join(home.path, ".docker/config.json"));
    await expect(stores(home.env)).rejects.toThrow(`${home.path}/.docker/config.json cannot be read (EISDIR)`);
    await expect(stores(home.env)).rejects.toThrow(ConfigurationError);
  });

  it("reports a malformed variable", async () => {
    await expect(stores({ DOCKER_AUTH_CONFIG: "S3CRET" })).rejects.toThrow(
      new ConfigurationError("the environment variable DOCKER_AUTH_CONFIG is not JSON"),
    );
  });

  it("stops when the signal is aborted", async () => {
    const home = temporaryHome();
    home.write(".docker/config.json", "{}");
    const error = await stores(home.env, "environment", AbortSignal.abort("enough")).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AbortError);
    expect(error).toMatchObject({ cause: "enough" });
  });
});
