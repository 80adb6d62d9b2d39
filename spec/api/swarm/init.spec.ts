import { describe, expect, it } from "vitest";
import type { InitSwarmOptions } from "../../../lib/api/swarm/init.js";
import { BadRequestError, ServerError } from "../../../lib/errors/api-error.js";
import { NodeAlreadyInSwarmError } from "../../../lib/errors/swarm-membership-errors.js";
import { UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";
import { itHidesSecrets, itMapsErrors, itMapsRoleErrors } from "../../support/swarm-refusals.js";

describe("Client.initSwarm", () => {
  it.each<[InitSwarmOptions | undefined, object]>([
    [undefined, { ListenAddr: "0.0.0.0:2377" }],
    [
      { listenAddr: undefined, advertiseAddr: "eth0" },
      { ListenAddr: "0.0.0.0:2377", AdvertiseAddr: "eth0" },
    ],
    [
      {
        listenAddr: "10.0.0.1:2378",
        advertiseAddr: "10.0.0.1:2379",
        dataPathAddr: "10.0.0.2",
        dataPathPort: 4790,
        defaultAddrPool: ["10.20.0.0/16"],
        subnetSize: 26,
        forceNewCluster: false,
        availability: "drain",
        spec: { Labels: { a: "b" }, CAConfig: { ForceRotate: 0 } },
      },
      {
        ListenAddr: "10.0.0.1:2378",
        AdvertiseAddr: "10.0.0.1:2379",
        DataPathAddr: "10.0.0.2",
        DataPathPort: 4790,
        DefaultAddrPool: ["10.20.0.0/16"],
        SubnetSize: 26,
        ForceNewCluster: false,
        Availability: "drain",
        Spec: { Labels: { a: "b" }, CAConfig: { ForceRotate: 0 } },
      },
    ],
    [
      { autoLockManagers: true, spec: { Labels: {} } },
      {
        ListenAddr: "0.0.0.0:2377",
        AutoLockManagers: true,
        Spec: { Labels: {}, EncryptionConfig: { AutoLockManagers: true } },
      },
    ],
    [
      { autoLockManagers: false },
      { ListenAddr: "0.0.0.0:2377", AutoLockManagers: false, Spec: { EncryptionConfig: { AutoLockManagers: false } } },
    ],
  ])("sends %j", async (options, body) => {
    const { client, lines, requests } = await recordingDaemon({ body: '"node1"' });
    await client.initSwarm(options);
    expect(lines()).toEqual(["POST /v1.51/swarm/init"]);
    expect(JSON.parse(requests[0]?.body.toString() ?? "")).toEqual(body);
    expect(requests[0]?.headers["content-type"]).toBe("application/json");
  });

  it("returns the ID of the node", async () => {
    const { client } = await recordingDaemon({ body: '"2e4ztoeklggevsrrp70acd5yy"\n' });
    expect(await client.initSwarm()).toBe("2e4ztoeklggevsrrp70acd5yy");
  });

  it.each<[InitSwarmOptions, string]>([
    [{ dataPathAddr: "eth1" }, "1.29"],
    [{ dataPathPort: 4790 }, "1.39"],
    [{ defaultAddrPool: ["10.0.0.0/8"] }, "1.38"],
    [{ subnetSize: 24 }, "1.38"],
    [{ availability: "pause" }, "1.27"],
    [{ autoLockManagers: true }, "1.24"],
    [{ spec: { EncryptionConfig: { AutoLockManagers: true } } }, "1.24"],
    [{ spec: { CAConfig: { SigningCACert: "x" } } }, "1.29"],
    [{ spec: { CAConfig: { SigningCAKey: "x" } } }, "1.29"],
    [{ spec: { CAConfig: { ForceRotate: 1 } } }, "1.29"],
    [{ spec: { CAConfig: { ExternalCAs: [{ CACert: "x" }] } } }, "1.29"],
  ])("rejects %j in API %s", async (options, apiVersion) => {
    const { client, requests } = await recordingDaemon({}, { apiVersion });
    await expect(client.initSwarm(options)).rejects.toThrow(UnsupportedVersionError);
    expect(requests).toEqual([]);
  });

  itMapsRoleErrors((client) => client.initSwarm());
  itMapsErrors(
    (client) => client.initSwarm(),
    [
      [503, 'This node is already part of a swarm. Use "docker swarm leave" to leave this swarm', NodeAlreadyInSwarmError],
      [400, "could not find the system's IP address", BadRequestError],
      [500, "invalid base pool nonsense: invalid CIDR address: nonsense", BadRequestError],
      [500, "Datapath port number is not in valid range (1024-49151) : 10", BadRequestError],
      [500, "manager stopped: failed to listen on remote API address", ServerError],
    ],
  );
  itHidesSecrets(["-----BEGIN KEY-----\nabc\n-----END KEY-----\n"], (client) =>
    client.initSwarm({ spec: { CAConfig: { SigningCAKey: "-----BEGIN KEY-----\nabc\n-----END KEY-----\n" } } }),
  );
});
