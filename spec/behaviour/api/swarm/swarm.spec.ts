import { beforeEach, describe, expect, it } from "vitest";
import { BadRequestError } from "../../../../lib/errors/api-error.js";
import { NodeIsManagerError, VersionConflictError } from "../../../../lib/errors/swarm-errors.js";
import {
  InvalidJoinTokenError,
  NodeAlreadyInSwarmError,
  NodeNotInSwarmError,
  SwarmNotLockedError,
} from "../../../../lib/errors/swarm-membership-errors.js";
import { client, needsApi, useEngine } from "../../../support/engine.js";
import { alone, leaveSwarm, outsideSwarm, ownSwarm } from "../../../support/swarm.js";

useEngine();
beforeEach(outsideSwarm);

const token = "SWMTKN-1-2igp6uirbnpjsnwh91a5gwvqj1ug4uklkm7lylvbbx3m0wg1yb-1fcfym16f0xpwsp0h1mq2x9gs";

describe("an engine outside a swarm", () => {
  it.each([
    ["inspectSwarm", () => client.inspectSwarm()],
    ["updateSwarm", () => client.updateSwarm({ version: 1, spec: {} })],
    ["leaveSwarm", () => client.leaveSwarm({ force: true })],
    ["getSwarmUnlockKey", () => client.getSwarmUnlockKey()],
    ["unlockSwarm", () => client.unlockSwarm({ unlockKey: "SWMKEY-1-x" })],
    ["listNodes", () => client.listNodes()],
    ["inspectNode", () => client.inspectNode({ id: "x" })],
    ["updateNode", () => client.updateNode({ id: "x", version: 1, spec: { Role: "worker", Availability: "active" } })],
    ["removeNode", () => client.removeNode({ id: "x" })],
    ["createSecret", () => client.createSecret({ name: "x", data: "x" })],
    ["updateSecret", () => client.updateSecret({ id: "x", version: 1, spec: { Name: "x" } })],
    ["listConfigs", () => client.listConfigs()],
    ["removeConfig", () => client.removeConfig({ id: "x" })],
  ])("rejects %s because it is not in a swarm", async (operation, call) => {
    const error: unknown = await call().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NodeNotInSwarmError);
    expect(error).toMatchObject({ status: 503, operation, code: "ERR_NODE_NOT_IN_SWARM" });
  });

  it.each([
    { advertiseAddr: "nonsense:x" },
    { spec: { Name: "other" } },
    { defaultAddrPool: ["nonsense"] },
    { dataPathPort: 10 },
  ])("rejects initSwarm with %j", async (options) => {
    await expect(client.initSwarm({ ...alone, ...options })).rejects.toThrow(BadRequestError);
  });

  it("rejects an invalid join token", async () => {
    const join = client.joinSwarm({ ...alone, remoteAddrs: ["127.0.0.1:2399"], joinToken: "nonsense" });
    await expect(join).rejects.toThrow(InvalidJoinTokenError);
    await expect(client.joinSwarm({ ...alone, remoteAddrs: [], joinToken: token })).rejects.toThrow(BadRequestError);
  });
});

