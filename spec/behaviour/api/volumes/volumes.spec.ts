import { describe, expect, it } from "vitest";
import { ApiError, BadRequestError } from "../../../../lib/errors/api-error.js";
import { NoSuchVolumeError, VolumeInUseError } from "../../../../lib/errors/volume-errors.js";
import { client, container, IMAGE, needsApi, uniqueName, useEngine } from "../../../support/engine.js";
import { notOnPodman } from "../../../support/images.js";
import { volume } from "../../../support/volumes.js";

useEngine();

/** Runs a command with a volume at /data. Returns its output. */
async function withVolume(name: string, script: string): Promise<string> {
  const hostConfig = { Binds: [`${name}:/data`] };
  const { stdout } = await client.output({ image: IMAGE, command: ["sh", "-c", script], hostConfig, pull: "never" });
  return stdout.toString();
}

describe("createVolume and inspectVolume", () => {
  it("create a volume that outlives its containers, and return its details", async () => {
    const labels = { app: "spec" };
    const name = await volume({ labels });
    const found = await client.inspectVolume({ name });
    expect(found).toMatchObject({ Name: name, Driver: "local", Scope: "local", Labels: labels });
    expect(found.Mountpoint).toContain(name);
    expect(Date.parse(found.CreatedAt ?? "")).toBeGreaterThan(0);
    await withVolume(name, "echo kept > /data/file");
    expect(await withVolume(name, "cat /data/file")).toBe("kept\n");
  });

  it("return an existing volume when its name is used again", async () => {
    const labels = { app: "spec" };
    const name = await volume({ labels });
    expect(await client.createVolume({ name })).toMatchObject({ Name: name, Labels: labels });
    expect((await client.listVolumes({ filters: { name } })).Volumes).toHaveLength(1);
  });

  it("generate a name", async () => {
    const name = await volume({ name: undefined });
    expect(name).toMatch(/^[0-9a-f]{64}$/);
    expect((await client.inspectVolume({ name })).Name).toBe(name);
  });

  it("pass options to the driver", async () => {
    const driverOpts = { type: "tmpfs", device: "tmpfs" };
    const name = await volume({ driver: "local", driverOpts });
    expect((await client.inspectVolume({ name })).Options).toMatchObject(driverOpts);
    expect(await withVolume(name, "grep ' /data ' /proc/mounts")).toMatch(/^tmpfs \/data tmpfs /);
  });

  it("reject invalid options and a missing volume", async () => {
    await expect(client.createVolume({ name: "no/name" })).rejects.toBeInstanceOf(ApiError);
    await expect(client.createVolume({ driverOpts: { nonsense: "1" } })).rejects.toBeInstanceOf(ApiError);
    const missing = uniqueName();
    const error = await client.inspectVolume({ name: missing }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NoSuchVolumeError);
    expect(error).toMatchObject({ volume: missing, operation: "inspectVolume" });
  });

  it("reject an invalid name", async (context) => {
    notOnPodman(context, "answers 500 for an invalid volume name");
    await expect(client.createVolume({ name: "no/name" })).rejects.toBeInstanceOf(BadRequestError);
  });
});

/** A unique label, as a filter value and as the labels of a volume. */
function uniqueLabel(): { label: string; labels: Record<string, string> } {
  const value = uniqueName();
  return { label: `spec.unique=${value}`, labels: { "spec.unique": value } };
}

/** The names of the volumes that match the filters. */
const named = async (...options: Parameters<typeof client.listVolumes>): Promise<string[]> =>
  (await client.listVolumes(...options)).Volumes.map(({ Name }) => Name).sort();

describe("listVolumes", () => {
  it("returns the volumes that match a filter", async () => {
    const { label, labels } = uniqueLabel();
    const name = await volume({ labels });
    const used = await volume({ labels });
    await container({}, { hostConfig: { Binds: [`${used}:/data`] } });
    expect(await named()).toEqual(expect.arrayContaining([name, used]));
    expect(await named({ filters: { name } })).toEqual([name]);
    expect(await named({ filters: { label } })).toEqual([name, used].sort());
    expect(await named({ filters: { driver: "local" } })).toEqual(expect.arrayContaining([name, used]));
    const unused = await named({ filters: { dangling: true } });
    expect([unused.includes(name), unused.includes(used)]).toEqual([true, false]);
    const inUse = await named({ filters: { dangling: false } });
    expect([inUse.includes(name), inUse.includes(used)]).toEqual([false, true]);
    await expect(client.listVolumes({ filters: { dangling: "maybe" } })).rejects.toBeInstanceOf(ApiError);
  });

  it("returns the objects that match every filter", async (context) => {
    notOnPodman(context, "lists volumes that match any filter, not those that match every filter");
    const { label, labels } = uniqueLabel();
    const name = await volume({ labels });
    const used = await volume({ labels });
    await container({}, { hostConfig: { Binds: [`${used}:/data`] } });
    expect(await named({ filters: { label, dangling: true } })).toEqual([name]);
    expect(await named({ filters: { label, dangling: false } })).toEqual([used]);
    expect(await named({ filters: { label, driver: "another" } })).toEqual([]);
  });
});

describe("removeVolume", () => {
  it("rejects a volume in use and a missing volume", async () => {
    const name = await volume();
    const id = await container({}, { hostConfig: { Binds: [`${name}:/data`] } });
    const error = await client.removeVolume({ name }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(VolumeInUseError);
    expect(error).toMatchObject({ volume: name, operation: "removeVolume" });
    await client.removeContainer({ id });
    await client.removeVolume({ name });
    await expect(client.removeVolume({ name })).rejects.toBeInstanceOf(NoSuchVolumeError);
  });

  it("ignores a missing volume with force", async () => {
    await expect(client.removeVolume({ name: uniqueName(), force: true })).resolves.toBeUndefined();
  });
});

describe("pruneVolumes", () => {
  it("removes unused volumes with a matching label", async () => {
    const { label, labels } = uniqueLabel();
    const used = await volume({ name: undefined, labels });
    const unused = await volume({ name: undefined, labels });
    await container({}, { hostConfig: { Binds: [`${used}:/data`] } });
    const { VolumesDeleted, SpaceReclaimed } = await client.pruneVolumes({ filters: { label } });
    expect(VolumesDeleted).toEqual([unused]);
    expect(SpaceReclaimed).toBeGreaterThanOrEqual(0);
    expect(await named({ filters: { label } })).toEqual([used]);
    expect((await client.pruneVolumes({ filters: { label } })).VolumesDeleted).toEqual([]);
  });

  it("keeps volumes with another label", async (context) => {
    notOnPodman(context, "does not know the filter label! of volumes");
    const { label, labels } = uniqueLabel();
    const unused = await volume({ name: undefined, labels });
    const kept = await volume({ name: undefined, labels: { ...labels, "spec.keep": "1" } });
    expect((await client.pruneVolumes({ filters: { label, "label!": "spec.keep" } })).VolumesDeleted).toEqual([unused]);
    expect(await named({ filters: { label } })).toEqual([kept]);
  });

  it("keeps named volumes unless all are requested", async (context) => {
    needsApi(context, "1.42");
    const { label, labels } = uniqueLabel();
    const name = await volume({ labels });
    expect((await client.pruneVolumes({ filters: { label } })).VolumesDeleted).toEqual([]);
    expect((await client.pruneVolumes({ filters: { label, all: true } })).VolumesDeleted).toEqual([name]);
  });
});
