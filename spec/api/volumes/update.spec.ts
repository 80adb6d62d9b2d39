import { describe, expect, it } from "vitest";
import type { UpdateVolumeOptions } from "../../../lib/api/volumes/update.js";
import { ApiError, BadRequestError, UnavailableError } from "../../../lib/errors/api-error.js";
import { VersionConflictError } from "../../../lib/errors/swarm-errors.js";
import { NodeNotInSwarmError } from "../../../lib/errors/swarm-membership-errors.js";
import { InvalidOptionError, UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { NoSuchVolumeError } from "../../../lib/errors/volume-errors.js";
import type { ClusterVolumeSpec } from "../../../lib/types/cluster-volume.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

const drained: ClusterVolumeSpec = { Group: "fast", Availability: "drain" };

describe("Client.updateVolume", () => {
  it("sends the spec with a version", async () => {
    const { client, requests, lines } = await recordingDaemon();
    await client.updateVolume({ name: "a b", version: 0, spec: drained });
    expect(lines()).toEqual(["PUT /v1.51/volumes/a%20b?version=0"]);
    expect(JSON.parse(String(requests[0]?.body))).toEqual({ Spec: drained });
  });

  it("computes the spec from the current one, and again after a conflict", async () => {
    const kept = (Index: number, Group: string) => ({
      body: { Name: "data", ClusterVolume: { ID: "4f", Version: { Index }, Spec: { Group } } },
    });
    const { client, requests, lines } = await recordingDaemon([
      kept(7, "slow"),
      { status: 500, body: { message: "rpc error: code = Unknown desc = update out of sequence" } },
      kept(8, "fast"),
      {},
    ]);
    await client.updateVolume({ name: "data", spec: (current) => ({ ...current, Availability: "drain" }) });
    expect(lines()).toEqual([
      "GET /v1.51/volumes/data",
      "PUT /v1.51/volumes/4f?version=7",
      "GET /v1.51/volumes/data",
      "PUT /v1.51/volumes/4f?version=8",
    ]);
    expect(JSON.parse(String(requests[3]?.body))).toEqual({ Spec: drained });
  });

  it("leaves it to the engine to reject a volume that is not a cluster volume", async () => {
    const refusal = { status: 404, body: { message: "volume data not found" } };
    const { client, lines } = await recordingDaemon([{ body: { Name: "data", Driver: "local" } }, refusal]);
    const call = client.updateVolume({ name: "data", spec: (current) => ({ ...current, Availability: "drain" }) });
    await expect(call).rejects.toBeInstanceOf(NoSuchVolumeError);
    expect(lines()).toEqual(["GET /v1.51/volumes/data", "PUT /v1.51/volumes/data?version=0"]);
  });

  it.each<[string, object]>([
    ["version", { name: "data", spec: drained }],
    ["name", { version: 1, spec: drained }],
  ])("requires the option %s", async (option, options) => {
    const { client, lines } = await recordingDaemon();
    const error = await client.updateVolume(options as UpdateVolumeOptions).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(error).toMatchObject({ option, operation: "updateVolume" });
    expect(lines()).toEqual([]);
  });

  it("requires API 1.42", async () => {
    const { client, lines } = await recordingDaemon({}, { apiVersion: "1.41" });
    const call = client.updateVolume({ name: "data", version: 1, spec: drained });
    await expect(call).rejects.toBeInstanceOf(UnsupportedVersionError);
    expect(lines()).toEqual([]);
  });

  it.each([
    [404, "volume data not found", NoSuchVolumeError],
    [500, "rpc error: code = Unknown desc = update out of sequence", VersionConflictError],
    [400, "invalid volume spec", BadRequestError],
    [503, 'This node is not a swarm manager. Use "docker swarm init"', NodeNotInSwarmError],
    [503, "volume update only valid for cluster volumes, but swarm is unavailable", UnavailableError],
    [418, "no", ApiError],
  ])("maps %i %s to a typed error", async (status, message, expected) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    const error = await client.updateVolume({ name: "data", version: 1, spec: drained }).catch((e: unknown) => e);
    expect((error as Error).constructor).toBe(expected);
    expect(error).toMatchObject({ status, reason: message, operation: "updateVolume" });
  });

  it("rejects an empty name before anything is sent", async () => {
    const { client, lines } = await recordingDaemon();
    await expect(client.updateVolume({ name: "", version: 1, spec: drained })).rejects.toBeInstanceOf(NoSuchVolumeError);
    expect(lines()).toEqual([]);
  });
});
