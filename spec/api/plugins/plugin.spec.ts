import { describe, expect, it } from "vitest";
import type { ConfigurePluginOptions } from "../../../lib/api/plugins/configure.js";
import type { Client } from "../../../lib/client.js";
import { BadRequestError, ConflictError, ServerError } from "../../../lib/errors/api-error.js";
import {
  NoSuchPluginError,
  PluginDisabledError,
  PluginEnabledError,
  PluginInUseError,
} from "../../../lib/errors/plugin-errors.js";
import { InvalidOptionError, UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

type Call = (client: Client) => Promise<unknown>;

describe("operations on one plugin", () => {
  it.each<[string, Call, string]>([
    ["inspectPlugins", (client) => client.inspectPlugins({ name: "r:5000/a_b" }), "GET /v1.51/plugins/r:5000/a_b/json"],
    ["enablePlugin", (client) => client.enablePlugin({ name: "a" }), "POST /v1.51/plugins/a/enable?timeout=0"],
    [
      "enablePlugin with a timeout",
      (client) => client.enablePlugin({ name: "a:1", timeout: 30 }),
      "POST /v1.51/plugins/a:1/enable?timeout=30",
    ],
    ["disablePlugin", (client) => client.disablePlugin({ name: "a" }), "POST /v1.51/plugins/a/disable"],
    [
      "disablePlugin with force",
      (client) => client.disablePlugin({ name: "a", force: true }),
      "POST /v1.51/plugins/a/disable?force=1",
    ],
    [
      "disablePlugin without force",
      (client) => client.disablePlugin({ name: "a", force: false }),
      "POST /v1.51/plugins/a/disable?force=0",
    ],
    ["removePlugin", (client) => client.removePlugin({ name: "a" }), "DELETE /v1.51/plugins/a"],
    ["removePlugin with force", (client) => client.removePlugin({ name: "a", force: true }), "DELETE /v1.51/plugins/a?force=1"],
    [
      "configurePlugin",
      (client) => client.configurePlugin({ name: "a", settings: ["DEBUG=1", "data.source=/srv"] }),
      "POST /v1.51/plugins/a/set",
    ],
  ])("%s sends its request", async (_what, call, line) => {
    const { client, lines } = await recordingDaemon({ body: {} });
    await call(client);
    expect(lines()).toEqual([line]);
  });

  it("inspectPlugins returns the engine's response unchanged", async () => {
    const plugin = { Id: "ab", Name: "a:latest", Enabled: false };
    const { client } = await recordingDaemon({ body: plugin });
    expect(await client.inspectPlugins({ name: "a" })).toEqual(plugin);
  });

  it("configurePlugin sends a list", async () => {
    const { client, requests } = await recordingDaemon({ status: 204 });
    await client.configurePlugin({ name: "a", settings: ["DEBUG=1", "args=--fast --loud"] });
    await client.configurePlugin({ name: "a", settings: [] });
    expect(requests.map(({ body }) => body.toString())).toEqual(['["DEBUG=1","args=--fast --loud"]', "[]"]);
    expect(requests.map(({ headers }) => headers["content-type"])).toEqual(["application/json", "application/json"]);
  });

  it.each<[string, unknown]>([
    ["is missing", {}],
    ["is a string", { settings: "DEBUG=1" }],
    ["is an object", { settings: { DEBUG: 1 } }],
    ["contains a value that is not JSON", { settings: [1n] }],
  ])("configurePlugin rejects settings when the value %s", async (_what, options) => {
    const { client, lines } = await recordingDaemon();
    const given = { name: "a", ...(options as object) } as ConfigurePluginOptions; // possible in JavaScript
    const error = await client.configurePlugin(given).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(error).toMatchObject({ option: "settings", operation: "configurePlugin" });
    expect(lines()).toEqual([]);
  });

  const calls: Record<string, Call> = {
    inspectPlugins: (client) => client.inspectPlugins({ name: "a" }),
    enablePlugin: (client) => client.enablePlugin({ name: "a" }),
    disablePlugin: (client) => client.disablePlugin({ name: "a" }),
    configurePlugin: (client) => client.configurePlugin({ name: "a", settings: ["DEBUG=1"] }),
    removePlugin: (client) => client.removePlugin({ name: "a" }),
  };

  it.each(Object.entries(calls))("%s reports a missing plugin", async (operation, call) => {
    const { client } = await recordingDaemon({ status: 404, body: { message: 'plugin "a" not found' } });
    const error = await call(client).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NoSuchPluginError);
    expect(error).toMatchObject({
      status: 404,
      code: "ERR_NO_SUCH_PLUGIN",
      plugin: "a",
      operation,
      message: "no such plugin: a",
    });
  });

  it.each([
    ["inspectPlugins", 400, 'multiple plugins found for "a"', BadRequestError],
    ["enablePlugin", 409, "already enabled: plugin a:latest is enabled", PluginEnabledError],
    ["enablePlugin", 500, "dial unix /run/docker/plugins/ab/p.sock: connect: no such file or directory", ServerError],
    ["disablePlugin", 409, "plugin is already disabled: plugin a:latest found but disabled", PluginDisabledError],
    ["disablePlugin", 500, "plugin a:latest is already disabled", PluginDisabledError],
    ["enablePlugin", 500, "plugin a:latest is already enabled", PluginEnabledError],
    ["disablePlugin", 409, "plugin a:latest is in use", PluginInUseError],
    ["removePlugin", 409, "plugin a:latest is in use", PluginInUseError],
    ["removePlugin", 409, "plugin a:latest is enabled", PluginEnabledError],
    ["removePlugin", 409, "something else", ConflictError],
    ["configurePlugin", 500, "cannot set on an active plugin, disable plugin before setting", PluginEnabledError],
    ["configurePlugin", 500, 'setting "NOPE" not found in the plugin configuration', BadRequestError],
    ["configurePlugin", 500, '"SECRET" is not settable', BadRequestError],
    ["configurePlugin", 500, "invalid format, must be <name>[.<field>][=<value>]", BadRequestError],
    ["configurePlugin", 500, "disk on fire", ServerError],
    ["configurePlugin", 409, "plugin a:latest is enabled", PluginEnabledError],
  ])("%s maps %i %s to a typed error", async (operation, status, message, expected) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    const error = await calls[operation]?.(client).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(expected);
    expect(error).toMatchObject({ status, reason: message, operation });
  });

  it.each(["inspectPlugins", "enablePlugin", "disablePlugin", "removePlugin"] as const)(
    "%s reports an empty name as a missing plugin",
    async (operation) => {
      const { client, lines } = await recordingDaemon();
      await expect(client[operation]({ name: "" })).rejects.toBeInstanceOf(NoSuchPluginError);
      expect(lines()).toEqual([]);
    },
  );

  it.each<[string, string, Call]>([
    ["disablePlugin with force", "1.27", (client) => client.disablePlugin({ name: "a", force: true })],
    ["removePlugin with force", "1.24", (client) => client.removePlugin({ name: "a", force: true })],
    ["configurePlugin", "1.24", (client) => client.configurePlugin({ name: "a", settings: [] })],
  ])("%s is rejected in API %s", async (_what, apiVersion, call) => {
    const { client, lines } = await recordingDaemon({}, { apiVersion });
    await expect(call(client)).rejects.toBeInstanceOf(UnsupportedVersionError);
    expect(lines()).toEqual([]);
  });

  it("enablePlugin works in API 1.24, with the timeout that engines require", async () => {
    const { client, lines } = await recordingDaemon({}, { apiVersion: "1.24" });
    await client.enablePlugin({ name: "a" });
    expect(lines()).toEqual(["POST /v1.24/plugins/a/enable?timeout=0"]);
  });
});
