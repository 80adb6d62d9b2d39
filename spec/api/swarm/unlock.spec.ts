import { describe, expect, it } from "vitest";
import type { UnlockSwarmOptions } from "../../../lib/api/swarm/unlock.js";
import { InvalidUnlockKeyError, SwarmNotLockedError } from "../../../lib/errors/swarm-membership-errors.js";
import { InvalidOptionError, UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";
import { itHidesSecrets, itMapsErrors, itMapsRoleErrors } from "../../support/swarm-refusals.js";

const unlockKey = "SWMKEY-1-A3/wh7oGSqxgFUt2yp/RtVFEgYLdyTYfUgU53GzI7Qo";

describe("Client.getSwarmUnlockKey", () => {
  it("returns the response unchanged", async () => {
    const { client, lines } = await recordingDaemon({ body: { UnlockKey: unlockKey } });
    expect(await client.getSwarmUnlockKey()).toEqual({ UnlockKey: unlockKey });
    expect(lines()).toEqual(["GET /v1.51/swarm/unlockkey"]);
  });

  it("is rejected in API 1.24", async () => {
    const { client } = await recordingDaemon({}, { apiVersion: "1.24" });
    await expect(client.getSwarmUnlockKey()).rejects.toThrow(UnsupportedVersionError);
  });

  itMapsRoleErrors((client) => client.getSwarmUnlockKey());
});

describe("Client.unlockSwarm", () => {
  it("sends the key in the body", async () => {
    const { client, lines, requests } = await recordingDaemon();
    await client.unlockSwarm({ unlockKey });
    expect(lines()).toEqual(["POST /v1.51/swarm/unlock"]);
    expect(requests[0]?.body.toString()).toBe(JSON.stringify({ UnlockKey: unlockKey }));
  });

  it("requires a key", async () => {
    const { client, requests } = await recordingDaemon();
    await expect(client.unlockSwarm({} as UnlockSwarmOptions)).rejects.toThrow(InvalidOptionError);
    expect(requests).toEqual([]);
  });

  it("is rejected in API 1.24", async () => {
    const { client } = await recordingDaemon({}, { apiVersion: "1.24" });
    await expect(client.unlockSwarm({ unlockKey })).rejects.toThrow(UnsupportedVersionError);
  });

  itMapsRoleErrors((client) => client.unlockSwarm({ unlockKey }));
  itMapsErrors(
    (client) => client.unlockSwarm({ unlockKey }),
    [
      [400, "invalid key string", InvalidUnlockKeyError],
      [401, "swarm could not be unlocked: invalid key provided", InvalidUnlockKeyError],
      [409, "swarm is not locked", SwarmNotLockedError],
    ],
  );
  itHidesSecrets([unlockKey], (client) => client.unlockSwarm({ unlockKey }));
});
