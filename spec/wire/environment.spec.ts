import { homedir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { configFolder, homeFolder } from "../../lib/wire/environment.js";

const both = { HOME: "/home/me", USERPROFILE: "C:\\Users\\me" };
const system = () => "/system";

describe("homeFolder", () => {
  it.each([
    ["win32", both, "C:\\Users\\me"],
    ["win32", { HOME: "/home/me" }, "/system"],
    ["win32", { HOME: "/home/me", USERPROFILE: "" }, "/system"],
    ["linux", both, "/home/me"],
    ["linux", { USERPROFILE: "C:\\Users\\me" }, "/system"],
    ["linux", { HOME: "" }, "/system"],
    ["darwin", both, "/home/me"],
  ] as const)("follows Go's os.UserHomeDir on %s for %j", (platform, env, expected) => {
    expect(homeFolder(env, platform, system)).toBe(expected);
  });

  it("uses the operating system of the process by default", () => {
    expect(homeFolder({})).toBe(homedir());
  });
});

describe("configFolder", () => {
  it.each(["win32", "linux"] as const)("prefers DOCKER_CONFIG on %s", (platform) => {
    expect(configFolder({ ...both, DOCKER_CONFIG: "/etc/docker" }, platform, system)).toBe("/etc/docker");
  });

  it.each([
    ["win32", both, join("C:\\Users\\me", ".docker")],
    ["win32", { HOME: "/home/me", DOCKER_CONFIG: "" }, join("/system", ".docker")],
    ["linux", both, join("/home/me", ".docker")],
    ["linux", {}, join("/system", ".docker")],
  ] as const)("is .docker in the home directory on %s for %j", (platform, env, expected) => {
    expect(configFolder(env, platform, system)).toBe(expected);
  });

  it("uses the operating system of the process by default", () => {
    expect(configFolder({})).toBe(join(homedir(), ".docker"));
  });
});
