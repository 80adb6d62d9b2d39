import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, onTestFinished, type TestContext } from "vitest";
import { NotImplementedError } from "../../lib/errors/api-error.js";
import { NoSuchPluginError } from "../../lib/errors/plugin-errors.js";
import { client, skipUnimplemented } from "./engine.js";
import { top } from "./installed-package.js";

const folders: string[] = [];

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tsdc-plugin-"));
  folders.push(folder);
  return folder;
}

/** Skips a test on an engine without plugin management, with the reason in the report. */
export async function needsPlugins(context: TestContext): Promise<void> {
  try {
    await client.listPlugins();
  } catch (error) {
    if (!(error instanceof NotImplementedError)) throw error;
    context.skip("needs an engine that manages plugins");
  }
  // an engine without plugins may list none
  skipUnimplemented(context, await client.getPluginPrivileges({ remote: "127.0.0.1:1/plugin" }).catch((e: unknown) => e));
}

/** Removes the directories of plugins after the file. */
export function pluginFoldersRemovedAtEnd(): void {
  afterAll(async () => {
    await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
  });
}

/** Settings of a plugin created by {@link stillPlugin}. */
export const wanted = [
  { Name: "capabilities", Value: ["CAP_SYS_ADMIN", "CAP_NET_ADMIN"] },
  { Name: "mount", Value: ["/srv"] },
];

/** Writes a plugin that can be created but not enabled: it contains no program. Returns its directory. */
export async function stillPlugin(description = "does nothing"): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, "rootfs/etc"), { recursive: true });
  await writeFile(join(folder, "rootfs/etc/description"), description);
  const config = {
    description,
    documentation: "https://plugins.example.com",
    entrypoint: ["/bin/driver"],
    interface: { types: ["docker.volumedriver/1.0"], socket: "driver.sock" },
    env: [
      { name: "DEBUG", description: "says more", settable: ["value"], value: "0" },
      { name: "FIXED", description: "stays", settable: null, value: "1" },
    ],
    args: { name: "args", description: "further", settable: ["value"], value: ["--slow"] },
    mounts: [
      {
        name: "data",
        description: "",
        settable: ["source"],
        source: "/srv",
        destination: "/data",
        type: "bind",
        options: ["rbind"],
      },
    ],
    linux: { capabilities: ["CAP_SYS_ADMIN", "CAP_NET_ADMIN"], allowAllDevices: false, devices: null },
    network: { type: "bridge" },
  };
  await writeFile(join(folder, "config.json"), JSON.stringify(config));
  return folder;
}

let working: Promise<string> | undefined;

/** Writes a working plugin with the test bed, or skips the test with the reason in the report. Returns its directory. */
export async function workingPlugin(context: TestContext): Promise<string> {
  working ??= (async () => {
    const folder = await temporaryFolder();
    await promisify(execFile)("bash", [join(top, "spec/testbed/engine"), "plugin", folder]);
    return folder;
  })();
  try {
    return await working;
  } catch (error) {
    return context.skip(`needs a working plugin: ${String(error)}`);
  }
}

/** Removes a plugin by name after the test. The test may have removed it itself. */
export function pluginRemovedAtEnd(name: string): string {
  onTestFinished(async () => {
    await client.removePlugin({ name, force: true }).catch((error: unknown) => {
      if (!(error instanceof NoSuchPluginError)) throw error;
    });
  });
  return name;
}
