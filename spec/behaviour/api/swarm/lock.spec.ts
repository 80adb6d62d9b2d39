import { inspect } from "node:util";
import { beforeEach, describe, expect, it } from "vitest";
import {
  InvalidUnlockKeyError,
  NodeAlreadyInSwarmError,
  SwarmLockedError,
} from "../../../../lib/errors/swarm-membership-errors.js";
import { client, useEngine } from "../../../support/engine.js";
import { alone, leaveSwarm, outsideSwarm, ownSwarm } from "../../../support/swarm.js";
import { needsTestbed, testbed } from "../../../support/testbed.js";

useEngine();
beforeEach(async (context) => {
  needsTestbed(context);
  await outsideSwarm(context);
});

const wrongKey = "SWMKEY-1-A3/wh7oGSqxgFUt2yp/RtVFEgYLdyTYfUgU53GzI7Qo";

describe("a manager with auto-lock", () => {
  it("is locked after a restart until it is unlocked with the right key", async (context) => {
    const nodeId = await ownSwarm(context, { autoLockManagers: true });
    const { UnlockKey } = await client.getSwarmUnlockKey();
    await testbed("stop");
    await testbed("up");
    expect((await client.info()).Swarm.LocalNodeState).toBe("locked");
    for (const call of [
      () => client.inspectSwarm(),
      () => client.listNodes(),
      () => client.getSwarmUnlockKey(),
      () => client.createSecret({ name: "x", data: "x" }),
      () => client.inspectConfig({ id: "x" }),
      () => client.leaveSwarm(),
    ]) {
      await expect(call()).rejects.toThrow(SwarmLockedError);
    }
    await expect(client.initSwarm(alone)).rejects.toThrow(NodeAlreadyInSwarmError);
    for (const unlockKey of ["", "nonsense", wrongKey]) {
      const error: unknown = await client.unlockSwarm({ unlockKey }).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(InvalidUnlockKeyError);
      if (unlockKey) expect(inspect(error, { depth: null, showHidden: true })).not.toContain(unlockKey);
    }
    await client.unlockSwarm({ unlockKey: UnlockKey });
    expect((await client.info()).Swarm).toMatchObject({ LocalNodeState: "active", NodeID: nodeId });
    expect(await client.getSwarmUnlockKey()).toEqual({ UnlockKey });
  });

  it("can leave with force while it is locked", async (context) => {
    await ownSwarm(context, { autoLockManagers: true });
    await testbed("stop");
    await testbed("up");
    await leaveSwarm();
    expect((await client.info()).Swarm.LocalNodeState).toBe("inactive");
  });
});
