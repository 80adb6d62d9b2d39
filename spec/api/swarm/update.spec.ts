import { describe, expect, it } from "vitest";
import type { UpdateSwarmOptions } from "../../../lib/api/swarm/update.js";
import { BadRequestError } from "../../../lib/errors/api-error.js";
import { InvalidOptionError, UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";
import { itHidesSecrets, itMapsErrors, itMapsRoleErrors, itUpdates } from "../../support/swarm-refusals.js";

const key = "-----BEGIN EC PRIVATE KEY-----\nMHcC\n-----END EC PRIVATE KEY-----\n";

describe("Client.updateSwarm", () => {
  itUpdates("/swarm", "swarm", (client, wanted) => client.updateSwarm(wanted as UpdateSwarmOptions));

  it.each([
    ["rotateWorkerToken", true, "rotateWorkerToken=1"],
    ["rotateManagerToken", true, "rotateManagerToken=1"],
    ["rotateManagerUnlockKey", true, "rotateManagerUnlockKey=1"],
    ["rotateWorkerToken", false, "rotateWorkerToken=0"],
  ])("sends %s: %s as %s with the current settings", async (option, value, query) => {
    const Spec = { Name: "default", Labels: {}, Raft: { SnapshotInterval: 10_000 } };
    const { client, lines, requests } = await recordingDaemon([{ body: { Version: { Index: 10 }, Spec } }, {}]);
    await client.updateSwarm({ [option]: value });
    expect(lines()).toEqual(["GET /v1.51/swarm", `POST /v1.51/swarm/update?${query}&version=10`]);
    expect(JSON.parse(requests[1]?.body.toString() ?? "")).toEqual(Spec);
  });

  it.each<[UpdateSwarmOptions, string]>([
    [{ version: 1, spec: {}, rotateManagerUnlockKey: true }, "1.24"],
    [{ version: 1, spec: { EncryptionConfig: { AutoLockManagers: true } } }, "1.24"],
    [{ version: 1, spec: { CAConfig: { SigningCAKey: key } } }, "1.29"],
  ])("rejects %j in API %s", async (options, apiVersion) => {
    const { client, requests } = await recordingDaemon({}, { apiVersion });
    await expect(client.updateSwarm(options)).rejects.toThrow(UnsupportedVersionError);
    expect(requests).toEqual([]);
  });

  it("resends newer settings that came from the engine, but rejects added settings", async () => {
    const sent = { body: { Version: { Index: 10 }, Spec: { Name: "default", EncryptionConfig: { AutoLockManagers: false } } } };
    const { client, lines } = await recordingDaemon(({ line }) => (line.startsWith("GET") ? sent : {}), { apiVersion: "1.24" });
    await client.updateSwarm({ spec: (spec) => ({ ...spec, Labels: { a: "b" } }) });
    expect(lines()).toEqual(["GET /v1.24/swarm", "POST /v1.24/swarm/update?version=10"]);
    const rotation = client.updateSwarm({ spec: (spec) => ({ ...spec, CAConfig: { ForceRotate: 1 } }) });
    await expect(rotation).rejects.toThrow(UnsupportedVersionError);
  });

  it("requires settings with a version", async () => {
    const { client, requests } = await recordingDaemon();
    await expect(client.updateSwarm({ version: 1 } as unknown as UpdateSwarmOptions)).rejects.toThrow(InvalidOptionError);
    expect(requests).toEqual([]);
  });

  const update = { version: 10, spec: { CAConfig: { SigningCAKey: key } } };
  itMapsRoleErrors((client) => client.updateSwarm({ version: 10, spec: {} }));
  itMapsErrors((client) => client.updateSwarm(update), [[400, 'swarm spec must be named "default"', BadRequestError]]);
  itHidesSecrets([key], (client) => client.updateSwarm(update));
});
