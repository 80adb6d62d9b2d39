import { inspect } from "node:util";
import { beforeEach, describe, expect, it } from "vitest";
import { UnavailableError } from "../../../../lib/errors/api-error.js";
import { NodeNotDownError } from "../../../../lib/errors/swarm-errors.js";
import { InvalidJoinTokenError, NotASwarmManagerError } from "../../../../lib/errors/swarm-membership-errors.js";
import { client, useEngine } from "../../../support/engine.js";
import { leaveSwarm, needsSwarmMode, outsideSwarm, ownSwarm } from "../../../support/swarm.js";
import { needsTestbed, pairOfEngines } from "../../../support/testbed.js";

useEngine();
beforeEach(async (context) => {
  needsTestbed(context);
  await outsideSwarm(context);
  await needsSwarmMode(context);
});

const elsewhere = "SWMTKN-1-2igp6uirbnpjsnwh91a5gwvqj1ug4uklkm7lylvbbx3m0wg1yb-1fcfym16f0xpwsp0h1mq2x9gs";

describe("Client.joinSwarm", () => {
  it("joins a second engine, as a worker and as a manager", { timeout: 180_000 }, async (context) => {
    const { second, firstAddress, secondAddress } = await pairOfEngines();
    await ownSwarm(context, { listenAddr: `${firstAddress}:2377`, advertiseAddr: firstAddress });
    const { JoinTokens } = await client.inspectSwarm();
    const place = { listenAddr: `${secondAddress}:2377`, advertiseAddr: secondAddress, remoteAddrs: [firstAddress] };
    const stateOf = async (id: string) => (await client.inspectNode({ id })).Status.State;

    for (const joinToken of [elsewhere, JoinTokens.Worker.replace(/.{6}$/, "abcdef")]) {
      const error: unknown = await second.joinSwarm({ ...place, joinToken }).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(InvalidJoinTokenError);
      expect(inspect(error, { depth: null, showHidden: true })).not.toContain(joinToken);
    }
    const nobody = second.joinSwarm({ ...place, remoteAddrs: [`${firstAddress}:2399`], joinToken: JoinTokens.Worker });
    await expect(nobody).rejects.toThrow(UnavailableError);

    await second.joinSwarm({ ...place, joinToken: JoinTokens.Worker, availability: "pause" });
    const { NodeID: id } = (await second.info()).Swarm;
    const [worker, ...others] = await client.listNodes({ filters: { role: "worker" } });
    expect(others).toEqual([]);
    expect(worker).toMatchObject({ ID: id, Spec: { Role: "worker", Availability: "pause" }, Status: { Addr: secondAddress } });
    expect(worker?.ManagerStatus).toBeUndefined();
    await expect(second.listNodes()).rejects.toThrow(NotASwarmManagerError);
    await expect(second.inspectSwarm()).rejects.toThrow(NotASwarmManagerError);

    await expect.poll(() => stateOf(id), { timeout: 20_000 }).toBe("ready");
    await expect(client.removeNode({ id })).rejects.toThrow(NodeNotDownError);
    await client.removeNode({ id, force: true });
    expect(await client.listNodes({ filters: { id } })).toEqual([]);
    await leaveSwarm(second);

    await second.joinSwarm({ ...place, joinToken: JoinTokens.Manager });
    const { NodeID: managerId } = (await second.info()).Swarm;
    await expect
      .poll(async () => (await second.listNodes().catch(() => [])).map(({ Spec }) => Spec.Role), { timeout: 30_000 })
      .toEqual(["manager", "manager"]);
    await client.updateNode({ id: managerId, spec: (spec) => ({ ...spec, Role: "worker" }) });
    await expect
      .poll(async () => (await client.inspectNode({ id: managerId })).ManagerStatus, { timeout: 60_000 })
      .toBeUndefined();
    await leaveSwarm(second);
    await expect.poll(() => stateOf(managerId), { timeout: 60_000 }).toBe("down");
    await client.removeNode({ id: managerId });
    expect(await client.listNodes()).toHaveLength(1);
  });
});
