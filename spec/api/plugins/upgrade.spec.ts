import { describe, expect, it } from "vitest";
import type { UpgradePluginOptions } from "../../../lib/api/plugins/upgrade.js";
import { NoSuchPluginError, PluginEnabledError, PluginPrivilegesError } from "../../../lib/errors/plugin-errors.js";
import { RegistryAuthenticationError, StreamError } from "../../../lib/errors/stream-errors.js";
import { InvalidOptionError, UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import type { Plugin } from "../../../lib/types/plugin.js";
import { decodeHeader } from "../../support/auth-header.js";
import { progressAnswer } from "../../support/progress-answer.js";
import { type Answer, recordingDaemon } from "../../support/recording-daemon.js";

const wanted = [{ Name: "network", Description: "permissions to access a network", Value: ["host"] }];
const pulled = progressAnswer({ status: "Pull complete", id: "ab" }, { status: "Digest: sha256:ab" });
const installed: Partial<Plugin> = { Name: "volumes:1", PluginReference: "registry:5000/volumes:1" };

const engine = (answer: Answer = pulled, plugin: Partial<Plugin> = installed): Answer[] => [
  { body: plugin },
  { body: wanted },
  answer,
];

describe("Client.upgradePlugin", () => {
  it.each<[Partial<UpgradePluginOptions>, string]>([
    [{ grantAllPermissions: true }, "registry:5000/volumes:1"],
    [{ privileges: [{ Name: "network", Value: ["host"] }] }, "registry:5000/volumes:1"],
    [{ grantAllPermissions: true, remote: "registry:5000/volumes:2" }, "registry:5000/volumes:2"],
  ])("sends the requested privileges when they are granted: %j", async (options, remote) => {
    const { client, lines, requests } = await recordingDaemon(engine());
    const result = await client.upgradePlugin({ name: "a/volumes:1", ...options });
    expect(result).toEqual({ remote, digest: "sha256:ab" });
    expect(lines()).toEqual([
      "GET /v1.51/plugins/a/volumes:1/json",
      `GET /v1.51/plugins/privileges?remote=${encodeURIComponent(remote)}`,
      `POST /v1.51/plugins/a/volumes:1/upgrade?remote=${encodeURIComponent(remote)}`,
    ]);
    expect(JSON.parse(requests[2]?.body.toString() ?? "")).toEqual(wanted);
    expect(requests[2]?.headers["content-type"]).toBe("application/json");
  });

  it("sends the credentials of the registry that it pulls from", async () => {
    const auth = { "registry:5000": { username: "u", password: "p" } };
    const { client, requests } = await recordingDaemon(engine(), { auth });
    await client.upgradePlugin({ name: "volumes", grantAllPermissions: true });
    const own = { username: "u", password: "p", serveraddress: "registry:5000" };
    expect(requests.slice(1).map(({ headers }) => decodeHeader(headers["x-registry-auth"]))).toEqual([own, own]);
  });

  it("changes nothing when a requested privilege is not granted", async () => {
    const { client, lines } = await recordingDaemon(engine());
    const error = await client.upgradePlugin({ name: "volumes" }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(PluginPrivilegesError);
    expect(error).toMatchObject({ plugin: "registry:5000/volumes:1", privileges: wanted, operation: "upgradePlugin" });
    expect(lines()).toHaveLength(2);
  });

  it.each([{ Name: "volumes:1" }, { Name: "volumes:1", PluginReference: "" }])(
    "requires the option remote for %j",
    async (plugin) => {
      const { client, lines } = await recordingDaemon(engine(pulled, plugin));
      const error = await client.upgradePlugin({ name: "volumes", grantAllPermissions: true }).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(InvalidOptionError);
      expect(error).toMatchObject({ option: "remote", operation: "upgradePlugin" });
      expect(lines()).toHaveLength(1);
    },
  );

  it("reports a missing plugin", async () => {
    const { client, lines } = await recordingDaemon({ status: 404, body: { message: 'plugin "volumes" not found' } });
    const error = await client.upgradePlugin({ name: "volumes", remote: "volumes:2" }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NoSuchPluginError);
    expect(error).toMatchObject({ plugin: "volumes", message: "no such plugin: volumes" });
    await expect(client.upgradePlugin({ name: "" })).rejects.toBeInstanceOf(NoSuchPluginError);
    expect(lines()).toHaveLength(1);
  });

  it.each([
    [409, "plugin must be disabled before upgrading: plugin volumes:latest is enabled", PluginEnabledError],
    [404, 'plugin "volumes" not found', NoSuchPluginError],
    [404, "error resolving plugin reference: registry:5000/volumes:1: not found", NoSuchPluginError, "registry:5000/volumes:1"],
    [500, "no basic auth credentials", RegistryAuthenticationError],
  ])("maps %i %s to a typed error", async (status, message, expected, plugin = "volumes") => {
    const { client } = await recordingDaemon(engine({ status, body: { message } }));
    const error = await client.upgradePlugin({ name: "volumes", grantAllPermissions: true }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(expected);
    expect(error).toMatchObject({ status, reason: message, operation: "upgradePlugin" });
    if (error instanceof NoSuchPluginError)
      expect([error.plugin, error.message]).toEqual([plugin, expect.stringContaining(plugin)]);
  });

  it.each([
    ["registry:5000/volumes:2: not found", NoSuchPluginError],
    ["incorrect privileges", StreamError],
  ])("rejects with the error that the stream reports: %s", async (message, expected) => {
    const { client } = await recordingDaemon(engine(progressAnswer({ errorDetail: { message }, error: message })));
    const upgrade = client.upgradePlugin({ name: "volumes", remote: "registry:5000/volumes:2", grantAllPermissions: true });
    const error = await upgrade.catch((e: unknown) => e);
    expect(error).toBeInstanceOf(expected);
    expect(error).toMatchObject({ status: 200, reason: message });
  });

  it("requires API 1.26", async () => {
    const { client, lines } = await recordingDaemon(engine(), { apiVersion: "1.25" });
    const upgrade = client.upgradePlugin({ name: "volumes", grantAllPermissions: true });
    await expect(upgrade).rejects.toBeInstanceOf(UnsupportedVersionError);
    expect(lines()).toEqual([]);
  });
});
