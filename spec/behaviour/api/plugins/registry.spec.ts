import { beforeEach, describe, expect, it } from "vitest";
import type { AuthConfiguration } from "../../../../lib/auth/auth-configuration.js";
import { Client } from "../../../../lib/client.js";
import { ApiError } from "../../../../lib/errors/api-error.js";
import {
  NoSuchPluginError,
  PluginAlreadyExistsError,
  PluginEnabledError,
  PluginPrivilegesError,
} from "../../../../lib/errors/plugin-errors.js";
import type { PluginPrivilege } from "../../../../lib/types/plugin.js";
import { client, IMAGE, uniqueName, useEngine } from "../../../support/engine.js";
import { removedAtEnd } from "../../../support/images.js";
import {
  needsPlugins,
  pluginFoldersRemovedAtEnd,
  pluginRemovedAtEnd,
  stillPlugin,
  wanted,
  workingPlugin,
} from "../../../support/plugins.js";
import { needsRegistry, refusalOf, right, wrong } from "../../../support/registry.js";

useEngine();
pluginFoldersRemovedAtEnd();
beforeEach(needsPlugins);

/** Pushes a plugin, removes it from the engine, and returns its reference. */
async function pushedPlugin(
  host: string,
  path: string,
  tag = "1",
  repository = `${host}/${uniqueName("plugin")}`,
): Promise<string> {
  const name = pluginRemovedAtEnd(`${repository}:${tag}`);
  await client.createPlugin({ name, path });
  const { digest, tag: pushedTag, size } = await client.pushPlugin({ name, auth: right });
  expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(pushedTag).toBe(tag);
  expect(size).toBeGreaterThan(0);
  await client.removePlugin({ name });
  return name;
}

/** The names and values of privileges, sorted. */
const summary = (privileges: readonly PluginPrivilege[]): string[] =>
  privileges.map(({ Name, Value }) => `${Name} ${[...Value].sort().join()}`).sort();

describe("pushPlugin and installPlugins", () => {
  it("push a plugin and install it again with its privileges", async (context) => {
    const remote = await pushedPlugin(needsRegistry(context), await stillPlugin());
    expect(summary(await client.getPluginPrivileges({ remote, auth: right }))).toEqual(summary(wanted));

    const statuses: string[] = [];
    const install = client.installPlugins({ remote, privileges: wanted, auth: right });
    for await (const { status } of install) statuses.push(status ?? "");
    expect(await install).toMatchObject({ name: remote });
    expect(statuses.length).toBeGreaterThan(0);
    expect(await client.inspectPlugins({ name: remote })).toMatchObject({
      Name: remote,
      Enabled: false,
      PluginReference: remote,
      Config: { Description: "does nothing" },
    });
    const again = client.installPlugins({ remote, grantAllPermissions: true, auth: right });
    expect(await refusalOf(again)).toBeInstanceOf(PluginAlreadyExistsError);
  });

  it("install a plugin under another name", async (context) => {
    const remote = await pushedPlugin(needsRegistry(context), await stillPlugin());
    const name = pluginRemovedAtEnd(uniqueName("plugin"));
    const installed = await client.installPlugins({ remote, name, grantAllPermissions: true, auth: right });
    expect(installed.name.split("/").at(-1)).toBe(`${name}:latest`);
    expect(await client.inspectPlugins({ name })).toMatchObject({ Name: `${name}:latest`, PluginReference: remote });
  });

  it("install nothing without all privileges and report the missing ones", async (context) => {
    const remote = await pushedPlugin(needsRegistry(context), await stillPlugin());
    const nothing = await refusalOf(client.installPlugins({ remote, auth: right }));
    expect(nothing).toBeInstanceOf(PluginPrivilegesError);
    expect(nothing instanceof PluginPrivilegesError && summary(nothing.privileges)).toEqual(summary(wanted));

    const privileges = [{ Name: "capabilities", Value: ["CAP_NET_ADMIN"] }];
    const less = await refusalOf(client.installPlugins({ remote, privileges, auth: right }));
    expect(less).toBeInstanceOf(PluginPrivilegesError);
    const missing = less instanceof PluginPrivilegesError ? less.privileges : [];
    expect(summary(missing)).toEqual(["capabilities CAP_SYS_ADMIN", "mount /srv"]);
    expect(await refusalOf(client.inspectPlugins({ name: remote }))).toBeInstanceOf(NoSuchPluginError);

    await client.installPlugins({ remote, privileges: [...privileges, ...missing], auth: right });
    expect((await client.inspectPlugins({ name: remote })).Name).toBe(remote);
  });

  it("use the client's credentials", async (context) => {
    const host = needsRegistry(context);
    const remote = await pushedPlugin(host, await stillPlugin());
    await using own = new Client({ endpoint: client.endpoint, auth: { [host]: right } });
    await own.installPlugins({ remote, grantAllPermissions: true });
    expect((await own.pushPlugin({ name: remote })).digest).toMatch(/^sha256:/);
  });

  it.for<[string, AuthConfiguration | false]>([
    ["wrong", wrong],
    ["missing", false],
  ])("reject when the credentials are %s", async ([, auth], context) => {
    const remote = await pushedPlugin(needsRegistry(context), await stillPlugin());
    // for a plain HTTP registry, engines report only that TLS is missing
    const pulled = await refusalOf(client.installPlugins({ remote, grantAllPermissions: true, auth }));
    expect(pulled).toBeInstanceOf(ApiError);
    expect(await refusalOf(client.inspectPlugins({ name: remote }))).toBeInstanceOf(NoSuchPluginError);
    await client.installPlugins({ remote, grantAllPermissions: true, auth: right });
    const pushed = await refusalOf(client.pushPlugin({ name: remote, auth }));
    expect(pushed).toBeInstanceOf(ApiError);
  });

  it("reject when the registry lacks the plugin or has an image with its name", async (context) => {
    const host = needsRegistry(context);
    const name = pluginRemovedAtEnd(uniqueName("plugin"));
    const remote = `${host}/${uniqueName("nosuch")}:1`;
    const install = { remote, name, grantAllPermissions: true, auth: right };
    expect(await refusalOf(client.installPlugins(install))).toBeInstanceOf(ApiError);
    await client.tagImage({ name: IMAGE, repo: removedAtEnd(remote) });
    await client.pushImage({ name: remote, auth: right });
    expect(await refusalOf(client.installPlugins(install))).toBeInstanceOf(ApiError);
    expect(await refusalOf(client.inspectPlugins({ name }))).toBeInstanceOf(NoSuchPluginError);
  });

  it("reject when the registry is unreachable", async () => {
    const remote = "127.0.0.1:1/volumes";
    await expect(client.installPlugins({ remote, grantAllPermissions: true })).rejects.toBeInstanceOf(ApiError);
  });
});

