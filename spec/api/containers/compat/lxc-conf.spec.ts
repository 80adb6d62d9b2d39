import { describe, expect, it } from "vitest";
import { translateLxcConf } from "../../../../lib/api/containers/compat/lxc-conf.js";
import { InvalidOptionError } from "../../../../lib/errors/usage-errors.js";

const to = { ignoreUnknown: false };
const settings = (...pairs: [string, string][]) => pairs.map(([Key, Value]) => ({ Key, Value }));

describe("translateLxcConf", () => {
  it("returns a configuration without LXC settings unchanged", () => {
    const parts = { config: {}, hostConfig: { Memory: 1 } };
    expect(translateLxcConf(parts, to)).toBe(parts);
    expect(translateLxcConf({ config: {}, hostConfig: { LxcConf: null, Memory: 1 } }, to)).toEqual({
      config: {},
      hostConfig: { Memory: 1 },
    });
  });

  it("translates every setting that has a counterpart", () => {
    const hostConfig = {
      NetworkMode: "net",
      SecurityOpt: ["no-new-privileges"],
      LxcConf: settings(
        ["lxc.cgroup.memory.limit_in_bytes", "512M"],
        ["lxc.cgroup.memory.memsw.limit_in_bytes", "-1"],
        ["lxc.cgroup.cpu.shares", " 512 "],
        ["lxc.cgroup.cpuset.cpus", "0,1"],
        ["lxc.utsname", "box"],
        ["lxc.aa_profile", "unconfined"],
        ["lxc.network.hwaddr", "02:42:ac:11:00:09"],
        ["lxc.network.mtu", "1400"],
      ),
    };
    const networkingConfig = { EndpointsConfig: { net: { Aliases: ["a"] }, other: {} } };
    expect(translateLxcConf({ config: { Image: "a" }, hostConfig, networkingConfig }, to)).toEqual({
      config: { Image: "a", Hostname: "box", MacAddress: "02:42:ac:11:00:09" },
      hostConfig: {
        NetworkMode: "net",
        Memory: 512 * 1024 * 1024,
        MemorySwap: -1,
        CpuShares: 512,
        CpusetCpus: "0,1",
        SecurityOpt: ["no-new-privileges", "apparmor=unconfined"],
      },
      networkingConfig: {
        EndpointsConfig: {
          net: {
            Aliases: ["a"],
            DriverOpts: { "com.docker.network.driver.mtu": "1400" },
          },
          other: {},
        },
      },
    });
    expect(networkingConfig.EndpointsConfig.net).toEqual({ Aliases: ["a"] });
  });

  it.each([
    ["lxc.pivotdir", "x", /"lxc.pivotdir" has no counterpart/],
    ["constructor", "x", /"constructor" has no counterpart/],
    ["lxc.cgroup.cpu.shares", "many", /"lxc.cgroup.cpu.shares" must be a number/],
    ["lxc.utsname", "other", /lxc.utsname conflicts with Hostname/],
  ])("rejects %s = %s", (key, value, message) => {
    const parts = { config: { Hostname: "box" }, hostConfig: { LxcConf: settings([key, value]) } };
    expect(() => translateLxcConf(parts, to)).toThrow(InvalidOptionError);
    expect(() => translateLxcConf(parts, to)).toThrow(message);
  });

  it("adds the MTU to the only network and joins no other network", () => {
    const hostConfig = { LxcConf: settings(["lxc.network.mtu", "1400"]) };
    const networkingConfig = { EndpointsConfig: { net: {} } };
    expect(translateLxcConf({ config: {}, hostConfig, networkingConfig }, to).networkingConfig).toEqual({
      EndpointsConfig: { net: { DriverOpts: { "com.docker.network.driver.mtu": "1400" } } },
    });
  });

  it("drops settings without a counterpart on request", () => {
    const hostConfig = { LxcConf: settings(["lxc.pivotdir", "x"], ["lxc.cgroup.cpu.shares", "2"]) };
    expect(translateLxcConf({ config: {}, hostConfig }, { ...to, ignoreUnknown: true })).toEqual({
      config: {},
      hostConfig: { CpuShares: 2 },
    });
  });
});
