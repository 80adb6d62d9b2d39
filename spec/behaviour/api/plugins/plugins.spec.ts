import { createReadStream } from "node:fs";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { packDirectory } from "../../../../lib/archive/pack-directory.js";
import { ApiError, BadRequestError } from "../../../../lib/errors/api-error.js";
import {
  NoSuchPluginError,
  PluginAlreadyExistsError,
  PluginDisabledError,
  PluginEnabledError,
  PluginInUseError,
} from "../../../../lib/errors/plugin-errors.js";
import { InvalidOptionError } from "../../../../lib/errors/usage-errors.js";
import { client, uniqueName, useEngine } from "../../../support/engine.js";
import {
  needsPlugins,
  pluginFoldersRemovedAtEnd,
  pluginRemovedAtEnd,
  stillPlugin,
  workingPlugin,
} from "../../../support/plugins.js";

useEngine();
pluginFoldersRemovedAtEnd();
beforeEach(needsPlugins);

const refusalOf = (call: PromiseLike<unknown>): Promise<unknown> => Promise.resolve(call).catch((error: unknown) => error);
const envOf = async (name: string): Promise<string[]> => (await client.inspectPlugins({ name })).Settings.Env;

describe("createPlugin and inspectPlugins", () => {
  it("create a plugin from a folder and return its details", async () => {
    const name = pluginRemovedAtEnd(uniqueName("plugin"));
    await client.createPlugin({ name, path: await stillPlugin() });
    const plugin = await client.inspectPlugins({ name });
    expect(plugin).toMatchObject({
      Id: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      Name: `${name}:latest`,
      Enabled: false,
      Config: {
        Description: "does nothing",
        Documentation: "https://plugins.example.com",
        Entrypoint: ["/bin/driver"],
        Interface: { Types: ["docker.volumedriver/1.0"], Socket: "driver.sock" },
        Network: { Type: "bridge" },
        Linux: { Capabilities: ["CAP_SYS_ADMIN", "CAP_NET_ADMIN"], AllowAllDevices: false, Devices: [] },
        Args: { Name: "args", Value: ["--slow"], Settable: ["value"] },
        IpcHost: false,
        PidHost: false,
        rootfs: { type: "layers", diff_ids: [expect.stringMatching(/^sha256:/) as string] },
      },
      Settings: {
        Args: ["--slow"],
        Env: ["DEBUG=0", "FIXED=1"],
        Devices: [],
        Mounts: [{ Source: "/srv", Destination: "/data" }],
      },
    });
    expect(await client.inspectPlugins({ name: plugin.Id ?? "" })).toEqual(plugin);
    expect(await client.inspectPlugins({ name: `${name}:latest` })).toEqual(plugin);
    await client.removePlugin({ name });
    expect(await refusalOf(client.inspectPlugins({ name }))).toBeInstanceOf(NoSuchPluginError);
  });

  it("create a plugin from an archive", async () => {
    const name = pluginRemovedAtEnd(`${uniqueName("plugin")}:1`);
    await client.createPlugin({ name, inputStream: packDirectory(await stillPlugin()) });
    expect((await client.inspectPlugins({ name })).Name).toBe(name);
    const again = client.createPlugin({ name, path: await stillPlugin() });
    expect(await refusalOf(again)).toBeInstanceOf(PluginAlreadyExistsError);
  });

  it("reject an invalid plugin", async () => {
    const name = pluginRemovedAtEnd(uniqueName("plugin"));
    const creation = client.createPlugin({ name, inputStream: createReadStream("/etc/hostname") });
    expect(await refusalOf(creation)).toBeInstanceOf(BadRequestError);
    const named = client.createPlugin({ name: "No-Name", path: await stillPlugin() });
    expect(await refusalOf(named)).toBeInstanceOf(InvalidOptionError);
    expect(await refusalOf(client.inspectPlugins({ name }))).toBeInstanceOf(NoSuchPluginError);
  });
});

describe("listPlugins", () => {
  it("filters plugins by state and capability", async () => {
    const name = pluginRemovedAtEnd(uniqueName("plugin"));
    await client.createPlugin({ name, path: await stillPlugin() });
    const names = async (...options: Parameters<typeof client.listPlugins>) =>
      (await client.listPlugins(...options)).map(({ Name }) => Name);
    expect(await names()).toContain(`${name}:latest`);
    expect(await names({ filters: { enabled: false } })).toContain(`${name}:latest`);
    expect(await names({ filters: { enabled: true } })).not.toContain(`${name}:latest`);
    expect(await names({ filters: { capability: "volumedriver" } })).toContain(`${name}:latest`);
    expect(await names({ filters: { capability: "networkdriver", enabled: false } })).not.toContain(`${name}:latest`);
  });
});