describe("a swarm of one node", () => {
  it("is created, inspected and left", async (context) => {
    const nodeId = await ownSwarm(context, {
      defaultAddrPool: ["10.77.0.0/16"],
      subnetSize: 25,
      spec: { Labels: { "tsdc.a": "b" } },
    });
    const { ID, Spec, JoinTokens, DefaultAddrPool, SubnetSize, TLSInfo, Version } = await client.inspectSwarm();
    expect(Spec).toMatchObject({ Name: "default", Labels: { "tsdc.a": "b" }, EncryptionConfig: { AutoLockManagers: false } });
    expect([DefaultAddrPool, SubnetSize]).toEqual([["10.77.0.0/16"], 25]);
    expect(JoinTokens.Worker).toMatch(/^SWMTKN-1-/);
    expect(JoinTokens.Manager).toMatch(/^SWMTKN-1-/);
    expect(TLSInfo?.TrustRoot).toContain("BEGIN CERTIFICATE");
    expect(Version.Index).toBeGreaterThan(0);
    const { Swarm } = await client.info();
    expect(Swarm).toMatchObject({ NodeID: nodeId, LocalNodeState: "active", ControlAvailable: true, Nodes: 1, Managers: 1 });
    expect(Swarm.Cluster?.ID).toBe(ID);

    await expect(client.initSwarm(alone)).rejects.toThrow(NodeAlreadyInSwarmError);
    const join = client.joinSwarm({ ...alone, remoteAddrs: ["127.0.0.1"], joinToken: JoinTokens.Worker });
    await expect(join).rejects.toThrow(NodeAlreadyInSwarmError);
    await expect(client.leaveSwarm()).rejects.toThrow(NodeIsManagerError);
    await leaveSwarm();
    await expect(client.inspectSwarm()).rejects.toThrow(NodeNotInSwarmError);
    expect((await client.info()).Swarm.LocalNodeState).toBe("inactive");
  });

  it("keeps concurrent updates, and rejects an outdated version", async (context) => {
    await ownSwarm(context);
    const add = (name: string) =>
      client.updateSwarm({ spec: (spec) => ({ ...spec, Labels: { ...spec.Labels, [name]: "yes" } }) });
    await Promise.all(["one", "two", "three", "four"].map(add));
    const { Spec, Version } = await client.inspectSwarm();
    expect(Spec.Labels).toEqual({ one: "yes", two: "yes", three: "yes", four: "yes" });

    const spec = { ...Spec, Orchestration: { TaskHistoryRetentionLimit: 3 } };
    await client.updateSwarm({ version: Version.Index, spec });
    expect((await client.inspectSwarm()).Spec.Orchestration).toEqual({ TaskHistoryRetentionLimit: 3 });
    const late = client.updateSwarm({ version: Version.Index, spec });
    await expect(late).rejects.toThrow(VersionConflictError);
    await expect(late).rejects.toMatchObject({ status: 500, kind: "swarm", code: "ERR_VERSION_CONFLICT" });
    const bad = client.updateSwarm({ spec: (current) => ({ ...current, CAConfig: { NodeCertExpiry: 1 } }) });
    await expect(bad).rejects.toThrow(BadRequestError);
  });

  it("rotates each join token separately", async (context) => {
    await ownSwarm(context);
    const { JoinTokens: first } = await client.inspectSwarm();
    await client.updateSwarm({ rotateWorkerToken: true });
    const { JoinTokens: second } = await client.inspectSwarm();
    expect(second.Worker).not.toBe(first.Worker);
    expect(second.Manager).toBe(first.Manager);
    await client.updateSwarm({ rotateManagerToken: true });
    const { JoinTokens: third } = await client.inspectSwarm();
    expect(third.Worker).toBe(second.Worker);
    expect(third.Manager).not.toBe(second.Manager);
  });

  it("has an unlock key with auto-lock, and rotates it", async (context) => {
    needsApi(context, "1.25");
    await ownSwarm(context);
    expect(await client.getSwarmUnlockKey()).toEqual({ UnlockKey: "" });
    await client.updateSwarm({ spec: (spec) => ({ ...spec, EncryptionConfig: { AutoLockManagers: true } }) });
    const { UnlockKey } = await client.getSwarmUnlockKey();
    expect(UnlockKey).toMatch(/^SWMKEY-1-/);
    await client.updateSwarm({ rotateManagerUnlockKey: true });
    const { UnlockKey: next } = await client.getSwarmUnlockKey();
    expect(next).toMatch(/^SWMKEY-1-/);
    expect(next).not.toBe(UnlockKey);
    await expect(client.unlockSwarm({ unlockKey: next })).rejects.toThrow(SwarmNotLockedError);
  });

  it("has an unlock key from the start if initSwarm sets auto-lock", async (context) => {
    await ownSwarm(context, { autoLockManagers: true });
    expect((await client.inspectSwarm()).Spec.EncryptionConfig).toEqual({ AutoLockManagers: true });
    expect((await client.getSwarmUnlockKey()).UnlockKey).toMatch(/^SWMKEY-1-/);
  });

  it("starts with a drained node", async (context) => {
    needsApi(context, "1.28");
    const id = await ownSwarm(context, { availability: "drain" });
    expect((await client.inspectNode({ id })).Spec).toMatchObject({ Availability: "drain", Role: "manager" });
  });
});