describe("upgradePlugin", () => {
  it("replaces a plugin with another version and keeps its settings", async (context) => {
    const host = needsRegistry(context);
    const repository = `${host}/${uniqueName("plugin")}`;
    const first = await pushedPlugin(host, await stillPlugin("the first"), "1", repository);
    const second = await pushedPlugin(host, await stillPlugin("the second"), "2", repository);
    await client.installPlugins({ remote: first, grantAllPermissions: true, auth: right });
    await client.configurePlugin({ name: first, settings: ["DEBUG=1"] });

    const refused = await refusalOf(client.upgradePlugin({ name: first, remote: second, auth: right }));
    expect(refused).toBeInstanceOf(PluginPrivilegesError);
    expect((await client.inspectPlugins({ name: first })).Config.Description).toBe("the first");

    const upgraded = await client.upgradePlugin({ name: first, remote: second, privileges: wanted, auth: right });
    expect(upgraded.remote).toBe(second);
    const plugin = await client.inspectPlugins({ name: first });
    expect(plugin).toMatchObject({ Name: first, Enabled: false, Config: { Description: "the second" } });
    expect(plugin.Settings.Env).toContain("DEBUG=1");

    // without `remote`, it upgrades from its original reference
    const again = await client.upgradePlugin({ name: first, privileges: wanted, auth: right });
    expect(again.remote).toBe(plugin.PluginReference);
    const missing = client.upgradePlugin({ name: first, remote: `${repository}:3`, privileges: wanted, auth: right });
    expect(await refusalOf(missing)).toBeInstanceOf(ApiError);
    expect((await client.inspectPlugins({ name: first })).Config.Description).toBe("the second");
  });

  it("rejects an enabled plugin", { timeout: 120_000 }, async (context) => {
    const host = needsRegistry(context);
    const remote = await pushedPlugin(host, await workingPlugin(context));
    await client.installPlugins({ remote, grantAllPermissions: true, auth: right });
    await client.enablePlugin({ name: remote });
    const refused = await refusalOf(client.upgradePlugin({ name: remote, grantAllPermissions: true, auth: right }));
    expect(refused).toBeInstanceOf(PluginEnabledError);
    await client.disablePlugin({ name: remote });
    await client.upgradePlugin({ name: remote, grantAllPermissions: true, auth: right });
    await client.enablePlugin({ name: remote });
    expect((await client.inspectPlugins({ name: remote })).Enabled).toBe(true);
  });
});