describe("configurePlugin", () => {
  it("changes only settable values", async () => {
    const name = pluginRemovedAtEnd(uniqueName("plugin"));
    await client.createPlugin({ name, path: await stillPlugin() });
    await client.configurePlugin({ name, settings: ["DEBUG=1", "args=--fast --loud", "data.source=/tmp"] });
    const { Settings } = await client.inspectPlugins({ name });
    expect(Settings).toMatchObject({ Args: ["--fast", "--loud"], Mounts: [{ Source: "/tmp" }] });
    expect(Settings.Env).toContain("DEBUG=1");

    for (const setting of ["FIXED=2", "NOPE=1", "=", "data.nope=1", "DEBUG.nope=1"]) {
      expect(await refusalOf(client.configurePlugin({ name, settings: [setting] })), setting).toBeInstanceOf(BadRequestError);
    }
    expect(await envOf(name)).toContain("FIXED=1");
  });
});

describe("enablePlugin and disablePlugin", () => {
  it("start and stop a plugin", { timeout: 120_000 }, async (context) => {
    const path = await workingPlugin(context);
    const name = pluginRemovedAtEnd(uniqueName("plugin"));
    await client.createPlugin({ name, path });
    expect(await refusalOf(client.disablePlugin({ name }))).toBeInstanceOf(PluginDisabledError);
    await client.configurePlugin({ name, settings: ["DEBUG=1"] });

    await client.enablePlugin({ name, timeout: 30 });
    expect(await client.inspectPlugins({ name })).toMatchObject({ Enabled: true, Settings: { Env: ["DEBUG=1"] } });
    expect((await client.listPlugins({ filters: { enabled: true } })).map(({ Name }) => Name)).toContain(`${name}:latest`);
    expect(await refusalOf(client.enablePlugin({ name }))).toBeInstanceOf(PluginEnabledError);
    expect(await refusalOf(client.configurePlugin({ name, settings: ["DEBUG=0"] }))).toBeInstanceOf(PluginEnabledError);
    expect(await refusalOf(client.removePlugin({ name }))).toBeInstanceOf(PluginEnabledError);
    expect(await envOf(name)).toEqual(["DEBUG=1"]);

    await client.disablePlugin({ name });
    expect((await client.inspectPlugins({ name })).Enabled).toBe(false);
    await client.enablePlugin({ name });
    await client.removePlugin({ name, force: true });
    expect(await refusalOf(client.inspectPlugins({ name }))).toBeInstanceOf(NoSuchPluginError);
  });

  it("reject disabling a plugin that a volume uses", { timeout: 120_000 }, async (context) => {
    const path = await workingPlugin(context);
    const name = pluginRemovedAtEnd(uniqueName("plugin"));
    await client.createPlugin({ name, path });
    await client.enablePlugin({ name });
    const volume = uniqueName("volume");
    const removeVolume = async () => {
      (await client.request({ method: "DELETE", path: `/volumes/${volume}`, errors: false })).body.resume();
    };
    const made = await client.request({ method: "POST", path: "/volumes/create", body: { Name: volume, Driver: name } });
    made.body.resume();
    onTestFinished(removeVolume);
    expect(await refusalOf(client.disablePlugin({ name }))).toBeInstanceOf(PluginInUseError);
    expect(await refusalOf(client.removePlugin({ name }))).toBeInstanceOf(PluginInUseError);
    await client.disablePlugin({ name, force: true });
    expect((await client.inspectPlugins({ name })).Enabled).toBe(false);
    await client.enablePlugin({ name });
    await removeVolume();
    await client.disablePlugin({ name });
  });

  it("reject a plugin if its program does not start", { timeout: 120_000 }, async () => {
    const name = pluginRemovedAtEnd(uniqueName("plugin"));
    await client.createPlugin({ name, path: await stillPlugin() });
    const error = await refusalOf(client.enablePlugin({ name }));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).not.toBeInstanceOf(PluginEnabledError);
    expect((await client.inspectPlugins({ name })).Enabled).toBe(false);
  });
});

describe("a missing plugin", () => {
  it("is reported by every operation", async () => {
    const name = uniqueName("nosuch");
    const calls: (() => PromiseLike<unknown>)[] = [
      () => client.inspectPlugins({ name }),
      () => client.enablePlugin({ name }),
      () => client.disablePlugin({ name }),
      () => client.configurePlugin({ name, settings: ["DEBUG=1"] }),
      () => client.pushPlugin({ name }),
      () => client.upgradePlugin({ name, remote: "127.0.0.1:1/volumes" }),
      () => client.removePlugin({ name }),
    ];
    for (const call of calls) {
      const error = await refusalOf(call());
      expect(error).toBeInstanceOf(NoSuchPluginError);
      expect(error).toMatchObject({ plugin: name });
    }
  });
});
