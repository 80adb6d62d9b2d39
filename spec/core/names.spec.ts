import { describe, expect, it } from "vitest";
import { nearestName, suggestion } from "../../lib/core/names.js";

const members = ["Memory", "MemorySwap", "PortBindings", "AutoRemove", "Env", "HostConfig"];
const settings = ["signal", "timeout", "timeouts", "headers"];

describe("nearestName", () => {
  it.each([
    ["Memroy", members, "Memory"],
    ["MemorySwp", members, "MemorySwap"],
    ["PortBinding", members, "PortBindings"],
    ["AutoRemov", members, "AutoRemove"],
    ["env", members, "Env"],
    ["Hostconfig", members, "HostConfig"],
    ["host-config", members, "HostConfig"],
    ["timeoutMs", settings, "timeout"],
    ["header", settings, "headers"],
    ["image", ["tag", "repository", "auth"], "repository"],
    ["cmd", ["command", "image"], "command"],
    ["Xyz", members, undefined],
    ["constructor", members, undefined],
    ["", members, undefined],
  ])("of %j in %j is %j", (name, known, near) => {
    expect(nearestName(name, known)).toBe(near);
  });
});

describe("suggestion", () => {
  it("lists the names when none is near, and truncates a long list", () => {
    expect(suggestion("x", ["first", "second"])).toBe(" (known options: first, second)");
    expect(
      suggestion(
        "x",
        Array.from({ length: 40 }, (_, index) => `option${index}`),
      ),
    ).toMatch(/option11, …\)$/);
    expect(suggestion("x", [])).toBe("");
  });
});
