import { describe, expect, it } from "vitest";
import type { CreateVolumeOptions } from "../../../lib/api/volumes/create.js";
import { BadRequestError, ConflictError, NotFoundError, UnavailableError } from "../../../lib/errors/api-error.js";
import { NodeNotInSwarmError } from "../../../lib/errors/swarm-membership-errors.js";
import { UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import type { ClusterVolumeSpec } from "../../../lib/types/cluster-volume.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

const clusterVolumeSpec: ClusterVolumeSpec = {
  Group: "fast",
  AccessMode: { Scope: "single", Sharing: "none", MountVolume: { FsType: "ext4", MountFlags: ["noatime"] } },
  Secrets: [{ Key: "token", Secret: "csi-token" }],
  AccessibilityRequirements: { Requisite: [{ Segments: { zone: "a" } }], Preferred: [{ Segments: { zone: "a" } }] },
  CapacityRange: { RequiredBytes: 1024, LimitBytes: 0 },
  Availability: "active",
};

describe("Client.createVolume", () => {
  it.each<[CreateVolumeOptions, object]>([
    [{ name: "data" }, { Name: "data" }],
    [
      { name: "data", driver: "local", driverOpts: { type: "tmpfs", device: "tmpfs" }, labels: { app: "shop" } },
      { Name: "data", Driver: "local", DriverOpts: { type: "tmpfs", device: "tmpfs" }, Labels: { app: "shop" } },
    ],
    [
      { name: "data", driver: "csi", clusterVolumeSpec },
      { Name: "data", Driver: "csi", ClusterVolumeSpec: clusterVolumeSpec },
    ],
  ])("sends %j", async (options, expected) => {
    const body = { Name: "data", Driver: "local", Labels: null, Options: null, Scope: "local", Mountpoint: "/data" };
    const { client, requests, lines } = await recordingDaemon({ status: 201, body });
    expect(await client.createVolume(options)).toEqual({ ...body, Labels: {}, Options: {} });
    expect(lines()).toEqual(["POST /v1.51/volumes/create"]);
    expect(requests[0]?.headers["content-type"]).toBe("application/json");
    expect(JSON.parse(String(requests[0]?.body))).toEqual(expected);
  });

  it.each([[undefined], [{}]])("sends the body that engines require for %j", async (options) => {
    const { client, requests } = await recordingDaemon({ status: 201, body: { Name: "4f" } });
    expect(await client.createVolume(options)).toEqual({ Name: "4f" });
    expect(requests[0]?.headers["content-type"]).toBe("application/json");
    expect(String(requests[0]?.body)).toBe('{"Name":""}');
  });

  it("rejects the settings of a cluster volume in API 1.41", async () => {
    const { client, lines } = await recordingDaemon({}, { apiVersion: "1.41" });
    await expect(client.createVolume({ clusterVolumeSpec })).rejects.toBeInstanceOf(UnsupportedVersionError);
    expect(lines()).toEqual([]);
  });

  it.each([
    [404, 'create data: error looking up volume plugin nfs: plugin "nfs" not found', NotFoundError],
    [409, "a volume named data already exists with the csi driver", ConflictError],
    [400, 'create data: invalid option: "x"', BadRequestError],
    [503, 'This node is not a swarm manager. Use "docker swarm init"', NodeNotInSwarmError],
    [503, "the swarm has no leader", UnavailableError],
  ])("maps %i %s to a typed error", async (status, message, expected) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    const error = await client.createVolume({ name: "data" }).catch((e: unknown) => e);
    expect((error as Error).constructor).toBe(expected);
    expect(error).toMatchObject({ status, reason: message, operation: "createVolume" });
  });
});
