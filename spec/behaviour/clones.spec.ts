import { describe, expect, it, onTestFinished } from "vitest";
import { Client } from "../../lib/client.js";
import { compareVersions } from "../../lib/wire/api-version.js";
import { versions } from "../support/api-schemas.js";
import { apiVersion, client, container, IMAGE, podmanVersion, uniqueName, useEngine } from "../support/engine.js";

useEngine();

/** The API versions that the engine under test supports. */
async function spokenVersions(): Promise<string[]> {
  const { MinAPIVersion = "1.24" } = await client.version();
  return ["1.24", ...versions].filter((one) => compareVersions(one, MinAPIVersion) >= 0 && compareVersions(one, apiVersion) <= 0);
}

/** A client that uses an older API version of the engine under test. */
function clientOf(version: string): Client {
  const older = Client.fromEnv({ apiVersion: version });
  onTestFinished(() => older.close());
  return older;
}

describe("the settings from an inspection", () => {
  it("create the same container again in every API version", async () => {
    const id = await container(
      {
        Cmd: ["sleep", "60"],
        Env: ["A=b"],
        Labels: { a: "b" },
        Healthcheck: { Test: ["CMD", "true"], Interval: 60_000_000_000 },
      },
      { hostConfig: { Memory: 64 * 1024 * 1024, RestartPolicy: { Name: "on-failure", MaximumRetryCount: 2 } } },
    );
    for (const version of await spokenVersions()) {
      const older = clientOf(version);
      const { Config, HostConfig } = await older.inspectContainer({ id });
      const clone = await older.createContainer({
        name: uniqueName(),
        config: { ...Config, Image: IMAGE },
        // Podman 4.3 rejects its own names of limits, such as RLIMIT_NOFILE
        hostConfig: podmanVersion?.startsWith("4.") ? { ...HostConfig, Ulimits: [] } : HostConfig,
      });
      const { Cmd, Labels } = Config;
      const copy = await older.inspectContainer({ id: clone.Id });
      await older.removeContainer({ id: clone.Id, force: true });
      // Podman adds its own variables to the environment and its own limits to the host configuration
      expect(copy, version).toMatchObject(podmanVersion === undefined ? { HostConfig } : { Config: { Cmd, Labels } });
      expect(copy.HostConfig, version).toMatchObject({ Memory: HostConfig.Memory, RestartPolicy: HostConfig.RestartPolicy });
      if (podmanVersion === undefined) expect(copy.Config, version).toEqual({ ...Config, Hostname: copy.Config.Hostname });
    }
  });

  it("update the container in every API version", async (context) => {
    context.skip(podmanVersion !== undefined, "Podman updates only some resources, and rejects the others");
    const id = await container(
      { Cmd: ["sleep", "60"] },
      { hostConfig: { Memory: 64 * 1024 * 1024, MemorySwap: 128 * 1024 * 1024 } },
    );
    for (const version of await spokenVersions()) {
      const older = clientOf(version);
      const { HostConfig } = await older.inspectContainer({ id });
      await older.updateContainer({ id, update: HostConfig });
      expect((await older.inspectContainer({ id })).HostConfig, version).toEqual(HostConfig);
    }
  });

  it("create the same network again in several API versions", async () => {
    // creating a network takes half a second
    for (const version of (await spokenVersions()).filter(
      (_version, index, all) => index % 6 === 0 || index === all.length - 1,
    )) {
      const older = clientOf(version);
      const name = uniqueName();
      await older.createNetwork({ name, labels: { a: "b" } });
      const inspected = await older.inspectNetwork({ id: name });
      await older.removeNetwork({ id: name });
      await older.createNetwork({
        name,
        driver: inspected.Driver,
        scope: inspected.Scope,
        internal: inspected.Internal,
        attachable: inspected.Attachable,
        ingress: inspected.Ingress,
        configOnly: inspected.ConfigOnly,
        enableIPv4: inspected.EnableIPv4,
        enableIPv6: inspected.EnableIPv6,
        ipam: inspected.IPAM,
        configFrom: inspected.ConfigFrom,
        options: inspected.Options,
        labels: inspected.Labels,
      });
      const copy = await older.inspectNetwork({ id: name });
      await older.removeNetwork({ id: name });
      expect(copy, version).toEqual({ ...inspected, Created: copy.Created, Id: copy.Id });
    }
  });

  it("create the same volume again in every API version", async () => {
    for (const version of await spokenVersions()) {
      const older = clientOf(version);
      const name = uniqueName();
      const first = await older.createVolume({ name });
      await older.removeVolume({ name });
      await older.createVolume({ name, driver: first.Driver, driverOpts: first.Options, labels: first.Labels });
      const copy = await older.inspectVolume({ name });
      await older.removeVolume({ name });
      expect(copy, version).toEqual({ ...first, CreatedAt: copy.CreatedAt });
    }
  });
});
