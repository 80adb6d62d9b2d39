import { describe, expect, it } from "vitest";
import type { JoinSwarmOptions } from "../../../lib/api/swarm/join.js";
import { BadRequestError, ServerError, UnavailableError } from "../../../lib/errors/api-error.js";
import {
  InvalidJoinTokenError,
  NodeAlreadyInSwarmError,
  SwarmJoinTimeoutError,
} from "../../../lib/errors/swarm-membership-errors.js";
import { InvalidOptionError, UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";
import { itHidesSecrets, itMapsErrors } from "../../support/swarm-refusals.js";

const joinToken = "SWMTKN-1-2igp6uirbnpjsnwh91a5gwvqj1ug4uklkm7lylvbbx3m0wg1yb-1fcfym16f0xpwsp0h1mq2x9gs";
const least = { remoteAddrs: ["10.0.0.1"], joinToken };

describe("Client.joinSwarm", () => {
  it("sends every option", async () => {
    const { client, lines, requests } = await recordingDaemon();
    await client.joinSwarm(least);
    const place = { listenAddr: "eth0:2377", advertiseAddr: "eth0", dataPathAddr: "eth1", availability: "pause" } as const;
    await client.joinSwarm({ ...least, ...place, remoteAddrs: ["10.0.0.1:2377", "10.0.0.2:2377"] });
    expect(lines()).toEqual(["POST /v1.51/swarm/join", "POST /v1.51/swarm/join"]);
    expect(requests.map(({ body }) => JSON.parse(body.toString()) as unknown)).toEqual([
      { ListenAddr: "0.0.0.0:2377", RemoteAddrs: ["10.0.0.1"], JoinToken: joinToken },
      {
        ListenAddr: "eth0:2377",
        AdvertiseAddr: "eth0",
        DataPathAddr: "eth1",
        Availability: "pause",
        RemoteAddrs: ["10.0.0.1:2377", "10.0.0.2:2377"],
        JoinToken: joinToken,
      },
    ]);
  });

  it.each([
    [{ dataPathAddr: "eth1" }, "1.29"],
    [{ availability: "drain" }, "1.27"],
  ] as const)("rejects %j in API %s", async (options, apiVersion) => {
    const { client, requests } = await recordingDaemon({}, { apiVersion });
    await expect(client.joinSwarm({ ...least, ...options })).rejects.toThrow(UnsupportedVersionError);
    expect(requests).toEqual([]);
  });

  it.each(["remoteAddrs", "joinToken"])("requires %s", async (option) => {
    const { client, requests } = await recordingDaemon();
    const options = { ...least, [option]: undefined } as unknown as JoinSwarmOptions;
    await expect(client.joinSwarm(options)).rejects.toThrow(InvalidOptionError);
    expect(requests).toEqual([]);
  });

  itMapsErrors(
    (client) => client.joinSwarm(least),
    [
      [503, 'This node is already part of a swarm. Use "docker swarm leave" to leave this swarm', NodeAlreadyInSwarmError],
      [503, "Timeout was reached before node joined. The attempt to join the swarm will continue", SwarmJoinTimeoutError],
      [503, "rpc error: code = Unavailable desc = connection error", UnavailableError],
      [500, "invalid join token", InvalidJoinTokenError],
      [500, "remote CA does not match fingerprint. Expected: 64d27e20", InvalidJoinTokenError],
      [
        400,
        "rpc error: code = InvalidArgument desc = A valid join token is necessary to join this cluster",
        InvalidJoinTokenError,
      ],
      [400, "at least 1 RemoteAddr is required to join", BadRequestError],
      [500, "manager stopped", ServerError],
    ],
  );
  itHidesSecrets([joinToken], (client) => client.joinSwarm(least));
});
