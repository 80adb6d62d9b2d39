import { describe, expect, it } from "vitest";
import { flatNetworkSettings } from "../../../../lib/api/containers/helpers/flat-network-settings.js";
import { mountedVolumes } from "../../../../lib/api/containers/helpers/mounted-volumes.js";
import { primaryAddress } from "../../../../lib/api/containers/helpers/primary-address.js";
import { virtualSize } from "../../../../lib/api/images/list.js";
import { summarizeDiskUsage } from "../../../../lib/api/system/disk-usage-summary.js";
import { atLeast } from "../../../../lib/wire/api-version.js";
import { client, container, IMAGE, runningContainer, useEngine } from "../../../support/engine.js";
import { notOnPodman } from "../../../support/images.js";
import { network } from "../../../support/networks.js";

useEngine();

describe("compatibility", () => {
  it("assigns the MAC address of the configuration", async (context) => {
    notOnPodman(context, "ignores the MAC address in a container's configuration");
    const MacAddress = "02:42:ac:11:00:99";
    const id = await runningContainer(["sleep", "60"], { config: { Cmd: ["sleep", "60"], MacAddress } });
    const { NetworkSettings } = await client.inspectContainer({ id });
    expect(Object.values(NetworkSettings.Networks ?? {}).map((endpoint) => endpoint.MacAddress)).toEqual([MacAddress]);
    expect(flatNetworkSettings(NetworkSettings).MacAddress).toBe(MacAddress);
  });

  it("assigns the MAC address in the container's only network and joins no other network", async (context) => {
    notOnPodman(context, "ignores the MAC address in a container's configuration");
    const MacAddress = "02:42:ac:11:00:98";
    const { id, name } = await network();
    // engines before API 1.44 compare the two names literally
    const NetworkMode = atLeast(await client.negotiate(), "1.44") ? id : name;
    const made = await runningContainer(["sleep", "60"], {
      config: { Cmd: ["sleep", "60"], MacAddress },
      hostConfig: { NetworkMode },
      networkingConfig: { EndpointsConfig: { [name]: {} } },
    });
    const { Networks } = (await client.inspectContainer({ id: made })).NetworkSettings;
    const addresses = Object.entries(Networks ?? {}).map(([key, endpoint]) => [key, endpoint.MacAddress]);
    expect(addresses).toEqual([[name, MacAddress]]);
  });

  it("publishes ports that are not exposed", async () => {
    const PortBindings = { "80/tcp": [{ HostIp: "127.0.0.1", HostPort: "" }] };
    const id = await runningContainer(["sleep", "60"], { hostConfig: { PortBindings } });
    const { Ports } = (await client.inspectContainer({ id })).NetworkSettings;
    expect(Number(Ports?.["80/tcp"]?.[0]?.HostPort)).toBeGreaterThan(0);
  });

  it("returns a container's address in its old place", async () => {
    const id = await runningContainer(["sleep", "60"]);
    const { NetworkSettings } = await client.inspectContainer({ id });
    const { IPAddress, IPPrefixLen, Gateway, MacAddress } = flatNetworkSettings(NetworkSettings);
    expect(IPAddress).toBe(primaryAddress(NetworkSettings));
    expect(IPAddress).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    expect(IPPrefixLen).toBeGreaterThan(0);
    expect(Gateway).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    expect(MacAddress).toMatch(/^(?:[\da-f]{2}:){5}[\da-f]{2}$/);
    // as engines before API 1.52 report it
    const { Networks } = NetworkSettings;
    expect(flatNetworkSettings({ Networks })).toMatchObject({ IPAddress, IPPrefixLen, Gateway, MacAddress });
  });

  it("returns a container's volumes in their old form", async () => {
    const id = await container({ Volumes: { "/data": {} } }, { hostConfig: { Binds: ["/tmp:/bound:ro"] } });
    const { Volumes, VolumesRW } = mountedVolumes((await client.inspectContainer({ id })).Mounts);
    expect(Volumes).toEqual({ "/bound": "/tmp", "/data": expect.stringMatching(/^\/.+/) as string });
    expect(VolumesRW).toEqual({ "/bound": false, "/data": true });
  });

  it("returns disk usage in the same form for every API version", async () => {
    await runningContainer(["sh", "-c", "head -c 100000 /dev/zero > /file; sleep 60"]);
    await expect
      .poll(async () => summarizeDiskUsage(await client.diskUsage()).containers?.totalSize, { timeout: 20_000, interval: 200 })
      .toBeGreaterThanOrEqual(100_000);
    const { images, containers, volumes } = summarizeDiskUsage(await client.diskUsage());
    expect(containers).toMatchObject({ totalCount: (await client.listContainers({ all: true })).length });
    expect(containers?.activeCount).toBeGreaterThan(0);
    expect(images?.activeCount).toBeGreaterThan(0);
    expect(images?.totalSize).toBeGreaterThanOrEqual(images?.reclaimable ?? 0);
    expect(volumes?.reclaimable).toBeGreaterThanOrEqual(0);
  });

  it("returns an image's size in its old form", async () => {
    expect(virtualSize(await client.inspectImage({ name: IMAGE }))).toBeGreaterThan(1000);
    const [image] = await client.listImages({ filters: { reference: IMAGE } });
    expect(image && virtualSize(image)).toBeGreaterThan(1000);
  });
});
