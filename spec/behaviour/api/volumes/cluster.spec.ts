import { beforeEach, describe, expect, it } from "vitest";
import { VersionConflictError } from "../../../../lib/errors/swarm-errors.js";
import { NoSuchVolumeError } from "../../../../lib/errors/volume-errors.js";
import { ClusterVolumeAvailability, ClusterVolumeScope, ClusterVolumeSharing } from "../../../../lib/types/cluster-volume.js";
import { client, needsApi, uniqueName, useEngine } from "../../../support/engine.js";
import { useSwarm } from "../../../support/swarm.js";
import { volume } from "../../../support/volumes.js";

useEngine();
useSwarm();
beforeEach((context) => needsApi(context, "1.42"));

/** Creates a cluster volume, which remains pending because no CSI plugin can provision it. */
const planned = () =>
  volume({
    driver: "example/csi",
    clusterVolumeSpec: {
      Group: "fast",
      AccessMode: { Scope: ClusterVolumeScope.Single, Sharing: ClusterVolumeSharing.None, MountVolume: {} },
      CapacityRange: { RequiredBytes: 1024 * 1024, LimitBytes: 0 },
      Availability: ClusterVolumeAvailability.Active,
    },
  });

describe("cluster volumes", () => {
  it("are created, listed and inspected", async () => {
    const name = await planned();
    const found = await client.inspectVolume({ name });
    expect(found).toMatchObject({ Name: name, Driver: "example/csi", Scope: "global" });
    const { ID = "", Version, Spec } = found.ClusterVolume ?? {};
    expect(ID).not.toBe("");
    expect(Version?.Index).toBeGreaterThan(0);
    expect(Spec).toMatchObject({
      Group: "fast",
      AccessMode: { Scope: "single", Sharing: "none" },
      CapacityRange: { RequiredBytes: 1024 * 1024 },
      Availability: "active",
    });
    expect((await client.inspectVolume({ name: ID })).Name).toBe(name);
    const { Volumes } = await client.listVolumes();
    expect(Volumes.map(({ Name }) => Name)).toContain(name);
  });

  it("are updated with a version or from the current spec", async () => {
    const name = await planned();
    const { ClusterVolume } = await client.inspectVolume({ name });
    const { ID = "", Version } = ClusterVolume ?? {};
    const version = Version?.Index ?? 0;
    const spec = { ...ClusterVolume?.Spec, Availability: ClusterVolumeAvailability.Pause };
    await client.updateVolume({ name: ID, version, spec });
    expect((await client.inspectVolume({ name })).ClusterVolume?.Spec.Availability).toBe("pause");
    await expect(client.updateVolume({ name: ID, version, spec })).rejects.toBeInstanceOf(VersionConflictError);
    await client.updateVolume({ name, spec: (current) => ({ ...current, Availability: "drain" }) });
    expect((await client.inspectVolume({ name })).ClusterVolume?.Spec.Availability).toBe("drain");
  });

  it("are required by updateVolume, which rejects missing and local volumes", async () => {
    const spec = { Availability: "drain" } as const;
    const missing = uniqueName();
    await expect(client.updateVolume({ name: missing, version: 1, spec })).rejects.toBeInstanceOf(NoSuchVolumeError);
    const local = await volume();
    await expect(client.updateVolume({ name: local, spec: () => spec })).rejects.toBeInstanceOf(NoSuchVolumeError);
  });
});
