import { describe, expect, it } from "vitest";
import type { BuildImageOptions } from "../../../lib/api/builds/build-options.js";
import { InvalidOptionError, UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { decodeHeader } from "../../support/auth-header.js";
import { progressAnswer } from "../../support/progress-answer.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

const id = `sha256:${"ab".repeat(32)}`;
const built = progressAnswer({ aux: { ID: id } });
const remote = "https://example.com/app.git";

/** The query of a build, without the parameters that all builds here share. */
async function queryOf(options: BuildImageOptions, apiVersion = "1.51"): Promise<string> {
  const { client, lines } = await recordingDaemon(built, { apiVersion });
  await client.buildImage({ remote, ...options });
  const [line = ""] = lines();
  expect(line).toMatch(new RegExp(`^POST /v${apiVersion}/build\\?`));
  const query = new URLSearchParams(line.slice(line.indexOf("?") + 1));
  expect(query.get("remote")).toBe(remote);
  query.delete("remote");
  return decodeURIComponent(query.toString());
}

describe("Client.buildImage", () => {
  it("form-encodes its options", async () => {
    const { client, lines } = await recordingDaemon(built);
    await client.buildImage({ remote, name: ["a:1", "b"], buildArgs: { A: "1 2", B: null }, noCache: true });
    expect(lines()).toEqual([
      "POST /v1.51/build?buildargs=%7B%22A%22%3A%221+2%22%2C%22B%22%3Anull%7D&nocache=1&remote=https%3A%2F%2Fexample.com%2Fapp.git&t=a%3A1&t=b",
    ]);
  });

  it.each<[BuildImageOptions, string]>([
    [{}, ""],
    [{ name: "app:1" }, "t=app:1"],
    [{ name: ["app:1", "app:2"] }, "t=app:1&t=app:2"],
    [{ dockerfile: "docker/Dockerfile" }, "dockerfile=docker/Dockerfile"],
    [{ noCache: false }, "nocache=0"],
    [{ cacheFrom: ["a", "b:1"] }, 'cachefrom=["a","b:1"]'],
    [{ suppressOutput: true }, "q=1"],
    [{ pull: true }, "pull=1"],
    [{ rmTmpContainer: true }, "rm=1"],
    [{ rmTmpContainer: false }, "rm=0"],
    [{ forceRmTmpContainer: true }, "forcerm=1"],
    [{ memory: 1048576 }, "memory=1048576"],
    [{ memswap: -1 }, "memswap=-1"],
    [{ shmSize: 0 }, "shmsize=0"],
    [{ cpuShares: 512 }, "cpushares=512"],
    [{ cpuSetCpus: "0-2" }, "cpusetcpus=0-2"],
    [{ cpuSetMems: "0" }, "cpusetmems=0"],
    [{ cpuPeriod: 100000 }, "cpuperiod=100000"],
    [{ cpuQuota: 50000 }, "cpuquota=50000"],
    [{ cgroupParent: "builds" }, "cgroupparent=builds"],
    [{ securityOpt: "seccomp=unconfined" }, "securityopt=seccomp=unconfined"],
    [{ securityOpt: ["a=1", "b=2"] }, "securityopt=a=1&securityopt=b=2"],
    [{ isolation: "hyperv" }, "isolation=hyperv"],
    [{ ulimits: [{ Name: "nofile", Soft: 1, Hard: 2 }] }, 'ulimits=[{"Name":"nofile","Soft":1,"Hard":2}]'],
    [{ buildArgs: { A: "1", B: null } }, 'buildargs={"A":"1","B":null}'],
    [{ labels: { a: "b" } }, 'labels={"a":"b"}'],
    [{ squash: true }, "squash=1"],
    [{ networkMode: "none" }, "networkmode=none"],
    [{ extraHosts: "db:10.0.0.1" }, "extrahosts=db:10.0.0.1"],
    [{ extraHosts: ["db:10.0.0.1", "web:10.0.0.2"] }, "extrahosts=db:10.0.0.1&extrahosts=web:10.0.0.2"],
    [{ platform: "linux/arm64" }, "platform=linux/arm64"],
    [{ platform: { os: "linux", architecture: "arm", variant: "v7" } }, "platform=linux/arm/v7"],
    [{ target: "test" }, "target=test"],
    [{ version: "2", session: "s1" }, "session=s1&version=2"],
    [{ outputs: [{ Type: "local", Attrs: { dest: "x" } }] }, 'outputs=[{"Type":"local","Attrs":{"dest":"x"}}]'],
    [{ session: "s1" }, "session=s1"],
    [{ buildId: "b1" }, "buildid=b1"],
  ])("sends %j", async (options, query) => {
    expect(await queryOf(options)).toBe(query);
  });

  it.each<[BuildImageOptions, string]>([
    [{ cacheFrom: ["a"] }, "1.25"],
    [{ squash: true }, "1.25"],
    [{ networkMode: "none" }, "1.25"],
    [{ extraHosts: "a:1.2.3.4" }, "1.28"],
    [{ session: "s" }, "1.31"],
    [{ platform: "linux/amd64" }, "1.32"],
    [{ target: "x" }, "1.37"],
    [{ version: "2", session: "s1" }, "1.38"],
    [{ buildId: "b" }, "1.38"],
    [{ outputs: [] }, "1.40"],
  ])("sends %j from API %s on", async (options, since) => {
    await queryOf(options, since);
    const before = `1.${Number(since.split(".")[1]) - 1}`;
    const { client, lines } = await recordingDaemon(built, { apiVersion: before });
    const error = await client.buildImage({ remote, ...options }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(UnsupportedVersionError);
    expect(error).toMatchObject({ since, version: before, operation: "buildImage" });
    expect(lines()).toEqual([]);
  });

  it.each([
    ["github.com/user/repo", "github.com/user/repo"],
    ["github.com/user/repo.git", "github.com/user/repo.git"],
    ["git.example.com:8443/user/repo", "git.example.com:8443/user/repo"],
    ["https://github.com/user/repo.git", null],
    ["github.com/user/repo#main", null],
    ["git@github.com:user/repo.git", null],
    ["git://example.com/repo", null],
  ])("builds from %s under the name %s", async (source, name) => {
    const { client, lines } = await recordingDaemon(built);
    await client.buildImage({ remote: source });
    const query = new URLSearchParams(lines()[0]?.split("?")[1]);
    expect(query.get("remote")).toBe(source);
    expect(query.get("t")).toBe(name);
  });

  it("prefers the name option to the name of the remote repository", async () => {
    const { client, lines } = await recordingDaemon(built);
    await client.buildImage({ remote: "github.com/user/repo", name: "mine" });
    expect(lines()).toEqual(["POST /v1.51/build?remote=github.com%2Fuser%2Frepo&t=mine"]);
  });

  it.each<[BuildImageOptions, string]>([
    [{ memory: 1.5 }, "memory"],
    [{ version: 2 } as unknown as BuildImageOptions, "version"],
    [{ buildArgs: { A: 1 } } as unknown as BuildImageOptions, "buildArgs"],
    [{ names: ["a"] } as BuildImageOptions, "names"],
  ])("rejects %j", async (options, option) => {
    const { client, lines } = await recordingDaemon();
    const error = await client.buildImage({ remote, ...options }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(error).toMatchObject({ option });
    expect(lines()).toEqual([]);
  });

  describe("registry credentials", () => {
    const auth = { "registry:5000": { username: "u", password: "p" } };
    const complete = { "registry:5000": { username: "u", password: "p", serveraddress: "registry:5000" } };

    it.each<[string, BuildImageOptions, unknown]>([
      ["come from the client", {}, complete],
      ["are not sent on request", { authConfigs: false }, undefined],
      [
        "come from the call",
        { authConfigs: { "docker.io": { username: "a", password: "b" } } },
        { "https://index.docker.io/v1/": { username: "a", password: "b", serveraddress: "https://index.docker.io/v1/" } },
      ],
      ["are not sent to BuildKit by default", { version: "2", session: "s1" }, undefined],
      ["come from the call for BuildKit", { version: "2", session: "s1", authConfigs: auth }, complete],
      ["come from the client for the classic builder", { version: "1" }, complete],
    ])("%s", async (_what, options, expected) => {
      const { client, requests } = await recordingDaemon(built, { auth });
      await client.buildImage({ remote, ...options });
      expect(decodeHeader(requests[0]?.headers["x-registry-config"])).toEqual(expected);
    });
  });
});
