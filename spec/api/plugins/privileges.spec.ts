import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import type { GetPluginPrivilegesOptions } from "../../../lib/api/plugins/privileges.js";
import { ServerError } from "../../../lib/errors/api-error.js";
import { ProtocolError } from "../../../lib/errors/connection-errors.js";
import { NoSuchPluginError } from "../../../lib/errors/plugin-errors.js";
import { RegistryAuthenticationError } from "../../../lib/errors/stream-errors.js";
import { InvalidOptionError, UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { decodeHeader } from "../../support/auth-header.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

describe("Client.getPluginPrivileges", () => {
  it("sends the reference", async () => {
    const privileges = [{ Name: "network", Description: "permissions to access a network", Value: ["host"] }];
    const { client, lines } = await recordingDaemon({ body: privileges });
    expect(await client.getPluginPrivileges({ remote: "registry:5000/a/volumes:1" })).toEqual(privileges);
    expect(lines()).toEqual(["GET /v1.51/plugins/privileges?remote=registry%3A5000%2Fa%2Fvolumes%3A1"]);
  });

  it("returns an empty list when the engine responds with null", async () => {
    const { client } = await recordingDaemon({ body: "null" });
    expect(await client.getPluginPrivileges({ remote: "volumes" })).toEqual([]);
  });

  it.each<[GetPluginPrivilegesOptions, unknown]>([
    [{ remote: "registry:5000/volumes" }, { username: "u", password: "p", serveraddress: "registry:5000" }],
    [{ remote: "registry:5000/volumes", auth: false }, {}],
    [{ remote: "volumes" }, {}],
    [
      { remote: "volumes", auth: { identitytoken: "t" } },
      { identitytoken: "t", serveraddress: "https://index.docker.io/v1/" },
    ],
  ])("sends credentials: %j", async (options, expected) => {
    const auth = { "registry:5000": { username: "u", password: "p" } };
    const { client, requests } = await recordingDaemon({ body: [] }, { auth });
    await client.getPluginPrivileges(options);
    expect(decodeHeader(requests[0]?.headers["x-registry-auth"])).toEqual(expected);
  });

  it.each([
    [404, "plugin not found", NoSuchPluginError],
    [500, "manifest unknown: manifest unknown", NoSuchPluginError],
    [500, "no basic auth credentials", RegistryAuthenticationError],
    [401, "unauthorized: authentication required", RegistryAuthenticationError],
    [403, "denied: requested access to the resource is denied", RegistryAuthenticationError],
    [500, "did not find plugin config for specified reference docker.io/library/busybox:latest", ServerError],
  ])("maps %i %s to a typed error", async (status, message, expected) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    const auth = { username: "u", password: "very-secret" };
    const error = await client.getPluginPrivileges({ remote: "volumes", auth }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(expected);
    expect(error).toMatchObject({ status, reason: message, operation: "getPluginPrivileges" });
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain("very-secret");
  });

  it("reports an empty reference as a missing plugin, and rejects an undefined reference", async () => {
    const { client, lines } = await recordingDaemon();
    await expect(client.getPluginPrivileges({ remote: "" })).rejects.toBeInstanceOf(NoSuchPluginError);
    const nothing = {} as GetPluginPrivilegesOptions; // possible in JavaScript
    await expect(client.getPluginPrivileges(nothing)).rejects.toBeInstanceOf(InvalidOptionError);
    expect(lines()).toEqual([]);
  });

  it.each([{}, "none", 5, [null], [{ Name: "network" }], [{ Name: 5, Value: [] }], [{ Name: "network", Value: "host" }]])(
    "rejects the answer %j, which is not a list of privileges",
    async (answer) => {
      const { client } = await recordingDaemon({ body: JSON.stringify(answer), headers: { "Content-Type": "application/json" } });
      const granted = client.getPluginPrivileges({ remote: "volumes", auth: false });
      await expect(granted).rejects.toBeInstanceOf(ProtocolError);
      const install = client.installPlugins({ remote: "volumes", auth: false, grantAllPermissions: true });
      await expect(install).rejects.toThrow("the engine did not return a list of the privileges of volumes");
    },
  );

  it("requires API 1.25", async () => {
    const { client, lines } = await recordingDaemon({}, { apiVersion: "1.24" });
    await expect(client.getPluginPrivileges({ remote: "volumes" })).rejects.toBeInstanceOf(UnsupportedVersionError);
    expect(lines()).toEqual([]);
  });
});
