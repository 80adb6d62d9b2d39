import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { grant } from "../../../lib/api/plugins/grant.js";
import { ProtocolError } from "../../../lib/errors/connection-errors.js";
import { PluginPrivilegesError } from "../../../lib/errors/plugin-errors.js";
import type { PluginPrivilege } from "../../../lib/types/plugin.js";

const wanted: PluginPrivilege[] = [
  { Name: "network", Description: "permissions to access a network", Value: ["host"] },
  { Name: "mount", Description: "host path to mount", Value: ["/dev"] },
  { Name: "mount", Description: "host path to mount", Value: ["/srv"] },
  { Name: "capabilities", Description: "list of additional capabilities required", Value: ["CAP_SYS_ADMIN", "CAP_NET_ADMIN"] },
];

const given = (privileges?: PluginPrivilege[], grantAllPermissions?: boolean) =>
  grant("volumes", wanted, { privileges, grantAllPermissions }, "installPlugins");

/** The requested privileges that were not granted. */
function ungranted(privileges?: PluginPrivilege[]): unknown {
  try {
    return given(privileges);
  } catch (error) {
    expect(error).toBeInstanceOf(PluginPrivilegesError);
    return error instanceof PluginPrivilegesError && error.privileges.map(({ Name, Value }) => [Name, ...Value]);
  }
}

describe("grant", () => {
  it("returns the requested privileges unchanged when all are granted", () => {
    const granted = wanted.map(({ Name, Value }) => ({ Name, Value: [...Value].reverse() }));
    expect(given(granted)).toBe(wanted);
    expect(given([...granted, { Name: "device", Value: ["/dev/fuse"] }, { Name: "network", Value: ["none"] }])).toBe(wanted);
    expect(given(undefined, true)).toBe(wanted);
  });

  it("grants nothing by default or if the plugin requests nothing", () => {
    expect(ungranted()).toEqual([
      ["network", "host"],
      ["mount", "/dev"],
      ["mount", "/srv"],
      ["capabilities", "CAP_SYS_ADMIN", "CAP_NET_ADMIN"],
    ]);
    expect(grant("volumes", [], {}, "installPlugins")).toEqual([]);
  });

  it.each<[string, PluginPrivilege[], unknown]>([
    ["another value", [{ Name: "network", Value: ["bridge"] }], ["network", "host"]],
    ["one value of two", [{ Name: "capabilities", Value: ["CAP_SYS_ADMIN"] }], ["capabilities", "CAP_NET_ADMIN"]],
    ["one entry of two", [{ Name: "mount", Value: ["/srv"] }], ["mount", "/dev"]],
  ])("lists the missing privileges when %s is granted", (_what, privileges, missing) => {
    const rest = wanted.filter(({ Name }) => Name !== privileges[0]?.Name);
    expect(ungranted([...rest, ...privileges])).toEqual([missing]);
  });

  it.each([{ Name: "network" }, "network", 1])("rejects %j in place of a list", (answer) => {
    expect(() => grant("p", answer as never, { grantAllPermissions: true }, "installPlugins")).toThrow(ProtocolError);
  });

  it("grants a privilege without values only by name", () => {
    const bare = [{ Name: "host pid namespace", Value: [] }];
    expect(() => grant("volumes", bare, {}, "installPlugins")).toThrow(PluginPrivilegesError);
    expect(grant("volumes", bare, { privileges: bare }, "installPlugins")).toBe(bare);
  });

  it("lists the missing privileges in the message", () => {
    expect(() => given([])).toThrow(
      "plugin volumes requests privileges that were not granted: network (host); mount (/dev); mount (/srv); " +
        "capabilities (CAP_SYS_ADMIN, CAP_NET_ADMIN): add them to privileges, or set grantAllPermissions",
    );
  });

  it("accepts the missing privileges of an earlier error", () => {
    const privilege = fc.record({
      Name: fc.constantFrom("network", "mount", "device", "capabilities"),
      Value: fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1 }),
    });
    fc.assert(
      fc.property(fc.array(privilege), fc.array(privilege), (wants, privileges) => {
        try {
          expect(grant("p", wants, { privileges }, "installPlugins")).toBe(wants);
        } catch (error) {
          if (!(error instanceof PluginPrivilegesError)) throw error;
          expect(error.privileges.length).toBeGreaterThan(0);
          const more = [...privileges, ...error.privileges];
          expect(grant("p", wants, { privileges: more }, "installPlugins")).toBe(wants);
        }
      }),
    );
  });
});
